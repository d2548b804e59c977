package io.postern.gateway.relay;

import io.postern.gateway.flows.MemoryBudget;
import io.postern.gateway.flows.Shares;

/**
 * What all flows together may hold for ends that do not take their bytes, and what one device's may. Thread-safe.
 */
public final class RelayMemory {

    /** One device has this part of it at most. */
    private static final int PARTS = 8;

    private final MemoryBudget all;
    private final Shares<Object> perDevice;
    private final Runnable exhausted;

    /** @param exhausted told each time a flow found no room */
    public RelayMemory(long bytes, Runnable exhausted) {
        this.all = new MemoryBudget(bytes, exhausted);
        this.perDevice = new Shares<>(bytes / PARTS);
        this.exhausted = exhausted;
    }

    boolean take(Object device, int bytes) {
        if (!perDevice.take(device, bytes)) {
            exhausted.run();
            return false;
        }
        if (!all.take(bytes)) {
            perDevice.giveBack(device, bytes);
            return false;
        }
        return true;
    }

    void giveBack(Object device, int bytes) {
        perDevice.giveBack(device, bytes);
        all.giveBack(bytes);
    }

    /** Bytes held at the moment, for the metric. */
    public long held() {
        return all.held();
    }
}
