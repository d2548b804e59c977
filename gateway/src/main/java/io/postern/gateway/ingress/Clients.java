package io.postern.gateway.ingress;

import io.postern.gateway.flows.Shares;
import io.postern.gateway.flows.Source;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections clients may hold, in total and from one {@link Source}: what a client costs before it has said
 * who it is. Thread-safe.
 */
public final class Clients {

    private final int max;
    private final AtomicInteger total = new AtomicInteger();
    private final Shares<Source> perSource;

    public Clients(int max, int maxPerSource) {
        this.max = max;
        this.perSource = new Shares<>(maxPerSource);
    }

    /** Counts a connection in; false when there is no room, and then it is not counted. */
    public boolean enter(InetAddress address) {
        if (total.incrementAndGet() <= max && perSource.take(Source.of(address))) {
            return true;
        }
        total.decrementAndGet();
        return false;
    }

    /** Counts a connection out that was let in. */
    public void leave(InetAddress address) {
        total.decrementAndGet();
        perSource.giveBack(Source.of(address));
    }

    public int total() {
        return total.get();
    }
}
