package io.postern.gateway.shadow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postern.gateway.state.Ages;
import io.postern.gateway.state.Store;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what the shadow counts over restarts: a row each, and since when they count. What was counted since it was saved last is lost
 * when the process is killed. A row to which no flow was added for {@link #KEPT} goes, by a time that a wrong clock does not move.
 * Waits for the disk, so not for event loops.
 */
public final class ShadowBook {

    /** As long as a stage of a rehearsal may last. */
    static final Duration KEPT = Duration.ofDays(30);

    /** Ours: when there is no room, what has hit nothing for so long is in the way of what does, such as rows of rules that are gone. */
    static final Duration UNTOUCHED = Duration.ofHours(1);

    static final String TABLE = "shadow";

    private static final Logger LOG = LoggerFactory.getLogger(ShadowBook.class);
    private static final byte[] SINCE = "since".getBytes(UTF_8);
    private static final String APP = "app";
    private static final String DEVICE = "device";
    private static final int PAGE = 256;

    private final Shadow shadow;
    private final Store store;
    private final Store.Table table;
    private final Ages ages;
    private final LongAdder errors;
    private final Map<String, ShadowCounts> kinds;
    /** Rows that have gone and may still be on the disk. */
    private final List<byte[]> gone = new ArrayList<>();

    private boolean failing;

    private interface Visit {
        void row(Store.Entry entry) throws IOException;
    }

    private ShadowBook(Shadow shadow, Store store, Ages ages, LongAdder errors) throws IOException {
        this.shadow = shadow;
        this.store = store;
        this.table = store.table(TABLE);
        this.ages = ages;
        this.errors = errors;
        this.kinds = Map.of(APP, shadow.apps(), DEVICE, shadow.devices());
    }

    /**
     * Goes on counting where the store left off. What does not read there is said and dropped.
     *
     * @param shadow that has counted nothing yet
     * @param errors counts the times it could not be stored
     * @throws IOException when the store cannot be read
     */
    public static ShadowBook open(Shadow shadow, Store store, Clock clock, LongAdder errors) throws IOException {
        return open(shadow, store, Ages.open(store, TABLE, clock), errors);
    }

    static ShadowBook open(Shadow shadow, Store store, Ages ages, LongAdder errors) throws IOException {
        ShadowBook book = new ShadowBook(shadow, store, ages, errors);
        book.load();
        return book;
    }

    private void load() throws IOException {
        each(new byte[0], this::load);
        if (table.get(SINCE).isEmpty()) {
            Stream.concat(shadow.apps().rows(), shadow.devices().rows())
                    .mapToLong(ShadowCounts.Row::firstMillis)
                    .min()
                    .ifPresent(first -> shadow.since(Instant.ofEpochMilli(first)));
        }
    }

    /** Each entry whose key begins so; it may be put or removed meanwhile. */
    private void each(byte[] prefix, Visit visit) throws IOException {
        List<Store.Entry> page = table.range(prefix, PAGE);
        while (!page.isEmpty()) {
            for (Store.Entry entry : page) {
                if (!ShadowBytes.begins(entry.key(), prefix)) {
                    return;
                }
                visit.row(entry);
            }
            byte[] last = page.get(page.size() - 1).key();
            page = table.range(Arrays.copyOf(last, last.length + 1), PAGE);
        }
    }

    private void load(Store.Entry entry) throws IOException {
        try {
            if (!read(entry)) {
                table.remove(entry.key());
            }
        } catch (IllegalArgumentException e) {
            LOG.error("a count of the shadow that was stored is dropped: {}", e.toString());
            table.remove(entry.key());
        }
    }

    /** @return whether there was room for it */
    private boolean read(Store.Entry entry) {
        if (Arrays.equals(entry.key(), SINCE)) {
            shadow.since(since(entry.value()));
            return true;
        }
        ShadowCounts.Key key = ShadowBytes.readKey(entry.key());
        ShadowBytes.Stored row = ShadowBytes.read(entry.value());
        return counts(ShadowBytes.kind(entry.key())).restore(key, row);
    }

    private ShadowCounts counts(String kind) {
        ShadowCounts counts = kinds.get(kind);
        if (counts == null) {
            throw new IllegalArgumentException("is of a kind that this gateway does not know");
        }
        return counts;
    }

    private static Instant since(byte[] value) {
        if (value.length != Long.BYTES) {
            throw new IllegalArgumentException("is not when counting began");
        }
        return Instant.ofEpochMilli(ByteBuffer.wrap(value).getLong());
    }

    private static byte[] bytes(Instant time) {
        return ByteBuffer.allocate(Long.BYTES).putLong(time.toEpochMilli()).array();
    }

    /** Stores what was counted since the last time; what cannot be stored now is stored the next time. */
    public synchronized void save() {
        Map<String, Map<ShadowCounts.Key, byte[]>> changed = new HashMap<>();
        // Not before those that went the last time are gone from the disk, too.
        if (gone.isEmpty()) {
            kinds.forEach(this::drop);
        }
        kinds.forEach((kind, counts) -> changed.put(kind, counts.takeChanged()));
        try {
            for (byte[] key : gone) {
                table.remove(key);
            }
            for (Map.Entry<String, Map<ShadowCounts.Key, byte[]>> rows : changed.entrySet()) {
                save(rows.getKey(), rows.getValue());
            }
            table.put(SINCE, bytes(shadow.since()));
            ages.save();
            store.sync();
            gone.clear();
            failing = false;
        } catch (IOException e) {
            changed.forEach((kind, rows) -> counts(kind).putBack(rows.keySet()));
            errors.increment();
            if (!failing) {
                failing = true;
                LOG.error("counts of the shadow could not be stored, it is tried again: {}", e.toString());
            }
        }
    }

    private void drop(String kind, ShadowCounts counts) {
        long now = ages.millis();
        Stream.concat(
                        counts.forget(now - KEPT.toMillis()).stream(),
                        counts.makeRoom(now - UNTOUCHED.toMillis()).stream())
                .forEach(key -> gone.add(ShadowBytes.key(kind, key)));
    }

    private void save(String kind, Map<ShadowCounts.Key, byte[]> changed) throws IOException {
        for (Map.Entry<ShadowCounts.Key, byte[]> row : changed.entrySet()) {
            table.put(ShadowBytes.key(kind, row.getKey()), row.getValue());
        }
    }

    /**
     * Nothing is known any more of what would have become of a device, on the disk with the store's next sync. What apps would have lost
     * stays counted; among an app's devices it is no more, but where there were too many to be counted exactly.
     *
     * @return its rows
     * @throws IOException when the store fails
     */
    public synchronized int forget(String device) throws IOException {
        int rows = shadow.devices().forget(device).size();
        shadow.apps().uncount(device);
        // By what is stored, not by what is remembered: who failed before does the rest.
        List<byte[]> stored = new ArrayList<>();
        each(ShadowBytes.prefix(DEVICE, device), entry -> {
            table.remove(entry.key());
            stored.add(entry.key());
        });
        each(ShadowBytes.prefix(APP), entry -> {
            ShadowBytes.Stored row = ShadowBytes.read(entry.value());
            if (row.others().remove(device)) {
                table.put(entry.key(), ShadowBytes.write(row));
            }
        });
        return Math.max(rows, stored.size());
    }
}
