package io.postern.gateway.flows;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many of something each holder may have at once, so that one cannot take what all need. Thread-safe. Holds one
 * entry for each holder that has any, so it is bounded by what all have together.
 */
public final class Shares<K> {

    private final int most;
    private final Map<K, Integer> taken = new ConcurrentHashMap<>();

    public Shares(int most) {
        this.most = most;
    }

    /** False when the holder has as many as it may; then nothing is taken. */
    public boolean take(K holder) {
        boolean[] room = {true};
        taken.compute(holder, (same, count) -> {
            int now = count == null ? 0 : count;
            room[0] = now < most;
            return room[0] ? Integer.valueOf(now + 1) : count;
        });
        return room[0];
    }

    /** Gives one back that was taken. */
    public void giveBack(K holder) {
        taken.computeIfPresent(holder, (same, count) -> count == 1 ? null : count - 1);
    }
}
