package io.postern.gateway.quarantine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * At most so many within any hour, and of one device no more than a quarter of them, so that no device uses up what the others
 * may need. Any thread.
 */
final class HourlyCap {

    private static final long HOUR = TimeUnit.HOURS.toMillis(1);
    private static final int PART = 4;

    private record Taken(String device, long millis) {}

    private final int most;
    private final Deque<Taken> taken = new ArrayDeque<>();

    HourlyCap(int most) {
        this.most = most;
    }

    synchronized boolean take(String device, long nowMillis) {
        if (within(nowMillis) >= most || of(device) >= Math.max(1, most / PART)) {
            return false;
        }
        taken.addLast(new Taken(device, nowMillis));
        return true;
    }

    /** How many of the hour before now. */
    synchronized int within(long nowMillis) {
        // A clock that was set back leaves some in the future, which would never grow old.
        taken.removeIf(one -> one.millis <= nowMillis - HOUR || one.millis > nowMillis);
        return taken.size();
    }

    private long of(String device) {
        return taken.stream().filter(one -> one.device.equals(device)).count();
    }

    /** One that was taken before this process began. */
    synchronized void took(String device, long millis) {
        taken.addLast(new Taken(device, millis));
    }
}
