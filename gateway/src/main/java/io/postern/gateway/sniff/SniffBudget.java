package io.postern.gateway.sniff;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much all undecided flows together may hold. When it is used up, a flow that would hold more is called unknown
 * with basis {@code limit} instead: slow senders cannot exhaust the memory of the others. Thread-safe.
 */
public final class SniffBudget {

    private final long bytes;
    private final AtomicLong held = new AtomicLong();

    public SniffBudget(long bytes) {
        this.bytes = bytes;
    }

    boolean take(int more) {
        if (held.addAndGet(more) <= bytes) {
            return true;
        }
        held.addAndGet(-more);
        return false;
    }

    void giveBack(int some) {
        held.addAndGet(-some);
    }

    /** Bytes held at the moment, for the metric. */
    public long held() {
        return held.get();
    }
}
