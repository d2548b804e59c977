package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import java.util.zip.CRC32C;

/** More bytes than any buffer on the way holds, the same for the same seed, known again by their checksum. */
final class TestingBulk {

    private static final int PIECE = 100_003;

    private TestingBulk() {}

    /** Sends them and ends its half. */
    static void send(TestingConnection to, long bytes, long seed) throws IOException {
        Random random = new Random(seed);
        byte[] piece = new byte[PIECE];
        for (long left = bytes; left > 0; left -= PIECE) {
            random.nextBytes(piece);
            to.socket().getOutputStream().write(piece, 0, (int) Math.min(left, PIECE));
        }
        to.finish();
    }

    /** Reads to the end: exactly these bytes. */
    static void expect(TestingConnection from, long bytes, long seed) throws IOException {
        CRC32C sum = new CRC32C();
        InputStream in = from.socket().getInputStream();
        byte[] some = new byte[1 << 16];
        long count = 0;
        for (int read = in.read(some); read >= 0; read = in.read(some)) {
            sum.update(some, 0, read);
            count += read;
        }
        assertThat(count).isEqualTo(bytes);
        assertThat(sum.getValue()).isEqualTo(checksum(bytes, seed));
    }

    private static long checksum(long bytes, long seed) {
        CRC32C sum = new CRC32C();
        Random random = new Random(seed);
        byte[] piece = new byte[PIECE];
        for (long left = bytes; left > 0; left -= PIECE) {
            random.nextBytes(piece);
            sum.update(piece, 0, (int) Math.min(left, PIECE));
        }
        return sum.getValue();
    }
}
