package io.postern.analytics.fleet;

import java.time.Duration;

/** Lengths of time in milliseconds. */
final class Times {

    static final long SECOND = 1_000;
    static final long MINUTE = 60 * SECOND;
    static final long HOUR = 60 * MINUTE;
    static final long DAY = 24 * HOUR;

    private Times() {}

    static Duration minutes(double count) {
        return Duration.ofMillis((long) (count * MINUTE));
    }
}
