package io.postern.gateway.quarantine;

import io.postern.gateway.state.Store;
import io.postern.gateway.state.StoreOver;
import java.io.IOException;

/** A store that takes what is put, as one does, and can be kept from writing it down. */
public final class FullDisk extends StoreOver {

    private volatile boolean full;

    public FullDisk(Store to) {
        super(to);
    }

    /** Whether nothing more goes onto it from now on. */
    public void fill(boolean now) {
        full = now;
    }

    @Override
    public void sync() throws IOException {
        if (full) {
            throw new IOException("no space left on device");
        }
        to.sync();
    }
}
