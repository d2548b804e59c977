package io.postern.wire.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.Parse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What every {@link DatagramParser} promises, asked of one datagram and of what can be made from it. */
public final class DatagramContract {

    private static final int MUTANTS = 5_000;

    public static <T> void check(DatagramParser<T> parser, byte[] datagram, Parse<T> expected) {
        assertThat(parser.parse(ByteBuffer.wrap(datagram))).isEqualTo(expected);
        everyBufferIsReadAlike(parser, datagram, expected);
        nothingMadeFromItDoesHarm(parser, datagram);
    }

    private static <T> void everyBufferIsReadAlike(DatagramParser<T> parser, byte[] datagram, Parse<T> expected) {
        ByteBuffer direct = ByteBuffer.allocateDirect(datagram.length + 5);
        direct.position(2).put(datagram).flip().position(2);
        ByteBuffer inside = ByteBuffer.allocate(datagram.length + 9).position(4).slice();
        inside.position(3).put(datagram).flip().position(3);
        for (ByteBuffer buffer : List.of(
                direct, inside, inside.asReadOnlyBuffer(), inside.duplicate().order(ByteOrder.LITTLE_ENDIAN))) {
            int position = buffer.position();
            int limit = buffer.limit();
            assertThat(parser.parse(buffer)).as("from %s", buffer).isEqualTo(expected);
            assertThat(buffer.position()).isEqualTo(position);
            assertThat(buffer.limit()).isEqualTo(limit);
        }
    }

    /** Cut short or changed, it is answered at once and nothing is thrown. */
    private static <T> void nothingMadeFromItDoesHarm(DatagramParser<T> parser, byte[] datagram) {
        for (int length = 0; length < Math.min(datagram.length, 200); length++) {
            answered(parser, Arrays.copyOf(datagram, length));
        }
        Random random = new Random(datagram.length);
        for (int i = 0; i < MUTANTS; i++) {
            byte[] mutant = Arrays.copyOf(datagram, 1 + random.nextInt(datagram.length + 8));
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                mutant[random.nextInt(Math.min(mutant.length, 64))] = (byte) random.nextInt(256);
            }
            answered(parser, mutant);
        }
    }

    private static <T> void answered(DatagramParser<T> parser, byte[] bytes) {
        assertThat(parser.parse(ByteBuffer.wrap(bytes))).isNotInstanceOf(Parse.NeedMore.class);
    }

    private DatagramContract() {}
}
