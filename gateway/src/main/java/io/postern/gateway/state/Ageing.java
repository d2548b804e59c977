package io.postern.gateway.state;

import java.time.Duration;

/**
 * The time by which what is kept grows old: the wall clock's, but where that has jumped ahead of the time that passed. Such a
 * jump counts once it has lasted for an hour, so that a clock that was wrong for a while has nothing forgotten. A jump back
 * counts at once, for it keeps things longer. For one thread.
 */
public final class Ageing {

    static final Duration DOUBT = Duration.ofHours(1);

    /** Ours: more than clocks are set by while they run, less than matters. */
    static final Duration TOLERANCE = Duration.ofMinutes(5);

    private long lastMillis;
    private long lastNanos;
    private boolean doubted;
    private long doubtedSince;

    /** @param millis a time that is known to have been, such as when the last of what is kept came */
    public Ageing(long millis, long nanos) {
        lastMillis = millis;
        lastNanos = nanos;
    }

    /** @param nanos of a clock that nobody sets */
    public long millis(long wallMillis, long nanos) {
        long expected = lastMillis + (nanos - lastNanos) / 1_000_000;
        if (wallMillis > expected + TOLERANCE.toMillis()) {
            if (!doubted) {
                doubted = true;
                doubtedSince = nanos;
            }
            if (nanos - doubtedSince < DOUBT.toNanos()) {
                return expected;
            }
        }
        doubted = false;
        lastMillis = wallMillis;
        lastNanos = nanos;
        return wallMillis;
    }
}
