package io.postern.gateway.ingress;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections clients may hold, in total and from one address: what a client costs before it has said who it
 * is. Thread-safe. The table has one entry per address that holds a connection, so it is bounded by the total.
 */
public final class Clients {

    private final int max;
    private final int maxPerSource;
    private final AtomicInteger total = new AtomicInteger();
    private final Map<InetAddress, Integer> perSource = new ConcurrentHashMap<>();

    public Clients(int max, int maxPerSource) {
        this.max = max;
        this.maxPerSource = maxPerSource;
    }

    /** Counts a connection in; false when there is no room, and then it is not counted. */
    public boolean enter(InetAddress source) {
        if (total.incrementAndGet() > max) {
            total.decrementAndGet();
            return false;
        }
        boolean[] entered = {true};
        perSource.compute(source, (address, count) -> {
            int now = count == null ? 0 : count;
            entered[0] = now < maxPerSource;
            return entered[0] ? Integer.valueOf(now + 1) : count;
        });
        if (!entered[0]) {
            total.decrementAndGet();
        }
        return entered[0];
    }

    /** Counts a connection out that was let in. */
    public void leave(InetAddress source) {
        total.decrementAndGet();
        perSource.computeIfPresent(source, (address, count) -> count == 1 ? null : count - 1);
    }

    public int total() {
        return total.get();
    }
}
