package io.postern.analytics.evaluate;

/** Which seeds are for what: a figure that is told is never of a fleet that anything was chosen by. */
public final class Seeds {

    /** Below this, thresholds may be chosen. */
    public static final long REPORTING_FROM = 1_000;

    public static final long TUNING = 1;
    public static final long REPORTING = 1_001;

    private Seeds() {}

    public static boolean tuning(long seed) {
        return seed >= 0 && seed < REPORTING_FROM;
    }
}
