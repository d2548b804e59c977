package io.postern.gateway.context;

import io.postern.analytics.context.ContextEvent;
import io.postern.gateway.facts.NativeEventWriter;
import io.postern.gateway.facts.NativeEvents;
import io.postern.gateway.facts.Told;
import io.postern.gateway.state.Store;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events on the disk, in blocks of some that came together: key is a number that only grows (eight bytes), value is
 *
 * <pre>
 * when it came, Unix time in ms (8 bytes) | native events, one a line
 * </pre>
 *
 * <p>Blocks go by age, and the oldest by room. For one thread, which the disk may hold up.
 */
final class FactLog {

    static final String TABLE = "facts";

    private static final Logger LOG = LoggerFactory.getLogger(FactLog.class);

    /** Events of a block at most, which so has 4 MiB at most; as many as that are read into memory at once. */
    static final int IN_BLOCK = 256;

    private static final int AT_ONCE = 16;

    private final Store store;
    private final Store.Table table;
    private final long keptMillis;
    private final long keptBytes;
    private long next;
    private final AtomicLong bytes = new AtomicLong();

    FactLog(Store store, Duration kept, long keptBytes) throws IOException {
        this.store = store;
        this.table = store.table(TABLE);
        this.keptMillis = kept.toMillis();
        this.keptBytes = keptBytes;
    }

    /** Reads all that is kept, oldest first; once, before anything is appended. */
    void replay(Consumer<ContextEvent> each) throws IOException {
        NativeEvents reader = new NativeEvents();
        long[] unread = new long[1];
        List<Store.Entry> page = table.range(key(0), AT_ONCE);
        while (!page.isEmpty()) {
            for (Store.Entry entry : page) {
                next = ByteBuffer.wrap(entry.key()).getLong() + 1;
                ByteBuffer value = ByteBuffer.wrap(entry.value());
                value.getLong();
                bytes.addAndGet(entry.value().length);
                byte[] lines = new byte[value.remaining()];
                value.get(lines);
                reader.body(lines, (told, place) -> {
                    if (told instanceof Told.Event event) {
                        each.accept(event.event());
                    } else {
                        unread[0]++;
                    }
                });
            }
            page = table.range(key(next), AT_ONCE);
        }
        if (unread[0] > 0) {
            LOG.error("facts were kept and do not read any more facts={}", unread[0]);
        }
    }

    /** On the disk once {@link #sync} has returned. */
    void append(List<ContextEvent> events, long cameMillis) throws IOException {
        for (int from = 0; from < events.size(); from += IN_BLOCK) {
            appendBlock(events.subList(from, Math.min(from + IN_BLOCK, events.size())), cameMillis);
        }
    }

    private void appendBlock(List<ContextEvent> events, long cameMillis) throws IOException {
        ByteArrayOutputStream value = new ByteArrayOutputStream(Long.BYTES + 256 * events.size());
        value.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(cameMillis).array());
        try (NativeEventWriter lines = new NativeEventWriter(value)) {
            events.forEach(lines::write);
        }
        byte[] written = value.toByteArray();
        table.put(key(next), written);
        bytes.addAndGet(written.length);
        next++;
    }

    void sync() throws IOException {
        store.sync();
    }

    /** Removes what is too old, or too much. */
    void prune(long nowMillis) throws IOException {
        List<Store.Entry> oldest = table.range(key(0), AT_ONCE);
        while (!oldest.isEmpty()) {
            for (Store.Entry entry : oldest) {
                long came = ByteBuffer.wrap(entry.value()).getLong();
                if (bytes.get() <= keptBytes && came >= nowMillis - keptMillis) {
                    return;
                }
                table.remove(entry.key());
                bytes.addAndGet(-entry.value().length);
            }
            oldest = table.range(key(0), AT_ONCE);
        }
    }

    /** Of all events, as they are written. */
    long bytes() {
        return bytes.get();
    }

    private static byte[] key(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }
}
