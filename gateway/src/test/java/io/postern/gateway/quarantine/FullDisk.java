package io.postern.gateway.quarantine;

import io.postern.gateway.state.Store;
import java.io.IOException;

/** A store that takes what is put, as one does, and can be kept from writing it down. */
public final class FullDisk implements Store {

    private final Store to;
    private volatile boolean full;

    public FullDisk(Store to) {
        this.to = to;
    }

    /** Whether nothing more goes onto it from now on. */
    public void fill(boolean now) {
        full = now;
    }

    @Override
    public Table table(String name) throws IOException {
        return to.table(name);
    }

    @Override
    public void sync() throws IOException {
        if (full) {
            throw new IOException("no space left on device");
        }
        to.sync();
    }

    @Override
    public void purge() throws IOException {
        sync();
        to.purge();
    }

    @Override
    public long bytes() {
        return to.bytes();
    }

    @Override
    public void close() {
        to.close();
    }
}
