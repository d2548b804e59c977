package io.postern.gateway.coverage;

import io.postern.gateway.state.Store;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps what coverage was, hour by hour, over restarts. The key is the hour and when the run began that counted it (eight
 * bytes each), the value a {@link Coverage.Span} as JSON; an hour with a restart in it has a span of each run. Waits for the
 * disk, so not for event loops.
 */
public final class CoverageBook {

    private static final Logger LOG = LoggerFactory.getLogger(CoverageBook.class);
    private static final String TABLE = "coverage";
    private static final int PRUNED_AT_ONCE = 256;
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private final Coverage coverage;
    private final Store store;
    private final Store.Table table;
    private final Duration kept;
    private final Clock clock;
    private final LongAdder errors;
    private long saved;
    private boolean failing;

    /**
     * @param kept how long an hour is kept
     * @param errors counts the times it could not be stored
     * @throws IOException when the store cannot be read
     */
    public CoverageBook(Coverage coverage, Store store, Duration kept, Clock clock, LongAdder errors)
            throws IOException {
        this.coverage = coverage;
        this.store = store;
        this.table = store.table(TABLE);
        this.kept = kept;
        this.clock = clock;
        this.errors = errors;
        this.saved = Coverage.hourOf(coverage.start());
    }

    /** Stores what was counted since the last time, and forgets what has been kept long enough. */
    public synchronized void save() {
        Instant now = clock.instant();
        long current = Coverage.hourOf(now);
        try {
            for (long hour = Math.max(saved, current - Coverage.HOURS); hour <= current; hour++) {
                Optional<Coverage.Span> span = coverage.hour(hour, now);
                if (span.isPresent()) {
                    table.put(key(hour), JSON.writeValueAsBytes(span.get()));
                }
            }
            prune(current - kept.toHours());
            store.sync();
            saved = current;
            failing = false;
        } catch (IOException e) {
            errors.increment();
            if (!failing) {
                failing = true;
                LOG.error("coverage could not be stored, it is tried again: {}", e.toString());
            }
        }
    }

    private void prune(long oldest) throws IOException {
        for (Store.Entry entry : table.range(new byte[] {0}, PRUNED_AT_ONCE)) {
            if (hour(entry) < oldest) {
                table.remove(entry.key());
            }
        }
    }

    /**
     * What was kept of the hours from one time to another, oldest first; the newest if there are more.
     *
     * @throws IOException when the store cannot be read
     */
    public List<JsonNode> hours(Instant from, Instant to, int most) throws IOException {
        save();
        long last = Coverage.hourOf(to);
        List<JsonNode> found = new ArrayList<>();
        byte[] at = ByteBuffer.allocate(Long.BYTES)
                .putLong(Math.max(0, Coverage.hourOf(from)))
                .array();
        // As many as can have been kept, with a restart in every one of them.
        for (Store.Entry entry : table.range(at, 2 * (int) Math.min(kept.toHours() + 1, 1 << 20))) {
            if (hour(entry) <= last) {
                found.add(JSON.readTree(entry.value()));
            }
        }
        return found.subList(Math.max(0, found.size() - most), found.size());
    }

    private byte[] key(long hour) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(hour)
                .putLong(coverage.start().toEpochMilli())
                .array();
    }

    private static long hour(Store.Entry entry) {
        return ByteBuffer.wrap(Arrays.copyOf(entry.key(), Long.BYTES)).getLong();
    }
}
