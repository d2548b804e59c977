package io.postern.analytics.instrument;

/**
 * How random are these bytes, for as many as there are? A small sample of random bytes never reaches the entropy of a
 * large one (256 bytes never come to 7.3 bits), so it is compared with what random bytes of the same number reach.
 * Compressed data passes as well: weak evidence, always.
 */
public final class Entropy {

    /** Fewer bytes say nothing. */
    public static final int LEAST_BYTES = 64;

    private static final int[] SIZES = {64, 128, 256, 512, 1024, 1460, 4096, 16_384};
    /** What 99 of 100 samples of so many uniformly random bytes exceed, in bits per byte. */
    private static final double[] QUANTILES = {5.58, 6.39, 7.05, 7.52, 7.77, 7.84, 7.945, 7.986};

    private Entropy() {}

    /** Bits per byte of a sample, 0 to 8. */
    public static double of(byte[] bytes) {
        int[] counts = new int[256];
        for (byte one : bytes) {
            counts[one & 0xFF]++;
        }
        double sum = 0;
        for (int count : counts) {
            if (count > 0) {
                sum += count * Math.log(count);
            }
        }
        return bytes.length == 0 ? 0 : Math.max(0, (Math.log(bytes.length) - sum / bytes.length) / Math.log(2));
    }

    /** What all but one in a hundred samples of so many random bytes exceed; for fewer than 64 bytes infinite. */
    public static double ofRandom(long bytes) {
        if (bytes < LEAST_BYTES) {
            return Double.POSITIVE_INFINITY;
        }
        int last = SIZES.length - 1;
        for (int i = 0; i < last; i++) {
            if (bytes < SIZES[i + 1]) {
                double along = Math.log((double) bytes / SIZES[i]) / Math.log((double) SIZES[i + 1] / SIZES[i]);
                return QUANTILES[i] + along * (QUANTILES[i + 1] - QUANTILES[i]);
            }
        }
        return QUANTILES[last];
    }

    /** Whether a sample of so many bytes could as well be random. */
    public static boolean looksRandom(double bitsPerByte, long bytes) {
        return bitsPerByte >= ofRandom(bytes);
    }
}
