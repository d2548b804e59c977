package io.postern.gateway.state;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store in one file, by H2's MVStore: a tree that only appends and reuses what nobody points to. The file is locked
 * while it is open. A thread that is interrupted while it waits for the disk breaks the store, so give it one of its own.
 */
public final class EmbeddedStore implements Store {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedStore.class);

    /** Pages that were read, in memory. */
    private static final int CACHE_MIB = 16;

    /** Changes that wait for a sync, in memory; beyond that they go to the disk by themselves. */
    private static final int UNSAVED_KIB = 8 * 1024;

    /** Between two tries to open it again; each reads all of it. */
    private static final long TRY_NANOS = Duration.ofSeconds(5).toNanos();

    /** Of entries copied, until the copy is told to write them down. */
    private static final int PURGE_BATCH = 4_096;

    private final Path file;

    /** Held by everybody who reads or writes, alone by whoever puts another file in the place of this one. */
    private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();

    private volatile MVStore store;
    private volatile boolean closed;
    private long nextTry = System.nanoTime();
    private final Map<String, Table> tables = new ConcurrentHashMap<>();

    private EmbeddedStore(Path file, MVStore store) {
        this.file = file;
        this.store = store;
    }

    /**
     * Opens a store, made if there is none; its owner alone may read it.
     *
     * @throws IOException with what to do about it, when another process has the file or it is broken
     */
    public static EmbeddedStore open(Path file) throws IOException {
        OwnFile.folderOf(file);
        // Of a process that was killed before it put it in place.
        Files.deleteIfExists(fresh(file));
        try {
            Files.createFile(file, OwnFile.access("rw-------"));
        } catch (FileAlreadyExistsException kept) {
            LOG.debug("store kept file={}", file);
        }
        try {
            return new EmbeddedStore(file, open(file.toAbsolutePath().toString()));
        } catch (MVStoreException e) {
            throw new IOException(message(file, e), e);
        }
    }

    private static MVStore open(String file) {
        MVStore opened = new MVStore.Builder()
                .fileName(file)
                .cacheSize(CACHE_MIB)
                // Whoever writes syncs; a commit beside that, on a thread of H2's, only stands in its way.
                .autoCommitDisabled()
                .autoCommitBufferSize(UNSAVED_KIB)
                // After a kill H2 follows a trail that its reuse of space breaks now and then, and goes back behind
                // what
                // was synced (QuarantineCrashIT); so it has to look at every block. A store that was closed need
                // not.
                .recoveryMode()
                .open();
        opened.setVersionsToKeep(0);
        return opened;
    }

    private static String message(Path file, MVStoreException e) {
        return switch (e.getErrorCode()) {
            case DataUtils.ERROR_FILE_LOCKED ->
                file + " is in use by another process, must be of one gateway only; give each its own state.dir";
            case DataUtils.ERROR_FILE_CORRUPT, DataUtils.ERROR_UNSUPPORTED_FORMAT ->
                file + " is broken or no store of this gateway; put a copy of it there, or move it away to start anew"
                        + " without what it holds";
            default -> file + " cannot be opened: " + e.getMessage();
        };
    }

    @Override
    public Table table(String name) throws IOException {
        Table known = tables.get(name);
        if (known != null) {
            return known;
        }
        Tree made = new Tree(name);
        guarded(made::map);
        return tables.computeIfAbsent(name, fresh -> made);
    }

    @Override
    public void sync() throws IOException {
        guarded(() -> {
            store.commit();
            store.sync();
            return store;
        });
    }

    private static Path fresh(Path file) {
        return file.resolveSibling(file.getFileName() + ".fresh");
    }

    /** A tree that only appends keeps what was removed until it needs the room: so all that is there goes into a new file. */
    @Override
    public void purge() throws IOException {
        sync();
        use.writeLock().lock();
        try {
            revive();
            Path fresh = fresh(file);
            Files.deleteIfExists(fresh);
            try {
                Files.createFile(fresh, OwnFile.access("rw-------"));
                copy(fresh);
                OwnFile.belongAs(file, fresh);
                store.closeImmediately();
                OwnFile.put(fresh, file);
            } finally {
                Files.deleteIfExists(fresh);
                if (store.isClosed()) {
                    store = open(file.toAbsolutePath().toString());
                }
            }
        } catch (MVStoreException | IllegalStateException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        } finally {
            use.writeLock().unlock();
        }
    }

    private void copy(Path to) throws IOException {
        MVStore copy = open(to.toAbsolutePath().toString());
        try {
            store.commit();
            for (String name : store.getMapNames()) {
                MVMap<byte[], byte[]> target = map(copy, name);
                Cursor<byte[], byte[]> all = map(store, name).cursor(null);
                for (long copied = 1; all.hasNext(); copied++) {
                    target.put(all.next(), all.getValue());
                    if (copied % PURGE_BATCH == 0) {
                        copy.commit();
                    }
                }
            }
            copy.commit();
            copy.sync();
        } finally {
            copy.closeImmediately();
        }
    }

    private static MVMap<byte[], byte[]> map(MVStore of, String name) {
        return of.openMap(
                name, new MVMap.Builder<byte[], byte[]>().keyType(new Octets()).valueType(new Octets()));
    }

    @Override
    public long bytes() {
        try {
            return Files.size(file);
        } catch (IOException gone) {
            return 0;
        }
    }

    @Override
    public void close() {
        closed = true;
        use.writeLock().lock();
        try {
            store.close();
        } catch (MVStoreException e) {
            LOG.warn("store not closed in order file={}", file, e);
        } finally {
            use.writeLock().unlock();
        }
    }

    /**
     * A store of H2's that has failed to write is closed by it for good. It is opened again where that is possible by now; what was
     * put and not synced is gone then.
     */
    private void revive() throws IOException {
        if (closed || !store.isClosed()) {
            return;
        }
        synchronized (this) {
            if (closed || !store.isClosed()) {
                return;
            }
            if (System.nanoTime() - nextTry < 0) {
                throw new IOException(file + " has failed and is tried again in a few seconds");
            }
            nextTry = System.nanoTime() + TRY_NANOS;
            try {
                store = open(file.toAbsolutePath().toString());
                LOG.warn("store opened again after it had failed: what was not written by then is gone file={}", file);
            } catch (MVStoreException e) {
                throw new IOException(message(file, e), e);
            }
        }
    }

    private <T> T guarded(Supplier<T> action) throws IOException {
        use.readLock().lock();
        try {
            revive();
            return action.get();
        } catch (MVStoreException | IllegalStateException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        } finally {
            use.readLock().unlock();
        }
    }

    private final class Tree implements Table {

        private final String name;
        private volatile @Nullable MVMap<byte[], byte[]> last;

        Tree(String name) {
            this.name = name;
        }

        /** Of the store that is open by now. */
        private MVMap<byte[], byte[]> map() {
            MVStore of = store;
            MVMap<byte[], byte[]> map = last;
            if (map == null || map.getStore() != of) {
                map = EmbeddedStore.map(of, name);
                last = map;
            }
            return map;
        }

        @Override
        public Optional<byte[]> get(byte[] key) throws IOException {
            return guarded(() -> Optional.ofNullable(map().get(key)));
        }

        @Override
        public void put(byte[] key, byte[] value) throws IOException {
            if (key.length == 0) {
                throw new IllegalArgumentException("a key has one byte at least");
            }
            guarded(() -> {
                map().put(key, value);
                return name;
            });
        }

        @Override
        public void remove(byte[] key) throws IOException {
            guarded(() -> {
                map().remove(key);
                return name;
            });
        }

        @Override
        public List<Entry> range(byte[] from, int most) throws IOException {
            return guarded(() -> {
                List<Entry> found = new ArrayList<>(Math.min(most, 1_024));
                Cursor<byte[], byte[]> cursor = map().cursor(from);
                while (found.size() < most && cursor.hasNext()) {
                    found.add(new Entry(cursor.next(), cursor.getValue()));
                }
                return found;
            });
        }

        @Override
        public long size() throws IOException {
            return guarded(() -> map().sizeAsLong());
        }
    }
}
