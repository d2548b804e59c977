package io.postern.analytics.baseline;

/**
 * Which of the last 64 days something was seen on, the newest first: a bit for each. The union of two is exact.
 *
 * @param last day since 1970-01-01, UTC; its bit is the lowest
 */
record Days(long last, long bits) {

    static final Days NONE = new Days(0, 0);

    private static final long MILLIS = 86_400_000;

    static long of(long millis) {
        return Math.floorDiv(millis, MILLIS);
    }

    /** Whether {@link #with(long)} tells nothing new of it: a day too long ago is as good as in it. */
    boolean has(long day) {
        if (bits == 0 || day > last) {
            return false;
        }
        long bit = shifted(1, last - day);
        return (bits & bit) == bit;
    }

    Days with(long day) {
        if (has(day)) {
            return this;
        }
        return bits == 0 || day > last
                ? new Days(day, bits == 0 ? 1 : shifted(bits, day - last) | 1)
                : new Days(last, bits | shifted(1, last - day));
    }

    Days with(Days other) {
        if (bits == 0 || other.bits == 0) {
            return bits == 0 ? other : this;
        }
        long newest = Math.max(last, other.last);
        return new Days(newest, shifted(bits, newest - last) | shifted(other.bits, newest - other.last));
    }

    int count() {
        return Long.bitCount(bits);
    }

    private static long shifted(long bits, long days) {
        return days > 63 ? 0 : bits << days;
    }
}
