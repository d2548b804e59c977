package io.postern.gateway.analytics;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** Of which devices did detection throw within the last minute? One thread tells, any may ask. */
final class Failures {

    private static final long LAST_NANOS = Duration.ofMinutes(1).toNanos();

    /** Of devices; when there are more, all are taken to fail. */
    static final int MOST = 4_096;

    private final LongSupplier nanos;
    private final Map<String, Long> devices = new ConcurrentHashMap<>();
    private volatile boolean any;
    private volatile boolean everybody;
    private volatile long everybodySince;

    /** @param nanos of a clock that nobody sets */
    Failures(LongSupplier nanos) {
        this.nanos = nanos;
    }

    void happened(String device) {
        long now = nanos.getAsLong();
        if (devices.size() >= MOST) {
            devices.values().removeIf(since -> now - since >= LAST_NANOS);
        }
        if (devices.size() >= MOST) {
            happened();
        } else {
            devices.put(device, now);
            any = true;
        }
    }

    /** Of whom nobody knows, so of everybody. */
    void happened() {
        everybodySince = nanos.getAsLong();
        everybody = true;
    }

    boolean of(String device) {
        return (everybody && nanos.getAsLong() - everybodySince < LAST_NANOS) || (any && lately(device));
    }

    private boolean lately(String device) {
        Long since = devices.get(device);
        return since != null && nanos.getAsLong() - since < LAST_NANOS;
    }
}
