package io.postern.analytics.instrument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.postern.analytics.flow.InClear.Payload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSampleTest {

    private static final byte[] TEXT = "{\"device\": \"LC01\", \"battery\": 0.81, \"status\": \"all is well\"}, "
            .repeat(100)
            .getBytes(StandardCharsets.US_ASCII);

    private final ByteSample sample = new ByteSample();

    @ParameterizedTest
    @ValueSource(ints = {64, 100, 256, 1000, 4096})
    void itIsTheEntropyOfTheBytes(int size) {
        byte[] bytes = random(size);

        Payload payload = of(bytes);

        assertThat(payload.bytes()).isEqualTo(size);
        assertThat(payload.bits()).isEqualTo(Entropy.of(bytes), within(0.001));
    }

    @Test
    void randomBytesLookRandomInEverySizeAndTextInNone() {
        for (int size = Entropy.LEAST_BYTES; size <= 4096; size *= 2) {
            assertThat(Entropy.ofRandom(of(random(size)))).as("%s bytes", size).isGreaterThan(0.95);
            assertThat(Entropy.ofRandom(of(Arrays.copyOf(TEXT, size))))
                    .as("%s bytes", size)
                    .isLessThan(0.85);
        }
        assertThat(of(random(256)).bits()).as("of 256 bytes").isLessThan(7.3);
    }

    @Test
    void onlyTheBeginningCounts() {
        byte[] bytes = random(10_000);
        sample.begin(false);
        sample.add(ByteBuffer.wrap(bytes), 0, 3_000);
        assertThat(sample.full()).isFalse();
        sample.add(ByteBuffer.wrap(bytes), 3_000, 10_000);

        assertThat(sample.full()).isTrue();
        assertThat(sample.take()).isEqualTo(of(Arrays.copyOf(bytes, ByteSample.MOST)));
    }

    @Test
    void whereItIsCutMakesNoDifference() {
        byte[] bytes = random(700);
        sample.begin(false);
        for (int i = 0; i < bytes.length; i++) {
            sample.add(ByteBuffer.wrap(bytes), i, i + 1);
        }

        assertThat(sample.take()).isEqualTo(of(bytes));
    }

    @Test
    void aMaskIsTakenOff() {
        int key = 0x37FA213D;
        byte[] masked = new byte[TEXT.length];
        for (int i = 0; i < TEXT.length; i++) {
            masked[i] = (byte) (TEXT[i] ^ key >>> (24 - 8 * (i % 4)));
        }
        sample.begin(false);
        sample.add(ByteBuffer.wrap(masked), 0, 501, key, 0);
        sample.add(ByteBuffer.wrap(masked), 501, masked.length, key, 501);

        assertThat(sample.take()).isEqualTo(of(TEXT));
    }

    @Test
    void tooLittleSaysNothing() {
        assertThat(of(random(Entropy.LEAST_BYTES - 1))).isEqualTo(Payload.NONE);
        assertThat(of(new byte[0]).measured()).isFalse();
    }

    @Test
    void whatBeginsAsCompressedDataDoesIsCompressed() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(random(2_000));
        }

        Payload payload = of(packed.toByteArray());

        assertThat(payload.compressed()).isTrue();
        assertThat(Entropy.ofRandom(payload)).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "504B0304",
                "28B52FFD",
                "FFD8FFE0",
                "89504E470D0A1A0A",
                "474946383961",
                "1A45DFA3",
                "4F676753",
                "0000002066747970",
                "52494646A0B0C0D057454250",
                "789C",
                "FD377A585A00",
                "377ABCAF271C",
                "425A68"
            })
    void soAreOthers(String beginning) {
        byte[] bytes = random(500);
        byte[] magic = HexFormat.of().parseHex(beginning);
        System.arraycopy(magic, 0, bytes, 0, magic.length);

        assertThat(of(bytes).compressed()).isTrue();
    }

    @Test
    void whatItsHeadSaysCountsAndTheNextMessageIsAnother() {
        sample.begin(true);
        sample.add(ByteBuffer.wrap(random(200)), 0, 200);
        assertThat(sample.take().compressed()).isTrue();

        sample.begin(false);
        sample.add(ByteBuffer.wrap(TEXT), 0, 200);

        assertThat(sample.take()).isEqualTo(of(Arrays.copyOf(TEXT, 200)));
        assertThat(of(TEXT).compressed()).isFalse();
    }

    private static Payload of(byte[] bytes) {
        ByteSample one = new ByteSample();
        one.begin(false);
        one.add(ByteBuffer.wrap(bytes), 0, bytes.length);
        return one.take();
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        // No beginning of anything.
        if (size > 0) {
            bytes[0] = 0;
        }
        return bytes;
    }
}
