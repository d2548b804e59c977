package io.postern.gateway.analytics;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postern.gateway.state.Ages;
import io.postern.gateway.state.Store;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What detection remembers of devices, on the disk, written by a thread of its own. Key is the device, value is
 *
 * <pre>
 * version (1 byte) | when it was written, Unix time in ms (8 bytes) | as the detection wrote it
 * </pre>
 *
 * Bounded in devices: the one that was written longest ago goes. One that does not read begins anew, and is counted. What
 * changed since it was written last is lost when the process is killed. What cannot be written is tried again.
 */
final class DeviceStates implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DeviceStates.class);

    static final String TABLE = "detection";

    private static final String SEED = "detection-seed";
    private static final byte VERSION = 1;
    private static final int HEADER = 1 + Long.BYTES;
    private static final int WAITING = 64;
    private static final int PAGE = 64;
    private static final long IDLE_MILLIS = 200;
    private static final long AGAIN_MILLIS = 10_000;

    private final Store store;
    private final Store.Table table;
    private final HomeSettings settings;
    private final Clock clock;
    private final Ages ages;
    private final LongAdder unread;
    private final LongAdder errors;
    private final BlockingQueue<Written> queue = new ArrayBlockingQueue<>(WAITING);
    private final Thread thread = new Thread(this::run, "detection-store");

    /** Devices in the table, written longest ago first. */
    private final Map<String, Boolean> stored = new LinkedHashMap<>(16, 0.75f, true);

    private final CountDownLatch stop = new CountDownLatch(1);

    /** Removed for good, and not known to be so on the disk. By the store's thread. */
    private final Map<String, Gone> removed = new LinkedHashMap<>();

    private record Gone(boolean there, CompletableFuture<Boolean> told) {}

    /** When a device was stored. */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
    private record Kept(byte[] key, long millis) {}

    private record Written(String device, Optional<byte[]> state, Optional<CompletableFuture<Boolean>> gone) {}

    /** Who remembers a device. */
    interface Reader {
        /** @throws IOException when it does not read */
        void read(String device, byte[] state) throws IOException;
    }

    /**
     * @param unread counts devices whose state did not read
     * @param errors counts times that the store failed
     */
    DeviceStates(Store store, HomeSettings settings, Clock clock, LongAdder unread, LongAdder errors)
            throws IOException {
        this.store = store;
        this.table = store.table(TABLE);
        this.settings = settings;
        this.clock = clock;
        this.ages = Ages.open(store, TABLE, clock);
        this.unread = unread;
        this.errors = errors;
        thread.setDaemon(true);
    }

    /** The one made at the first start. */
    static long seed(Store store) throws IOException {
        Store.Table table = store.table(SEED);
        Optional<byte[]> kept = table.get(new byte[] {0}).filter(bytes -> bytes.length == Long.BYTES);
        if (kept.isPresent()) {
            return ByteBuffer.wrap(kept.get()).getLong();
        }
        byte[] fresh = new byte[Long.BYTES];
        new SecureRandom().nextBytes(fresh);
        table.put(new byte[] {0}, fresh);
        store.sync();
        return ByteBuffer.wrap(fresh).getLong();
    }

    /**
     * Reads all that is stored, what was stored longest ago first, as it makes room first; what is too old or too much is removed. Once,
     * before it starts. What a clock that has jumped ahead says is too old is read, and stays until it is too much.
     *
     * @throws IOException when the store fails
     */
    void load(Reader to) throws IOException {
        long oldest = ages.millis() - settings.kept().toMillis();
        List<Kept> all = all();
        int tooMany = Math.max(0, all.size() - settings.devices());
        for (Kept one : all.subList(0, tooMany)) {
            table.remove(one.key);
        }
        for (Kept one : all.subList(tooMany, all.size())) {
            String device = new String(one.key, UTF_8);
            Optional<byte[]> value = table.get(one.key);
            if (value.isPresent() && load(to, device, value.get(), oldest)) {
                stored.put(device, true);
            } else {
                table.remove(one.key);
            }
        }
        LOG.info("detection remembers devices={}", stored.size());
    }

    /** By when they were stored. */
    private List<Kept> all() throws IOException {
        List<Kept> all = new ArrayList<>();
        byte[] from = {0};
        List<Store.Entry> page = table.range(from, PAGE);
        while (!page.isEmpty()) {
            for (Store.Entry entry : page) {
                byte[] value = entry.value();
                all.add(new Kept(
                        entry.key(),
                        value.length < HEADER ? 0 : ByteBuffer.wrap(value).getLong(1)));
            }
            byte[] last = page.get(page.size() - 1).key();
            from = Arrays.copyOf(last, last.length + 1);
            page = table.range(from, PAGE);
        }
        all.sort(Comparator.comparingLong(Kept::millis));
        return all;
    }

    private boolean load(Reader to, String device, byte[] value, long oldest) {
        try {
            if (value.length < HEADER || value[0] != VERSION) {
                throw new IOException("is of another version, must be " + VERSION);
            }
            if (ByteBuffer.wrap(value).getLong(1) < oldest) {
                return false;
            }
            to.read(device, Arrays.copyOfRange(value, HEADER, value.length));
            return true;
        } catch (IOException e) {
            unread.increment();
            LOG.warn("what detection remembers of a device does not read, it begins anew: {}", e.toString());
            return false;
        }
    }

    void start() {
        thread.start();
    }

    /** What time it is, as far as it is believed: by this what is remembered grows old. Any thread. */
    long ageMillis() {
        return ages.millis();
    }

    /** Whether {@link #offer} would be taken now. */
    boolean hasRoom() {
        return queue.remainingCapacity() > 0;
    }

    /**
     * Any thread; never waits.
     *
     * @param state empty: the device is not remembered any more
     */
    boolean offer(String device, Optional<byte[]> state) {
        return queue.offer(new Written(device, state, Optional.empty()));
    }

    /**
     * As {@link #offer} of a device that is not remembered any more.
     *
     * @param gone told once it is removed on the disk, whether there was any
     */
    boolean forget(String device, CompletableFuture<Boolean> gone) {
        return queue.offer(new Written(device, Optional.empty(), Optional.of(gone)));
    }

    static boolean remove(Store.Table table, String device) throws IOException {
        byte[] key = device.getBytes(UTF_8);
        boolean there = table.get(key).isPresent();
        table.remove(key);
        return there;
    }

    /** The same, and waits for room until then. */
    boolean put(String device, Optional<byte[]> state, long untilNanos) {
        try {
            return queue.offer(
                    new Written(device, state, Optional.empty()), untilNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void run() {
        boolean unsynced = false;
        boolean failing = false;
        Optional<Written> next = Optional.empty();
        while (!stopping() || (!failing && (!queue.isEmpty() || unsynced || next.isPresent()))) {
            try {
                if (failing) {
                    stop.await(AGAIN_MILLIS, TimeUnit.MILLISECONDS);
                }
                if (next.isEmpty()) {
                    next = Optional.ofNullable(queue.poll(stopping() ? 0 : IDLE_MILLIS, TimeUnit.MILLISECONDS));
                }
                if (next.isPresent()) {
                    write(next.get());
                    next = Optional.empty();
                    unsynced = true;
                } else if (unsynced) {
                    sync();
                    unsynced = false;
                }
                failing = false;
            } catch (InterruptedException e) {
                // Nobody interrupts it but by mistake; the store would not survive it either.
                LOG.warn("interrupted, goes on", e);
            } catch (IOException e) {
                errors.increment();
                if (!failing) {
                    LOG.error("what detection remembers cannot be stored, it is tried again: {}", e.toString());
                }
                failing = true;
            } catch (RuntimeException e) {
                // Ours, and might be so each time.
                errors.increment();
                if (!failing) {
                    LOG.error("what detection remembers of a device is not stored this time", e);
                }
                failing = true;
                next = Optional.empty();
            }
        }
    }

    private boolean stopping() {
        return stop.getCount() == 0;
    }

    /** What is to be gone is removed again: the store may have failed meanwhile, and be as it was before. */
    private void sync() throws IOException {
        for (String device : removed.keySet()) {
            if (!stored.containsKey(device)) {
                remove(table, device);
            }
        }
        ages.save();
        store.sync();
        removed.values().forEach(gone -> gone.told.complete(gone.there));
        removed.clear();
    }

    private void write(Written what) throws IOException {
        byte[] key = what.device.getBytes(UTF_8);
        if (what.state.isEmpty()) {
            boolean there = remove(table, what.device);
            stored.remove(what.device);
            what.gone.ifPresent(told -> removed.put(what.device, new Gone(there, told)));
            return;
        }
        byte[] state = what.state.get();
        table.put(
                key,
                ByteBuffer.allocate(HEADER + state.length)
                        .put(VERSION)
                        .putLong(clock.millis())
                        .put(state)
                        .array());
        stored.put(what.device, true);
        if (stored.size() > settings.devices()) {
            String oldest = stored.keySet().iterator().next();
            table.remove(oldest.getBytes(UTF_8));
            stored.remove(oldest);
        }
    }

    /** What was handed over is on the disk when this returns, if the disk takes it within seconds. */
    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
