package io.postern.gateway.finding;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postern.analytics.finding.FindingBook;
import io.postern.analytics.finding.FindingBytes;
import io.postern.analytics.finding.Kept;
import io.postern.analytics.finding.Suppression;
import io.postern.gateway.state.Ages;
import io.postern.gateway.state.Store;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The book's findings and suppressions on the disk. What could not be stored is stored the next time. Not for several threads. */
final class FindingTables {

    private static final Logger LOG = LoggerFactory.getLogger(FindingTables.class);

    private static final String TABLE = "findings";
    private static final int PAGE = 256;

    private final Store store;
    private final Store.Table findings;
    private final Store.Table suppressions;
    private final Ages ages;
    private final LongAdder errors;
    private final Map<String, Optional<Kept>> unsaved = new HashMap<>();
    private final Map<Suppression.Alike, Optional<Suppression>> unsavedSuppressions = new HashMap<>();

    /**
     * @param errors counts times that the store failed
     * @throws IOException when the store cannot be read
     */
    FindingTables(Store store, Clock clock, LongAdder errors) throws IOException {
        this.store = store;
        this.findings = store.table(TABLE);
        this.suppressions = store.table("finding-suppressions");
        this.ages = Ages.open(store, TABLE, clock);
        this.errors = errors;
    }

    /** By which time they grow old. Any thread may ask. */
    Ages ages() {
        return ages;
    }

    void load(FindingBook book) throws IOException {
        List<Kept> all = new ArrayList<>();
        each(findings, bytes -> all.add(FindingBytes.kept(bytes)));
        // In the order in which they came about: the newest of one thing is the one that goes on.
        all.stream()
                .sorted((one, other) -> Long.compare(one.number(), other.number()))
                .forEach(book::restore);
        each(suppressions, bytes -> book.restore(FindingBytes.suppression(bytes)));
        book.takeChanges();
    }

    private static void each(Store.Table table, Consumer<byte[]> entry) throws IOException {
        byte[] from = {0};
        List<Store.Entry> page = table.range(from, PAGE);
        while (!page.isEmpty()) {
            for (Store.Entry one : page) {
                try {
                    entry.accept(one.value());
                } catch (IllegalArgumentException e) {
                    LOG.error("a finding that was stored is left out: {}", e.toString());
                }
            }
            byte[] last = page.get(page.size() - 1).key();
            from = Arrays.copyOf(last, last.length + 1);
            page = table.range(from, PAGE);
        }
    }

    /** To be stored with the next {@link #save}. */
    void changed(FindingBook.Changes changes) {
        unsaved.putAll(changes.findings());
        unsavedSuppressions.putAll(changes.suppressions());
    }

    void save() throws IOException {
        if (unsaved.isEmpty() && unsavedSuppressions.isEmpty()) {
            return;
        }
        try {
            for (Map.Entry<String, Optional<Kept>> one : unsaved.entrySet()) {
                put(findings, one.getKey(), one.getValue().map(FindingBytes::write));
            }
            for (Map.Entry<Suppression.Alike, Optional<Suppression>> one : unsavedSuppressions.entrySet()) {
                Suppression.Alike like = one.getKey();
                put(
                        suppressions,
                        String.join("\n", like.analytic(), like.app(), like.destination(), like.device()),
                        one.getValue().map(FindingBytes::write));
            }
            ages.save();
            store.sync();
        } catch (IOException e) {
            errors.increment();
            throw e;
        }
        unsaved.clear();
        unsavedSuppressions.clear();
    }

    private static void put(Store.Table table, String key, Optional<byte[]> value) throws IOException {
        if (value.isPresent()) {
            table.put(key.getBytes(UTF_8), value.get());
        } else {
            table.remove(key.getBytes(UTF_8));
        }
    }
}
