package io.postern.gateway.flows;

import io.postern.tls.watch.Budget;
import io.postern.wire.tcp.TcpBudget;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much all who wait may hold together: slow senders cannot exhaust the memory of the others. Thread-safe.
 */
public final class MemoryBudget implements Budget, TcpBudget {

    private final long bytes;
    private final Runnable exhausted;
    private final AtomicLong held = new AtomicLong();

    /** @param exhausted told each time somebody found no room */
    public MemoryBudget(long bytes, Runnable exhausted) {
        this.bytes = bytes;
        this.exhausted = exhausted;
    }

    /** False when there is no room; then nothing is taken. */
    @Override
    public boolean take(int more) {
        if (held.addAndGet(more) <= bytes) {
            return true;
        }
        held.addAndGet(-more);
        exhausted.run();
        return false;
    }

    @Override
    public void giveBack(int some) {
        held.addAndGet(-some);
    }

    /** Bytes held at the moment, for the metric. */
    public long held() {
        return held.get();
    }
}
