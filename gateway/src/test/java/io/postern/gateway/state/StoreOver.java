package io.postern.gateway.state;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A store that is another one, but for what a test has it do otherwise. */
public abstract class StoreOver implements Store {

    protected final Store to;

    protected StoreOver(Store to) {
        this.to = to;
    }

    @Override
    public Table table(String name) throws IOException {
        return to.table(name);
    }

    @Override
    public void sync() throws IOException {
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

    /** The same of one table. */
    protected abstract static class TableOver implements Table {

        private final Table to;

        protected TableOver(Table to) {
            this.to = to;
        }

        @Override
        public Optional<byte[]> get(byte[] key) throws IOException {
            return to.get(key);
        }

        @Override
        public void put(byte[] key, byte[] value) throws IOException {
            to.put(key, value);
        }

        @Override
        public void remove(byte[] key) throws IOException {
            to.remove(key);
        }

        @Override
        public List<Entry> range(byte[] from, int most) throws IOException {
            return to.range(from, most);
        }

        @Override
        public long size() throws IOException {
            return to.size();
        }
    }
}
