package io.postern.gateway.flows;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What an app may send to one destination, and what it may get from there: a bucket of tokens each way, full of what comes in
 * one second. Thread-safe, for flows of several loops share it.
 */
final class Throttle {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** What is owed at most: nobody waits longer, however much has come at once. */
    static final long MOST_OWED = 60 * SECOND;

    private final Bucket out;
    private final Bucket in;

    /** @param bytesPerSecond each way */
    Throttle(long bytesPerSecond, long now) {
        out = new Bucket(bytesPerSecond, now);
        in = new Bucket(bytesPerSecond, now);
    }

    /** Device to world. */
    Bucket out() {
        return out;
    }

    /** World to device. */
    Bucket in() {
        return in;
    }

    /** Whether both are full, so that nobody would notice a new one. */
    boolean unused(long now) {
        return out.full(now) && in.full(now);
    }

    /** One way. All that counts is when what was taken is paid for: later than now is debt. */
    static final class Bucket {

        private final double nanosPerByte;
        private final AtomicLong paidAt;

        private Bucket(long bytesPerSecond, long now) {
            nanosPerByte = (double) SECOND / bytesPerSecond;
            paidAt = new AtomicLong(now - SECOND);
        }

        /** Takes what has come already. @return nanoseconds until that is paid for; 0 if it is */
        long take(long bytes, long now) {
            return Math.max(0, paidAt.updateAndGet(paid -> after(paid, bytes, now)) - now);
        }

        /** Takes these if nothing is owed, however many they are. */
        boolean tryTake(long bytes, long now) {
            long paid = paidAt.get();
            while (paid <= now) {
                if (paidAt.compareAndSet(paid, after(paid, bytes, now))) {
                    return true;
                }
                paid = paidAt.get();
            }
            return false;
        }

        private long after(long paid, long bytes, long now) {
            return Math.min(Math.max(paid, now - SECOND) + (long) (bytes * nanosPerByte), now + MOST_OWED);
        }

        /** Nanoseconds until what was taken is paid for; 0 if it is. */
        long owed(long now) {
            return Math.max(0, paidAt.get() - now);
        }

        private boolean full(long now) {
            return now - paidAt.get() >= SECOND;
        }
    }
}
