package io.postern.analytics.instrument;

/**
 * How much is said by asking DNS for names below one domain? The distinct names and their bytes are counted by a sketch of
 * 64 registers: a name that moves a register is new, and counts for as many as would have been needed to move one
 * (about 10 % off). Beside it, what was asked for and what came of it.
 *
 * <pre>
 * word 0: asked (16) | answered (16) | carrier types (16) | NXDOMAIN (16)
 * words 1 to 4: registers (64 x 4)
 * word 5: distinct names (float) | bytes of distinct names (float)
 * word 6: bytes of distinct names a second, over the last hour or so (float) | when that was, s (32)
 * </pre>
 */
public final class Asking {

    /** Longs of a key. */
    public static final int WORDS = 7;

    private static final int REGISTERS = 64;
    private static final int BITS = 4;
    private static final int RANK_MOST = 15;
    private static final int COUNT_MOST = 0xFFFF;
    private static final double HOUR_SECONDS = 3600;

    private static final int CNAME = 5;
    private static final int NULL = 10;
    private static final int TXT = 16;
    private static final int NXDOMAIN = 3;

    private Asking() {}

    /**
     * @param hash of the whole name, 64 good bits
     * @param letters of the name before the domain
     */
    public static void observe(long[] words, int at, long hash, int letters, int type, int rcode, long timeMillis) {
        count(words, at, type, rcode);
        double passed = passedSeconds(words, at, timeMillis);
        double rate = Float.intBitsToFloat((int) (words[at + 6] >>> 32)) * Math.exp(-passed / HOUR_SECONDS);
        double chance = chance(words, at);
        if (moves(words, at, hash)) {
            double names = distinct(words, at) + 1 / chance;
            double bytes = information(words, at) + letters / chance;
            words[at + 5] = pair((float) names, Float.floatToRawIntBits((float) bytes));
            rate += letters / chance / HOUR_SECONDS;
        }
        words[at + 6] = pair((float) rate, (int) (timeMillis / 1000));
    }

    private static void count(long[] words, int at, int type, int rcode) {
        long word = words[at];
        if (Packed.field(word, 48, 16) == COUNT_MOST) {
            // All halves, so that shares stay what they are.
            word = (word >>> 1) & 0x7FFF7FFF7FFF7FFFL;
        }
        word = Packed.increment(word, 48, 16);
        word = rcode == 0 ? Packed.increment(word, 32, 16) : word;
        word = type == TXT || type == NULL || type == CNAME ? Packed.increment(word, 16, 16) : word;
        words[at] = rcode == NXDOMAIN ? Packed.increment(word, 0, 16) : word;
    }

    /** How likely a name that is new would move a register. */
    private static double chance(long[] words, int at) {
        double sum = 0;
        for (int i = 0; i < REGISTERS; i++) {
            sum += 1.0 / (1L << register(words, at, i));
        }
        return sum / REGISTERS;
    }

    private static boolean moves(long[] words, int at, long hash) {
        int which = (int) (hash & (REGISTERS - 1));
        int rank = Math.min(RANK_MOST, Long.numberOfTrailingZeros((hash >>> 6) | (1L << RANK_MOST)) + 1);
        if (rank <= register(words, at, which)) {
            return false;
        }
        int word = at + 1 + which / 16;
        words[word] = Packed.with(words[word], which % 16 * BITS, BITS, rank);
        return true;
    }

    private static int register(long[] words, int at, int which) {
        return (int) Packed.field(words[at + 1 + which / 16], which % 16 * BITS, BITS);
    }

    /** About how many different names. */
    public static double distinct(long[] words, int at) {
        return Float.intBitsToFloat((int) (words[at + 5] >>> 32));
    }

    /** About how many bytes the different names have, without the domain. */
    public static double information(long[] words, int at) {
        return Float.intBitsToFloat((int) words[at + 5]);
    }

    /** About how many bytes of different names a second, over the last hour or so before that time. */
    public static double rate(long[] words, int at, long nowMillis) {
        double passed = passedSeconds(words, at, nowMillis);
        return Float.intBitsToFloat((int) (words[at + 6] >>> 32)) * Math.exp(-passed / HOUR_SECONDS);
    }

    /** Questions, up to 65,535. */
    public static long asked(long[] words, int at) {
        return Packed.field(words[at], 48, 16);
    }

    /** Share of questions for types that carry text: TXT, NULL, CNAME. */
    public static double carrierShare(long[] words, int at) {
        return share(words, at, 16);
    }

    /** Share of questions with the answer that there is no such name. */
    public static double absentShare(long[] words, int at) {
        return share(words, at, 0);
    }

    /** Share of questions that were answered without an error. */
    public static double answeredShare(long[] words, int at) {
        return share(words, at, 32);
    }

    /** What two have seen, into the first; names that only one has seen count, up to what the sketch can tell. */
    public static void join(long[] words, int at, long[] other, int otherAt) {
        double before = distinct(words, at);
        double most = Math.max(before, distinct(other, otherAt));
        double bytes = Math.max(information(words, at), information(other, otherAt));
        for (int shift = 0; shift < 64; shift += 16) {
            long more = Math.max(Packed.field(words[at], shift, 16), Packed.field(other[otherAt], shift, 16));
            words[at] = Packed.with(words[at], shift, 16, more);
        }
        for (int i = 0; i < REGISTERS; i++) {
            int rank = Math.max(register(words, at, i), register(other, otherAt, i));
            int word = at + 1 + i / 16;
            words[word] = Packed.with(words[word], i % 16 * BITS, BITS, rank);
        }
        double joined = Math.max(most, estimate(words, at));
        double each = most == 0 ? 0 : bytes / most;
        words[at + 5] = pair((float) joined, Float.floatToRawIntBits((float) Math.max(bytes, joined * each)));
        if ((words[at + 6] & 0xFFFFFFFFL) < (other[otherAt + 6] & 0xFFFFFFFFL)) {
            words[at + 6] = other[otherAt + 6];
        }
    }

    /** By the registers alone: HyperLogLog with its correction for few. */
    private static double estimate(long[] words, int at) {
        int empty = 0;
        for (int i = 0; i < REGISTERS; i++) {
            empty += register(words, at, i) == 0 ? 1 : 0;
        }
        double few = empty == 0 ? Double.MAX_VALUE : REGISTERS * Math.log((double) REGISTERS / empty);
        return few < 2.5 * REGISTERS ? few : 0.709 * REGISTERS / chance(words, at);
    }

    private static double share(long[] words, int at, int shift) {
        long asked = asked(words, at);
        return asked == 0 ? 0 : (double) Packed.field(words[at], shift, 16) / asked;
    }

    private static double passedSeconds(long[] words, int at, long timeMillis) {
        long before = words[at + 6] & 0xFFFFFFFFL;
        return before == 0 ? 0 : Math.max(0, timeMillis / 1000 - before);
    }

    private static long pair(float high, int low) {
        return ((long) Float.floatToRawIntBits(high) << 32) | (low & 0xFFFFFFFFL);
    }
}
