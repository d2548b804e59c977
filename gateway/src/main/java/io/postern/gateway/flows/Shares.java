package io.postern.gateway.flows;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many of something each holder may have at once, so that one cannot take what all need. Thread-safe. Holds one
 * entry for each holder that has any, so it is bounded by what all have together.
 */
public final class Shares<K> {

    private final long most;
    private final Map<K, Long> taken = new ConcurrentHashMap<>();

    public Shares(long most) {
        this.most = most;
    }

    /** False when the holder has as many as it may; then nothing is taken. */
    public boolean take(K holder) {
        return take(holder, 1);
    }

    /** As above, so many at once or none. */
    public boolean take(K holder, long some) {
        boolean[] room = {true};
        taken.compute(holder, (same, count) -> {
            long now = (count == null ? 0 : count) + some;
            room[0] = now <= most;
            return room[0] ? Long.valueOf(now) : count;
        });
        return room[0];
    }

    /** Gives one back that was taken. */
    public void giveBack(K holder) {
        giveBack(holder, 1);
    }

    /** Gives so many back. */
    public void giveBack(K holder, long some) {
        taken.computeIfPresent(holder, (same, count) -> count == some ? null : Long.valueOf(count - some));
    }
}
