package io.postern.analytics.instrument;

/** Fields in a long: unsigned counts that stay at their largest, and 16-bit fixed-point numbers that stay in their range. */
final class Packed {

    private static final long SIXTEEN = 0xFFFFL;

    private Packed() {}

    static long field(long word, int shift, int bits) {
        return (word >>> shift) & mask(bits);
    }

    static long with(long word, int shift, int bits, long value) {
        return (word & ~(mask(bits) << shift)) | ((value & mask(bits)) << shift);
    }

    /** One more, or as many as there is room for. */
    static long increment(long word, int shift, int bits) {
        long now = field(word, shift, bits);
        return now == mask(bits) ? word : with(word, shift, bits, now + 1);
    }

    static double signed(long word, int shift, int unit) {
        return (short) (word >>> shift) / (double) unit;
    }

    static long withSigned(long word, int shift, int unit, double value) {
        long fixed = Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, Math.round(value * unit)));
        return with(word, shift, 16, fixed);
    }

    static double unsigned(long word, int shift, int unit) {
        return ((word >>> shift) & SIXTEEN) / (double) unit;
    }

    static long withUnsigned(long word, int shift, int unit, double value) {
        return with(word, shift, 16, Math.max(0, Math.min(SIXTEEN, Math.round(value * unit))));
    }

    private static long mask(int bits) {
        return (1L << bits) - 1;
    }
}
