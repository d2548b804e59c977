package io.postern.gateway.context;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.postern.analytics.context.ContextEvent;
import io.postern.gateway.facts.NativeEventWriter;
import io.postern.gateway.facts.NativeEvents;
import io.postern.gateway.facts.Told;
import io.postern.gateway.records.DeviceLines;
import io.postern.gateway.state.Store;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events on the disk, in blocks of some that came together from one source: key is the source's name and a number that
 * only grows (eight bytes, of which the first is 0 and ends the name), value is
 *
 * <pre>
 * when it came, Unix time in ms (8 bytes) | native events, one a line
 * </pre>
 *
 * <p>Blocks go by age, told by when they came, whatever time their events tell. Where there is too much the source that has most gives its oldest, so no
 * source has another's forgotten while it has more itself. For one thread, which the disk may hold up.
 */
final class FactLog {

    static final String TABLE = "facts";

    /** Has one entry at most, written to see whether the disk takes any. */
    private static final String TRIAL = "facts-trial";

    private static final byte[] TRIED = {1};

    private static final Logger LOG = LoggerFactory.getLogger(FactLog.class);

    /** Events of a block at most, which so has 4 MiB at most; one of each source is read into memory at once. */
    static final int IN_BLOCK = 256;

    private final Store store;
    private final Store.Table table;
    private final long keptMillis;
    private final long keptBytes;
    private final Store.Table trial;
    private long next;

    /** Keys of blocks that were put since the last {@link #sync}. */
    private final List<byte[]> unsynced = new ArrayList<>();

    /** When the last came; negative where there is none. */
    private long lastMillis = -1;

    /** By source; also of those that the settings name no more, while they have any. */
    private final Map<String, Long> ofSource = new HashMap<>();

    private final AtomicLong bytes = new AtomicLong();
    private final Map<String, LongAdder> crowdedOut = new ConcurrentHashMap<>();

    FactLog(Store store, Duration kept, long keptBytes) throws IOException {
        this.store = store;
        this.table = store.table(TABLE);
        this.trial = store.table(TRIAL);
        this.keptMillis = kept.toMillis();
        this.keptBytes = keptBytes;
    }

    /** Reads all that is kept in the order in which it came; once, before anything is appended. */
    void replay(Consumer<ContextEvent> each) throws IOException {
        NativeEvents reader = new NativeEvents();
        long[] unread = new long[1];
        Queue<Kept> oldest = new PriorityQueue<>(Comparator.comparingLong(Kept::number));
        oldest.addAll(oldestOfEach());
        while (!oldest.isEmpty()) {
            Kept block = oldest.remove();
            next = block.number + 1;
            lastMillis = block.cameMillis();
            add(block.source, block.bytes());
            reader.body(block.lines(), (told, place) -> {
                if (told instanceof Told.Event event) {
                    each.accept(event.event());
                } else {
                    unread[0]++;
                }
            });
            oldestOf(block.source, next).ifPresent(oldest::add);
        }
        if (unread[0] > 0) {
            LOG.error("facts were kept and do not read any more facts={}", unread[0]);
        }
    }

    private List<Kept> oldestOfEach() throws IOException {
        List<Kept> all = new ArrayList<>();
        List<Store.Entry> found = table.range(new byte[] {0}, 1);
        while (!found.isEmpty()) {
            Kept first = Kept.of(found.get(0));
            all.add(first);
            // Behind every number of this source, whose first byte is 0, and before any longer name.
            found = table.range((first.source + "\1").getBytes(US_ASCII), 1);
        }
        return all;
    }

    private Optional<Kept> oldestOf(String source, long from) throws IOException {
        return table.range(key(source, from), 1).stream()
                .map(Kept::of)
                .filter(found -> found.source.equals(source))
                .findFirst();
    }

    /** A block as it stands there. */
    private record Kept(String source, long number, Store.Entry entry) {

        static Kept of(Store.Entry entry) {
            int name = entry.key().length - Long.BYTES;
            return new Kept(
                    new String(entry.key(), 0, name, US_ASCII),
                    ByteBuffer.wrap(entry.key()).getLong(name),
                    entry);
        }

        int bytes() {
            return entry.value().length;
        }

        long cameMillis() {
            return ByteBuffer.wrap(entry.value()).getLong();
        }

        byte[] cameAt(long millis) {
            byte[] value = entry.value().clone();
            ByteBuffer.wrap(value).putLong(millis);
            return value;
        }

        byte[] lines() {
            return Arrays.copyOfRange(entry.value(), Long.BYTES, entry.value().length);
        }

        int events() {
            int lines = 0;
            for (int i = Long.BYTES; i < entry.value().length; i++) {
                lines += entry.value()[i] == '\n' ? 1 : 0;
            }
            return lines;
        }
    }

    /** On the disk once {@link #sync} has returned. */
    void append(List<ContextEvent> events, long cameMillis) throws IOException {
        Map<String, List<ContextEvent>> bySource = new LinkedHashMap<>();
        for (ContextEvent event : events) {
            bySource.computeIfAbsent(Source.ofEvent(event), source -> new ArrayList<>())
                    .add(event);
        }
        for (Map.Entry<String, List<ContextEvent>> of : bySource.entrySet()) {
            List<ContextEvent> all = of.getValue();
            for (int from = 0; from < all.size(); from += IN_BLOCK) {
                appendBlock(of.getKey(), all.subList(from, Math.min(from + IN_BLOCK, all.size())), cameMillis);
            }
        }
    }

    private void appendBlock(String source, List<ContextEvent> events, long cameMillis) throws IOException {
        ByteArrayOutputStream value = new ByteArrayOutputStream(Long.BYTES + 256 * events.size());
        value.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(cameMillis).array());
        try (NativeEventWriter lines = new NativeEventWriter(value)) {
            events.forEach(lines::write);
        }
        byte[] written = value.toByteArray();
        byte[] key = key(source, next++);
        unsynced.add(key);
        table.put(key, written);
        add(source, written.length);
        lastMillis = cameMillis;
    }

    private void add(String source, int more) {
        bytes.addAndGet(more);
        ofSource.merge(source, (long) more, Long::sum);
    }

    /**
     * @throws IOException also when the store was opened again since, without what was put before: others write to it too,
     *     and one of them may have found it broken
     */
    void sync() throws IOException {
        store.sync();
        for (byte[] key : unsynced) {
            if (table.get(key).isEmpty()) {
                throw new IOException("the store was opened again, without what was put before");
            }
        }
        unsynced.clear();
    }

    /**
     * After a failure: takes back what was put since the last {@link #sync} that returned, whether or not it reached the disk, and
     * counts anew what there is. Reads all of it.
     *
     * @throws IOException when the disk takes nothing yet; to be called again
     */
    void recover() throws IOException {
        for (byte[] key : unsynced) {
            table.remove(key);
        }
        // Removing what is not there writes nothing.
        trial.put(TRIED, ByteBuffer.allocate(Long.BYTES).putLong(next).array());
        store.sync();
        for (byte[] key : unsynced) {
            if (table.get(key).isPresent()) {
                throw new IOException("the store was opened again, with what was taken back");
            }
        }
        unsynced.clear();
        recount();
    }

    private void recount() throws IOException {
        Map<String, Long> counted = new HashMap<>();
        List<Store.Entry> found = table.range(new byte[] {0}, 1);
        while (!found.isEmpty()) {
            Kept block = Kept.of(found.get(0));
            counted.merge(block.source, (long) block.bytes(), Long::sum);
            found = table.range(key(block.source, block.number + 1), 1);
        }
        ofSource.clear();
        ofSource.putAll(counted);
        bytes.set(counted.values().stream().mapToLong(Long::longValue).sum());
    }

    /** Removes what is too old, or too much. */
    void prune(long nowMillis) throws IOException {
        for (String source : List.copyOf(ofSource.keySet())) {
            Optional<Kept> oldest = oldestOf(source, 0);
            while (oldest.isPresent() && oldest.get().cameMillis() < nowMillis - keptMillis) {
                remove(oldest.get());
                oldest = oldestOf(source, oldest.get().number);
            }
            // The clock was ahead when these came. Left so they would keep all behind them for as long.
            while (oldest.isPresent() && oldest.get().cameMillis() > nowMillis) {
                table.put(oldest.get().entry.key(), oldest.get().cameAt(nowMillis));
                oldest = oldestOf(source, oldest.get().number + 1);
            }
        }
        while (bytes.get() > keptBytes) {
            String most = Collections.max(ofSource.entrySet(), Map.Entry.comparingByValue())
                    .getKey();
            Kept given = oldestOf(most, 0).orElseThrow();
            remove(given);
            crowdedOut.computeIfAbsent(most, source -> new LongAdder()).add(given.events());
        }
    }

    /** Removes the events about a device; how many. On the disk once {@link #sync} has returned. */
    long forget(DeviceLines device) throws IOException {
        long gone = 0;
        List<Store.Entry> page = table.range(new byte[] {0}, 1);
        while (!page.isEmpty()) {
            Kept block = Kept.of(page.get(0));
            if (device.maybe(block.entry.value())) {
                gone += forget(device, block);
            }
            byte[] key = block.entry.key();
            page = table.range(Arrays.copyOf(key, key.length + 1), 1);
        }
        return gone;
    }

    private long forget(DeviceLines device, Kept block) throws IOException {
        byte[] before = block.entry.value();
        ByteArrayOutputStream left = new ByteArrayOutputStream(before.length);
        left.write(before, 0, Long.BYTES);
        long gone = 0;
        int from = Long.BYTES;
        for (int i = from; i < before.length; i++) {
            if (before[i] == '\n') {
                if (device.about(before, from, i)) {
                    gone++;
                } else {
                    left.write(before, from, i + 1 - from);
                }
                from = i + 1;
            }
        }
        if (left.size() == Long.BYTES) {
            remove(block);
        } else {
            table.put(block.entry.key(), left.toByteArray());
            bytes.addAndGet(left.size() - before.length);
            ofSource.computeIfPresent(block.source, (source, all) -> all + left.size() - before.length);
        }
        return gone;
    }

    private void remove(Kept block) throws IOException {
        table.remove(block.entry.key());
        bytes.addAndGet(-block.bytes());
        ofSource.computeIfPresent(
                block.source, (source, before) -> before == block.bytes() ? null : before - block.bytes());
    }

    /** When the last block came, Unix time in ms; negative where there is none. */
    long lastMillis() {
        return lastMillis;
    }

    /** Events of this source that went before their time for want of room. */
    long crowdedOut(String source) {
        LongAdder count = crowdedOut.get(source);
        return count == null ? 0 : count.sum();
    }

    /** Of all events, as they are written. */
    long bytes() {
        return bytes.get();
    }

    private static byte[] key(String source, long number) {
        byte[] name = source.getBytes(US_ASCII);
        return ByteBuffer.allocate(name.length + Long.BYTES)
                .put(name)
                .putLong(number)
                .array();
    }
}
