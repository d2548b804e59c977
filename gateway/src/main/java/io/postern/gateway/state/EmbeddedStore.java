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
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
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

    private volatile Opened opened;

    /** Of this store alone: a thread may have changes in several. */
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<Unsynced> unsynced = ThreadLocal.withInitial(Unsynced::new);

    private volatile boolean closed;
    private long nextTry = System.nanoTime();
    private final Map<String, Table> tables = new ConcurrentHashMap<>();

    private EmbeddedStore(Path file, MVStore store) {
        this.file = file;
        this.opened = new Opened(store);
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
                // After a kill H2 follows a trail that its reuse of space breaks now and then, and goes back
                // behind what was synced (QuarantineCrashIT); so it has to look at every block. A store that was
                // closed need not.
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
        Unsynced mine = unsynced.get();
        boolean gone = told(
                mine,
                () -> guarded(by -> {
                    by.sync();
                    return mine.goneIn(by);
                }));
        mine.clear();
        if (gone) {
            throw new IOException(file + " was opened again after it had failed: changes put before are gone");
        }
    }

    private interface Change<T> {
        T run() throws IOException;
    }

    /** Whoever is told of a failure knows of all that went before it. */
    private static <T> T told(Unsynced mine, Change<T> change) throws IOException {
        try {
            return change.run();
        } catch (IOException e) {
            mine.clear();
            throw e;
        }
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
                opened.store.closeImmediately();
                OwnFile.put(fresh, file);
                opened.copied();
            } finally {
                Files.deleteIfExists(fresh);
                if (opened.store.isClosed()) {
                    opened = new Opened(open(file.toAbsolutePath().toString()));
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
            MVStore store = opened.store;
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
            opened.store.close();
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
        if (closed || !opened.store.isClosed()) {
            return;
        }
        synchronized (this) {
            if (closed || !opened.store.isClosed()) {
                return;
            }
            if (System.nanoTime() - nextTry < 0) {
                throw new IOException(file + " has failed and is tried again in a few seconds");
            }
            nextTry = System.nanoTime() + TRY_NANOS;
            try {
                opened = new Opened(open(file.toAbsolutePath().toString()));
                LOG.warn("store opened again after it had failed: what was not written by then is gone file={}", file);
            } catch (MVStoreException e) {
                throw new IOException(message(file, e), e);
            }
        }
    }

    /** By one and the same opened store, whatever others open meanwhile. */
    private <T> T guarded(Function<Opened, T> action) throws IOException {
        use.readLock().lock();
        try {
            revive();
            return action.apply(opened);
        } catch (MVStoreException | IllegalStateException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        } finally {
            use.readLock().unlock();
        }
    }

    /** H2's store from its opening until it fails, and how many of the changes in it are on the disk. */
    private static final class Opened {

        private final MVStore store;
        private final AtomicLong changes = new AtomicLong();
        private final AtomicLong synced = new AtomicLong();

        Opened(MVStore store) {
            this.store = store;
        }

        /** The number of a change that has been made. */
        long changed() {
            return changes.incrementAndGet();
        }

        void sync() {
            long made = changes.get();
            store.commit();
            store.sync();
            synced.accumulateAndGet(made, Math::max);
        }

        /** All that was made is in another file, which has taken the place of this one. */
        void copied() {
            synced.set(changes.get());
        }
    }

    /** The changes of one thread since its last sync, of which the last tells of those before it. */
    private static final class Unsynced {

        private @Nullable Opened in;
        private long last;
        private boolean gone;

        void changed(Opened by) {
            gone = goneIn(by);
            in = by;
            last = by.changed();
        }

        /** Whether some were made in a store that has failed before they were on the disk. */
        boolean goneIn(Opened now) {
            Opened made = in;
            return gone || (made != null && made != now && last > made.synced.get());
        }

        void clear() {
            in = null;
            gone = false;
        }
    }

    private final class Tree implements Table {

        private final String name;
        private volatile @Nullable MVMap<byte[], byte[]> last;

        Tree(String name) {
            this.name = name;
        }

        private MVMap<byte[], byte[]> map(Opened by) {
            MVStore of = by.store;
            MVMap<byte[], byte[]> map = last;
            if (map == null || map.getStore() != of) {
                map = EmbeddedStore.map(of, name);
                last = map;
            }
            return map;
        }

        @Override
        public Optional<byte[]> get(byte[] key) throws IOException {
            return guarded(by -> Optional.ofNullable(map(by).get(key)));
        }

        @Override
        public void put(byte[] key, byte[] value) throws IOException {
            if (key.length == 0) {
                throw new IllegalArgumentException("a key has one byte at least");
            }
            change(map -> map.put(key, value));
        }

        @Override
        public void remove(byte[] key) throws IOException {
            change(map -> map.remove(key));
        }

        private void change(Consumer<MVMap<byte[], byte[]>> what) throws IOException {
            Unsynced mine = unsynced.get();
            told(
                    mine,
                    () -> guarded(by -> {
                        what.accept(map(by));
                        mine.changed(by);
                        return name;
                    }));
        }

        @Override
        public List<Entry> range(byte[] from, int most) throws IOException {
            return guarded(by -> {
                List<Entry> found = new ArrayList<>(Math.min(most, 1_024));
                Cursor<byte[], byte[]> cursor = map(by).cursor(from);
                while (found.size() < most && cursor.hasNext()) {
                    found.add(new Entry(cursor.next(), cursor.getValue()));
                }
                return found;
            });
        }

        @Override
        public long size() throws IOException {
            return guarded(by -> map(by).sizeAsLong());
        }
    }
}
