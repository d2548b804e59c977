package io.postern.gateway.quarantine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * At most so many within any hour, and of one device no more than a quarter of them, so that no device uses up what the others
 * may need. An hour passes by a clock that nobody sets: one that is set neither lifts the cap nor keeps it. Any thread.
 */
final class HourlyCap {

    private static final long HOUR = TimeUnit.HOURS.toNanos(1);
    private static final int PART = 4;

    private record Taken(String device, long nanos) {}

    private final int most;
    private final LongSupplier nanos;
    private final Deque<Taken> taken = new ArrayDeque<>();

    HourlyCap(int most, LongSupplier nanos) {
        this.most = most;
        this.nanos = nanos;
    }

    synchronized boolean take(String device) {
        long now = nanos.getAsLong();
        taken.removeIf(one -> !counts(one, now));
        if (taken.size() >= most || of(device) >= Math.max(1, most / PART)) {
            return false;
        }
        taken.addLast(new Taken(device, now));
        return true;
    }

    /** How many of the hour before now. */
    synchronized int taken() {
        long now = nanos.getAsLong();
        return (int) taken.stream().filter(one -> counts(one, now)).count();
    }

    private static boolean counts(Taken one, long now) {
        return now - one.nanos < HOUR;
    }

    private long of(String device) {
        return taken.stream().filter(one -> one.device.equals(device)).count();
    }

    /** One that was taken so long ago, before this process began. */
    synchronized void took(String device, long ageMillis) {
        long age = TimeUnit.MILLISECONDS.toNanos(Math.max(0, ageMillis));
        if (age < HOUR) {
            taken.addLast(new Taken(device, nanos.getAsLong() - age));
        }
    }
}
