package io.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What every {@link Parser} promises, asked of one message and of what can be made from it. */
public final class ParserContract {

    /** No parser may ask its caller to hold more, whatever it is told. */
    private static final int MOST_HELD = 128 * 1024;

    private static final int MUTANTS = 2_000;

    /**
     * For a message whose value is known beforehand.
     *
     * @param message exactly one message, nothing after it
     */
    public static <T> void check(Parser<T> parser, byte[] message, T expected) {
        assertThat(read(parser, message)).isEqualTo(expected);
    }

    /**
     * The same for a message whose value the caller looks at afterwards.
     *
     * @param message exactly one message, nothing after it
     */
    public static <T> T read(Parser<T> parser, byte[] message) {
        Parse<T> whole = answer(parser, message);
        assertThat(whole).isInstanceOf(Parse.Done.class);
        Parse.Done<T> done = (Parse.Done<T>) whole;
        assertThat(done.consumed()).as("consumed").isEqualTo(message.length);
        staysWithWhatFollows(parser, message, whole);
        everyPrefixAsksForMore(parser, message);
        everyBufferIsReadAlike(parser, message, whole);
        mutantsDoNoHarm(parser, message);
        return done.value();
    }

    /**
     * For bytes that are not, or break, the message.
     *
     * @param refusal {@link Parse.NotThis} or {@link Parse.Malformed}
     */
    public static <T> void refuses(Parser<T> parser, byte[] bytes, Parse<T> refusal) {
        assertThat(answer(parser, bytes)).isEqualTo(refusal);
        staysWithWhatFollows(parser, bytes, refusal);
        everyPrefixIsUndecidedOrAgrees(parser, bytes, refusal);
        everyBufferIsReadAlike(parser, bytes, refusal);
        mutantsDoNoHarm(parser, bytes);
    }

    private static <T> void staysWithWhatFollows(Parser<T> parser, byte[] message, Parse<T> expected) {
        for (byte follower : new byte[] {0, '\n', 0x16, 'A', -1}) {
            byte[] longer = Arrays.copyOf(message, message.length + 40);
            Arrays.fill(longer, message.length, longer.length, follower);
            assertThat(answer(parser, longer)).as("with %s behind it", follower).isEqualTo(expected);
        }
    }

    private static <T> void everyPrefixAsksForMore(Parser<T> parser, byte[] message) {
        for (int shown = 0; shown < message.length; shown++) {
            Parse<T> parse = answer(parser, Arrays.copyOf(message, shown));
            assertThat(parse).as("first %s bytes", shown).isInstanceOf(Parse.NeedMore.class);
            assertThat(((Parse.NeedMore<T>) parse).total())
                    .as("asked for after %s bytes", shown)
                    .isBetween(shown + 1, message.length);
        }
    }

    private static <T> void everyPrefixIsUndecidedOrAgrees(Parser<T> parser, byte[] bytes, Parse<T> refusal) {
        for (int shown = 0; shown < bytes.length; shown++) {
            agrees(answer(parser, Arrays.copyOf(bytes, shown)), refusal, shown);
        }
    }

    private static <T> void everyBufferIsReadAlike(Parser<T> parser, byte[] bytes, Parse<T> expected) {
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length + 5);
        direct.position(2).put(bytes).flip().position(2);
        ByteBuffer inside = ByteBuffer.allocate(bytes.length + 9).position(4).slice();
        inside.position(3).put(bytes).flip().position(3);
        List<ByteBuffer> buffers = List.of(
                direct, inside, inside.asReadOnlyBuffer(), inside.duplicate().order(ByteOrder.LITTLE_ENDIAN));
        for (ByteBuffer buffer : buffers) {
            int position = buffer.position();
            int limit = buffer.limit();
            ByteOrder order = buffer.order();
            assertThat(parser.parse(buffer)).as("from %s", buffer).isEqualTo(expected);
            assertThat(buffer.position()).as("position").isEqualTo(position);
            assertThat(buffer.limit()).as("limit").isEqualTo(limit);
            assertThat(buffer.order()).as("order").isEqualTo(order);
        }
    }

    /** Nothing is thrown, nothing unbounded asked for, and what is certain of a beginning stays so. */
    private static <T> void mutantsDoNoHarm(Parser<T> parser, byte[] message) {
        Random random = new Random(message.length);
        for (int i = 0; i < MUTANTS; i++) {
            byte[] mutant = mutant(message, random);
            Parse<T> parse = answer(parser, mutant);
            if (parse instanceof Parse.NeedMore<T> more) {
                assertThat(more.total()).isBetween(mutant.length + 1, MOST_HELD);
            }
            int shown = random.nextInt(mutant.length + 1);
            agrees(answer(parser, Arrays.copyOf(mutant, shown)), parse, shown);
        }
    }

    private static <T> void agrees(Parse<T> early, Parse<T> late, int shown) {
        if (early instanceof Parse.NeedMore<T> more) {
            assertThat(more.total()).isBetween(shown + 1, MOST_HELD);
        } else {
            assertThat(early).as("answer to the first %s bytes", shown).isEqualTo(late);
        }
    }

    private static byte[] mutant(byte[] message, Random random) {
        byte[] mutant = Arrays.copyOf(message, Math.max(1, message.length + random.nextInt(9) - 4));
        for (int changes = random.nextInt(4); changes >= 0; changes--) {
            int at = random.nextInt(mutant.length);
            int from = random.nextInt(mutant.length);
            switch (random.nextInt(4)) {
                case 0 -> mutant[at] = (byte) random.nextInt(256);
                case 1 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> mutant[at] = mutant[from];
                default -> {
                    int length = random.nextInt(Math.min(16, mutant.length - Math.max(at, from)) + 1);
                    System.arraycopy(mutant, from, mutant, at, length);
                }
            }
        }
        return mutant;
    }

    private static <T> Parse<T> answer(Parser<T> parser, byte[] bytes) {
        return parser.parse(ByteBuffer.wrap(bytes));
    }

    private ParserContract() {}
}
