package io.postern.gateway.flows;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * How many of something each holder may begin in a second of the clock, so that one cannot keep everybody busy.
 * Thread-safe. Forgets all holders each second, and until then knows {@value #MOST_HOLDERS} of them at most; one more
 * may begin nothing before the next.
 */
public final class RateLimit<K> {

    static final int MOST_HOLDERS = 100_000;

    private final int most;
    private volatile Second current = new Second(Long.MIN_VALUE);

    /** What was begun in one second. */
    private final class Second {
        private final long number;
        private final Map<K, Integer> begun = new ConcurrentHashMap<>();

        Second(long number) {
            this.number = number;
        }

        boolean take(K holder) {
            if (begun.size() >= MOST_HOLDERS && !begun.containsKey(holder)) {
                return false;
            }
            return begun.merge(holder, 1, (count, one) -> Math.min(count, most) + one) <= most;
        }
    }

    /** @param most in a second */
    public RateLimit(int most) {
        this.most = most;
    }

    /**
     * Counts one in; false when the holder has begun as many as it may.
     *
     * @param now nanoseconds of the clock that all callers share
     */
    public boolean take(K holder, long now) {
        return second(TimeUnit.NANOSECONDS.toSeconds(now)).take(holder);
    }

    private Second second(long number) {
        return number <= current.number ? current : next(number);
    }

    private synchronized Second next(long number) {
        if (number > current.number) {
            current = new Second(number);
        }
        return current;
    }

    /** Holders that began any in the second when last one did. */
    public int holders() {
        return current.begun.size();
    }
}
