package io.postern.gateway.state;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A store that remembers whether the last change, or the last sync, failed. */
public final class WatchedStore implements Store {

    private interface Change {
        void run() throws IOException;
    }

    private final Store store;
    private volatile boolean down;

    public WatchedStore(Store store) {
        this.store = store;
    }

    /** Whether what was put last could not be written, and nothing was since. Waits for nothing. */
    public boolean down() {
        return down;
    }

    private void watched(Change change) throws IOException {
        try {
            change.run();
        } catch (IOException e) {
            down = true;
            throw e;
        }
    }

    @Override
    public Table table(String name) throws IOException {
        return new Watched(store.table(name));
    }

    @Override
    public void sync() throws IOException {
        watched(store::sync);
        // Only now: what was merely put may wait in memory.
        down = false;
    }

    @Override
    public void purge() throws IOException {
        watched(store::purge);
        down = false;
    }

    @Override
    public long bytes() {
        return store.bytes();
    }

    @Override
    public void close() {
        store.close();
    }

    private final class Watched implements Table {

        private final Table table;

        Watched(Table table) {
            this.table = table;
        }

        @Override
        public Optional<byte[]> get(byte[] key) throws IOException {
            return table.get(key);
        }

        @Override
        public void put(byte[] key, byte[] value) throws IOException {
            watched(() -> table.put(key, value));
        }

        @Override
        public void remove(byte[] key) throws IOException {
            watched(() -> table.remove(key));
        }

        @Override
        public List<Entry> range(byte[] from, int most) throws IOException {
            return table.range(from, most);
        }

        @Override
        public long size() throws IOException {
            return table.size();
        }
    }
}
