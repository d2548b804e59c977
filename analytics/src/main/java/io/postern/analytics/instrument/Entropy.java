package io.postern.analytics.instrument;

import io.postern.analytics.flow.InClear.Payload;

/**
 * How random are these bytes, for as many as there are? A small sample of random bytes never reaches the entropy of a
 * large one (256 bytes never come to 7.3 bits), so it is compared with what random bytes of the same number reach.
 * Compressed data passes as well: weak evidence, always.
 */
public final class Entropy {

    /** Fewer bytes say nothing. */
    public static final int LEAST_BYTES = 64;

    /** Fewer letters of a name say nothing. */
    static final int LEAST_LETTERS = 24;

    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789-_";

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

    /**
     * Entropy of the letters before an index, dots left out, as a share of what as many random letters come to on average:
     * of 16 where all are hexadecimal digits, of 32 where they may be of base 32, else of 37. Fewer than
     * {@value #LEAST_LETTERS} say nothing, 0.
     */
    public static double ofLetters(String name, int to) {
        int end = Math.min(name.length(), to);
        int letters = 0;
        boolean hexadecimal = true;
        boolean base32 = true;
        for (int i = 0; i < end; i++) {
            char one = lower(name.charAt(i));
            letters += one == '.' ? 0 : 1;
            hexadecimal &= one == '.' || (one >= '0' && one <= '9') || (one >= 'a' && one <= 'f');
            base32 &= one == '.' || (one >= '2' && one <= '7') || (one >= 'a' && one <= 'z');
        }
        if (letters < LEAST_LETTERS) {
            return 0;
        }
        double sum = 0;
        for (int i = 0; i < ALPHABET.length(); i++) {
            int count = 0;
            for (int j = 0; j < end; j++) {
                count += lower(name.charAt(j)) == ALPHABET.charAt(i) ? 1 : 0;
            }
            sum += count > 1 ? count * log2(count) : 0;
        }
        return (log2(letters) - sum / letters) / ofRandomLetters(letters, hexadecimal ? 16 : base32 ? 32 : 37);
    }

    private static char lower(char one) {
        return one >= 'A' && one <= 'Z' ? (char) (one | 0x20) : one;
    }

    /** Mean entropy of so many letters drawn evenly from an alphabet: how often one of them comes is binomial. */
    private static double ofRandomLetters(int letters, int alphabet) {
        double chance = Math.pow(1 - 1.0 / alphabet, letters);
        double sum = 0;
        for (int times = 1; times <= letters; times++) {
            chance *= (double) (letters - times + 1) / times / (alphabet - 1);
            sum += chance * times * log2(times);
        }
        return log2(letters) - alphabet * sum / letters;
    }

    private static double log2(double value) {
        return Math.log(value) / Math.log(2);
    }

    /**
     * Bits of a message in clear as a share of {@link #ofRandom}; 0 of what says that it is compressed, which is as random,
     * and of what is too short.
     */
    public static double ofRandom(Payload payload) {
        return payload.compressed() || payload.bytes() < LEAST_BYTES ? 0 : payload.bits() / ofRandom(payload.bytes());
    }

    /** Whether a sample of so many bytes could as well be random. */
    public static boolean looksRandom(double bitsPerByte, long bytes) {
        return bitsPerByte >= ofRandom(bytes);
    }
}
