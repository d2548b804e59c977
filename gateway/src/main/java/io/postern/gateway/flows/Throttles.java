package io.postern.gateway.flows;

import io.postern.analytics.flow.AppKey;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * The throttles of all apps and destinations that are slowed down, some 200 bytes each. Those that are full again are
 * forgotten when there is no more room; beyond it, one throttle serves all of a device that have none of their own.
 * Thread-safe.
 */
public final class Throttles {

    static final int MOST = 16_384;

    /** Of one device, and of one rate. */
    static final int MOST_OF_DEVICE = 256;

    /** Between two looks for those that are full again. */
    private static final long LOOK = TimeUnit.SECONDS.toNanos(1);

    private final Map<Key, Throttle> throttles = new ConcurrentHashMap<>();
    private final Map<Holder, Throttle> shared = new ConcurrentHashMap<>();
    private final Map<Holder, Integer> counts = new HashMap<>();
    private final LongAdder turnedAway = new LongAdder();
    private boolean looked;
    private long lookedAt;

    private record Key(AppKey key, String destination, long bytesPerSecond) {
        Holder holder() {
            return new Holder(key.device(), bytesPerSecond);
        }
    }

    private record Holder(String device, long bytesPerSecond) {}

    Throttle of(AppKey key, String destination, long bytesPerSecond, long now) {
        Key wanted = new Key(key, destination, bytesPerSecond);
        Throttle known = throttles.get(wanted);
        return known == null ? add(wanted, now) : known;
    }

    private synchronized Throttle add(Key wanted, long now) {
        Throttle known = throttles.get(wanted);
        if (known != null) {
            return known;
        }
        if (full(wanted.holder()) && (!looked || now - lookedAt >= LOOK)) {
            looked = true;
            lookedAt = now;
            forget(now);
        }
        Throttle fresh = new Throttle(wanted.bytesPerSecond, now);
        if (!full(wanted.holder())) {
            throttles.put(wanted, fresh);
            counts.merge(wanted.holder(), 1, Integer::sum);
            return fresh;
        }
        turnedAway.increment();
        Throttle common = shared.get(wanted.holder());
        if (common == null && shared.size() < MOST) {
            shared.put(wanted.holder(), fresh);
        }
        // Beyond even that the flow is slowed down by itself: nobody pays for another device.
        return common == null ? fresh : common;
    }

    private boolean full(Holder holder) {
        return throttles.size() >= MOST || counts.getOrDefault(holder, 0) >= MOST_OF_DEVICE;
    }

    private void forget(long now) {
        shared.values().removeIf(each -> each.unused(now));
        throttles.values().removeIf(each -> each.unused(now));
        counts.clear();
        throttles.keySet().forEach(key -> counts.merge(key.holder(), 1, Integer::sum));
    }

    public int size() {
        return throttles.size();
    }

    /** Times one had to be shared for want of room. */
    public long turnedAway() {
        return turnedAway.sum();
    }
}
