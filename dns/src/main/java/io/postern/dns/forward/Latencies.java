package io.postern.dns.forward;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long servers take to answer: of each an estimate of what 19 of 20 answers stay below, moved by each answer a little
 * down or nineteen times as much up (Ma, Muthukrishnan, Sandler: Frugal streaming, 2013). One number a server; the error is
 * that of its steps. Thread-safe; of answers at the same moment one may not count.
 */
final class Latencies {

    private static final long LEAST = Duration.ofMillis(10).toNanos();
    /** Until something is known. */
    private static final long FIRST = Duration.ofMillis(200).toNanos();

    /** Steps are this part of the estimate, times 19 upwards. */
    private static final int STEP = 160;

    private static final int UPWARDS = 19;

    private final AtomicLongArray estimates;
    private final long most;

    /** @param most that is ever told */
    Latencies(int servers, Duration most) {
        this.most = most.toNanos();
        estimates = new AtomicLongArray(servers);
        for (int server = 0; server < servers; server++) {
            estimates.set(server, FIRST);
        }
    }

    void answered(int server, long nanos) {
        long estimate = estimates.get(server);
        move(server, estimate, nanos > estimate);
    }

    /** It has not answered yet, and the estimate is over. */
    void late(int server) {
        move(server, estimates.get(server), true);
    }

    private void move(int server, long estimate, boolean up) {
        long step = Math.max(1, estimate / STEP);
        long next = up ? estimate + UPWARDS * step : estimate - step;
        estimates.set(server, Math.max(LEAST, Math.min(next, most)));
    }

    /** After so many nanoseconds an answer is late. */
    long late19of20(int server) {
        return estimates.get(server);
    }
}
