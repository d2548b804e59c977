package io.postern.analytics.fleet;

import java.time.Duration;

/**
 * Chance by seed: SplitMix64, exponential and logarithm by series, so that a seed gives the same on every Java. Not for
 * several threads.
 */
final class Dice {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    /** Of four uniforms, less their mean: a bell without tails beyond 3.5 deviations, which bounds what is drawn. */
    private static final double BELL = StrictMath.sqrt(3);

    private static final double LN_2 = StrictMath.log(2);
    private static final int MANTISSA = 52;
    private static final long MANTISSA_BITS = (1L << MANTISSA) - 1;
    private static final int BIAS = 1_023;

    private long state;

    Dice(long seed) {
        this.state = seed;
    }

    /** One seed of several numbers, far from those of their neighbours. */
    static long seed(long... parts) {
        long seed = GOLDEN;
        for (long part : parts) {
            seed = scramble((seed ^ part) + GOLDEN);
        }
        return seed;
    }

    private static long scramble(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return b ^ (b >>> 31);
    }

    long next() {
        state += GOLDEN;
        return scramble(state);
    }

    /** 0 to below 1. */
    double uniform() {
        return (next() >>> 11) * 0x1p-53;
    }

    boolean chance(double probability) {
        return uniform() < probability;
    }

    /** 0 to below the bound. */
    int below(int bound) {
        return (int) (uniform() * bound);
    }

    /** 0 to below the bound, of milliseconds and bytes. */
    long upTo(long bound) {
        return (long) (uniform() * bound);
    }

    /** From one to below the other. */
    long between(long from, long to) {
        return from + (long) (uniform() * (to - from));
    }

    long between(Duration from, Duration to) {
        return between(from.toMillis(), to.toMillis());
    }

    /** About normal, mean 0, deviation 1. */
    double bell() {
        return (uniform() + uniform() + uniform() + uniform() - 2) * BELL;
    }

    /** About lognormal. */
    double spread(double median, double deviation) {
        return median * exp(deviation * bell());
    }

    /** Between events that know nothing of each other. */
    double exponential(double mean) {
        return -mean * log(1 - uniform());
    }

    /** Off by less than a millionth of itself; of numbers that a spread can have. */
    static double exp(double x) {
        double doublings = x / LN_2;
        long whole = (long) StrictMath.floor(doublings);
        double r = (doublings - whole) * LN_2;
        double series = 1 + r * (1 + r / 2 * (1 + r / 3 * (1 + r / 4 * (1 + r / 5 * (1 + r / 6 * (1 + r / 7))))));
        return series * Double.longBitsToDouble((whole + BIAS) << MANTISSA);
    }

    /** Off by less than a millionth; of numbers above 0 that are not the very smallest. */
    static double log(double x) {
        long bits = Double.doubleToRawLongBits(x);
        long exponent = (bits >>> MANTISSA) - BIAS;
        double mantissa = Double.longBitsToDouble((bits & MANTISSA_BITS) | ((long) BIAS << MANTISSA));
        double z = (mantissa - 1) / (mantissa + 1);
        double zz = z * z;
        double series = 1 + zz * (1 / 3.0 + zz * (1 / 5.0 + zz * (1 / 7.0 + zz * (1 / 9.0 + zz / 11))));
        return exponent * LN_2 + 2 * z * series;
    }
}
