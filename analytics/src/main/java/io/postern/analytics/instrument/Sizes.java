package io.postern.analytics.instrument;

/**
 * How much goes up and down, and is it always the same? Regularity by the same kind of running likelihood ratio as
 * {@link Cadence}, over the logarithms of sizes; their spread; the ratio of up to down; and how much it usually is while
 * nobody looks.
 *
 * <pre>
 * word 0: centre of ln up (16) | evidence of sameness up (16) | the same down (16 | 16)
 * word 1: centre of ln(up/down) (16) | its spread (16) | spread of ln up (12) | of ln down (12) | seen (8)
 * word 2: centre of ln up unseen (16) | bytes up (48)      word 3: the same down
 * </pre>
 */
public final class Sizes {

    /** Longs of a key. */
    public static final int WORDS = 4;

    /** Spread (standard deviation by mean) up to which sizes are a machine's, as Elastic has it. */
    public static final double MACHINE_LIKE = 0.05;

    private static final int CENTRE_UNIT = 1024;
    private static final int EVIDENCE_UNIT = 1024;
    private static final int SPREAD_UNIT = 1024;
    private static final int SPREAD_BITS = 12;
    private static final int COUNT_BITS = 8;
    private static final int BYTES_BITS = 48;
    /** 256 TiB. */
    private static final long MOST_BYTES = (1L << BYTES_BITS) - 1;

    private static final double SAME_WITHIN = 0.05;
    // A band of ±5 % holds at most a quarter of sizes that spread as those of ordinary requests do.
    private static final double SAME = Math.log(0.85 / 0.25);
    private static final double OTHER = Math.log((1 - 0.85) / (1 - 0.25));
    private static final double LEAST = -2;
    private static final double MOST = 30;
    private static final double GAIN_AT_LEAST = 0.05;
    private static final double STEP_AT_MOST = 1;
    /** Of a normal distribution: standard deviation by mean absolute deviation. */
    private static final double DEVIATION = 1.2533;

    private Sizes() {}

    /** One exchange, or the whole of a flow in which none was seen. Counts its regularity, not its bytes. */
    public static void observe(long[] words, int at, long bytesOut, long bytesIn) {
        double up = ln(bytesOut);
        double down = ln(bytesIn);
        long seen = seen(words, at);
        if (seen == 0) {
            words[at] = Packed.withUnsigned(Packed.withUnsigned(words[at], 48, CENTRE_UNIT, up), 16, CENTRE_UNIT, down);
            words[at + 1] = Packed.withSigned(words[at + 1], 48, CENTRE_UNIT, up - down);
        } else {
            double gain = Math.max(1.0 / (seen + 1), GAIN_AT_LEAST);
            regular(words, at, 48, 20, up, gain);
            regular(words, at, 16, 8, down, gain);
            ratio(words, at, up - down, gain);
        }
        words[at + 1] = Packed.increment(words[at + 1], 0, COUNT_BITS);
    }

    /** So many bytes more. */
    public static void add(long[] words, int at, long bytesOut, long bytesIn) {
        words[at + 2] = sum(words[at + 2], bytesOut);
        words[at + 3] = sum(words[at + 3], bytesIn);
    }

    /**
     * One exchange while nobody looked, that is no hello of TLS or QUIC: what these weigh says nothing of what is said.
     *
     * @param before about how many there were, by which the centre moves
     */
    public static void unseen(long[] words, int at, long bytesOut, long bytesIn, long before) {
        double gain = Math.max(1.0 / (before + 1), GAIN_AT_LEAST);
        words[at + 2] = moved(words[at + 2], ln(bytesOut), gain);
        words[at + 3] = moved(words[at + 3], ln(bytesIn), gain);
    }

    private static long moved(long word, double size, double gain) {
        double centre = Packed.unsigned(word, BYTES_BITS, CENTRE_UNIT);
        double now = centre == 0 ? size : centre + clip(size - centre) * gain;
        return Packed.withUnsigned(word, BYTES_BITS, CENTRE_UNIT, now);
    }

    private static void regular(long[] words, int at, int shift, int spreadShift, double size, double gain) {
        long word = words[at];
        double centre = Packed.unsigned(word, shift, CENTRE_UNIT);
        double off = size - centre;
        double evidence =
                Packed.signed(word, shift - 16, EVIDENCE_UNIT) + (Math.abs(off) <= SAME_WITHIN ? SAME : OTHER);
        word = Packed.withSigned(word, shift - 16, EVIDENCE_UNIT, Math.max(LEAST, Math.min(MOST, evidence)));
        words[at] = Packed.withUnsigned(word, shift, CENTRE_UNIT, centre + clip(off) * gain);
        double spread = Packed.field(words[at + 1], spreadShift, SPREAD_BITS) / (double) SPREAD_UNIT;
        long moved = Math.round((spread + (Math.min(Math.abs(off), 4) - spread) * gain) * SPREAD_UNIT);
        words[at + 1] = Packed.with(words[at + 1], spreadShift, SPREAD_BITS, Math.min(moved, (1L << SPREAD_BITS) - 1));
    }

    private static void ratio(long[] words, int at, double ratio, double gain) {
        long word = words[at + 1];
        double centre = Packed.signed(word, 48, CENTRE_UNIT);
        double spread = Packed.unsigned(word, 32, CENTRE_UNIT);
        double off = ratio - centre;
        word = Packed.withSigned(word, 48, CENTRE_UNIT, centre + clip(off) * gain);
        words[at + 1] = Packed.withUnsigned(word, 32, CENTRE_UNIT, spread + (Math.abs(off) - spread) * gain);
    }

    /** Exchanges whose sizes were seen, up to 255. */
    public static long seen(long[] words, int at) {
        return Packed.field(words[at + 1], 0, COUNT_BITS);
    }

    /** Evidence that what goes up is always of one size: natural logarithm of a likelihood ratio, -2 to 30. */
    public static double sameUp(long[] words, int at) {
        return Packed.signed(words[at], 32, EVIDENCE_UNIT);
    }

    /** Evidence that what comes down is always of one size, likewise. */
    public static double sameDown(long[] words, int at) {
        return Packed.signed(words[at], 0, EVIDENCE_UNIT);
    }

    /** Standard deviation by mean of what goes up, about; up to 5. */
    public static double spreadUp(long[] words, int at) {
        return DEVIATION * Packed.field(words[at + 1], 20, SPREAD_BITS) / SPREAD_UNIT;
    }

    /** Standard deviation by mean of what comes down, about; up to 5. */
    public static double spreadDown(long[] words, int at) {
        return DEVIATION * Packed.field(words[at + 1], 8, SPREAD_BITS) / SPREAD_UNIT;
    }

    /** Bytes of a usual burst up; 0 before any. */
    public static double usualUp(long[] words, int at) {
        return Math.expm1(Packed.unsigned(words[at], 48, CENTRE_UNIT));
    }

    /** Bytes of a usual burst down; 0 before any. */
    public static double usualDown(long[] words, int at) {
        return Math.expm1(Packed.unsigned(words[at], 16, CENTRE_UNIT));
    }

    /** Natural logarithm of up by down, usually: 0 where they are alike, above it where it is heavy upwards. */
    public static double heaviness(long[] words, int at) {
        return Packed.signed(words[at + 1], 48, CENTRE_UNIT);
    }

    /** How far {@link #heaviness} usually is from itself. */
    public static double heavinessSpread(long[] words, int at) {
        return Packed.unsigned(words[at + 1], 32, CENTRE_UNIT);
    }

    /** Bytes of a usual exchange while nobody looks, up and down together; 0 before any. */
    public static double usualUnseen(long[] words, int at) {
        return Math.expm1(Packed.unsigned(words[at + 2], BYTES_BITS, CENTRE_UNIT))
                + Math.expm1(Packed.unsigned(words[at + 3], BYTES_BITS, CENTRE_UNIT));
    }

    /** All bytes device to world, up to 2^48 - 1. */
    public static long bytesOut(long[] words, int at) {
        return words[at + 2] & MOST_BYTES;
    }

    /** All bytes world to device, likewise. */
    public static long bytesIn(long[] words, int at) {
        return words[at + 3] & MOST_BYTES;
    }

    /** What two have seen, into the first: the one that saw more is believed. Joining again changes nothing. */
    public static void join(long[] words, int at, long[] other, int otherAt) {
        int more = Long.compare(seen(other, otherAt), seen(words, at));
        if (more == 0) {
            more = Long.compare(other[otherAt], words[at]);
        }
        if (more > 0 || (more == 0 && other[otherAt + 1] > words[at + 1])) {
            System.arraycopy(other, otherAt, words, at, 2);
        }
        words[at + 2] = more(words[at + 2], other[otherAt + 2]);
        words[at + 3] = more(words[at + 3], other[otherAt + 3]);
    }

    private static double ln(long bytes) {
        return Math.log1p((double) Math.max(0, bytes));
    }

    private static double clip(double step) {
        return Math.max(-STEP_AT_MOST, Math.min(STEP_AT_MOST, step));
    }

    private static long sum(long word, long more) {
        long bytes = Math.min(MOST_BYTES - (word & MOST_BYTES), Math.max(0, more));
        return word + bytes;
    }

    /** That of the two which counted more bytes; of the same number the larger centre, so that both come to the same. */
    private static long more(long one, long other) {
        int more = Long.compare(one & MOST_BYTES, other & MOST_BYTES);
        return more == 0 ? Math.max(one, other) : more > 0 ? one : other;
    }
}
