package io.postern.gateway.state;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What the gateway keeps over restarts: named tables of bytes by key, in the order of the keys as unsigned bytes. For any
 * thread but an event loop's: every call may wait for the disk. After one has failed others do, until the disk takes something again; what was put and not
 * synced before may be gone then, so whoever was told of a failure puts it again.
 */
public interface Store extends AutoCloseable {

    /** The table of this name, made if there is none; the same one for everybody who asks. */
    Table table(String name) throws IOException;

    /**
     * All that was put and removed before is on the disk when this returns, and survives the end of the machine.
     *
     * @throws IOException also, once, when another's failure has cost what this thread put or removed since its last sync. Whoever
     *     syncs what other threads put has to look whether it is there.
     */
    void sync() throws IOException;

    /**
     * As {@link #sync}, and nothing that was removed is on the disk any more when this returns. Takes as long as writing all that is kept;
     * everybody else waits meanwhile.
     */
    void purge() throws IOException;

    /** What the file takes on the disk, in bytes. */
    long bytes();

    /** Lets go of the file; what was not synced may be lost. */
    @Override
    void close();

    /** Keys are one byte at least; keys and values belong to the table once they are put. */
    interface Table {

        Optional<byte[]> get(byte[] key) throws IOException;

        void put(byte[] key, byte[] value) throws IOException;

        void remove(byte[] key) throws IOException;

        /** The first entries, in order. Whoever wants more asks again from behind the last. */
        List<Entry> range(byte[] from, int most) throws IOException;

        long size() throws IOException;
    }

    /** One entry; its bytes are the table's and not to be changed. */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares entries.
    record Entry(byte[] key, byte[] value) {}
}
