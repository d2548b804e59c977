package io.postern.gateway.quarantine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postern.gateway.state.Ages;
import io.postern.gateway.state.Store;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Quarantines on the disk: those that stand, and the last that ended. For one thread at a time. */
final class QuarantineStore {

    private static final Logger LOG = LoggerFactory.getLogger(QuarantineStore.class);

    /** That are over. */
    static final int KEPT = 1_000;

    private static final int PAGE = 256;

    private static final Comparator<Quarantine> LAST_BEGUN =
            Comparator.comparingLong(Quarantine::sinceMillis).thenComparingLong(Quarantine::untilMillis);

    /** What a table had under a key. */
    private record Row(Store.Table table, Store.Entry entry, boolean there) {

        static Row of(Store.Table table, byte[] key) throws IOException {
            Optional<byte[]> value = table.get(key);
            return new Row(table, new Store.Entry(key, value.orElse(key)), value.isPresent());
        }

        void putBack() throws IOException {
            if (there) {
                table.put(entry.key(), entry.value());
            } else {
                table.remove(entry.key());
            }
        }
    }

    private final Store store;
    private final Ages ages;
    private final Store.Table standing;
    private final Store.Table over;
    /** Oldest end first. */
    private final Deque<Quarantine> ended = new ArrayDeque<>();
    /** The same, for whoever does not wait for the disk. */
    private volatile List<Quarantine> shown = List.of();

    /** @throws IOException when the store cannot be read */
    QuarantineStore(Store store, Ages ages) throws IOException {
        this.store = store;
        this.ages = ages;
        standing = store.table("quarantines");
        over = store.table("quarantines-ended");
        each(over, ended::add);
        shown = List.copyOf(ended);
    }

    /**
     * Every one that stood when the process ended, and may be over by now. Of each scope the last that was begun: a disk that
     * failed may have kept others, which are gone when this returns.
     */
    void each(Consumer<Quarantine> what) throws IOException {
        Map<Scope, Quarantine> last = new LinkedHashMap<>();
        List<Quarantine> all = new ArrayList<>();
        each(standing, one -> {
            all.add(one);
            last.merge(one.scope(), one, BinaryOperator.maxBy(LAST_BEGUN));
        });
        for (Quarantine one : all) {
            if (!one.equals(last.get(one.scope()))) {
                standing.remove(id(one));
            }
        }
        last.values().forEach(what);
    }

    private static void each(Store.Table table, Consumer<Quarantine> what) throws IOException {
        byte[] from = {0};
        List<Store.Entry> page = table.range(from, PAGE);
        while (!page.isEmpty()) {
            for (Store.Entry one : page) {
                try {
                    what.accept(QuarantineBytes.read(one.value()));
                } catch (IllegalArgumentException e) {
                    LOG.error("a quarantine that was stored is left out: {}", e.toString());
                }
            }
            byte[] last = page.get(page.size() - 1).key();
            from = Arrays.copyOf(last, last.length + 1);
            page = table.range(from, PAGE);
        }
    }

    /**
     * All of them, on the disk when this returns.
     *
     * @throws IOException when they could not be stored; nothing has changed
     */
    void save(Collection<Quarantine> changed) throws IOException {
        write(changed);
        remember(changed);
    }

    /**
     * The same of what is remembered already.
     *
     * @throws IOException when they could not be stored; nothing has changed
     */
    void saveAgain(Collection<Quarantine> changed) throws IOException {
        write(changed);
    }

    private void write(Collection<Quarantine> changed) throws IOException {
        Deque<Row> before = new ArrayDeque<>();
        try {
            for (Quarantine one : changed) {
                before.addFirst(Row.of(standing, id(one)));
                if (one.end().isEmpty()) {
                    standing.put(id(one), QuarantineBytes.write(one));
                } else {
                    standing.remove(id(one));
                    before.addFirst(Row.of(over, key(one)));
                    over.put(key(one), QuarantineBytes.write(one));
                }
            }
            List<Quarantine> all = Stream.concat(ended.stream(), changed.stream())
                    .filter(one -> one.end().isPresent())
                    .distinct()
                    .toList();
            for (Quarantine oldest : all.subList(0, Math.max(0, all.size() - KEPT))) {
                before.addFirst(Row.of(over, key(oldest)));
                over.remove(key(oldest));
            }
            ages.save();
            store.sync();
        } catch (IOException e) {
            putBack(before);
            throw e;
        }
    }

    /** So that a sync for another's sake does not store them after all. */
    private static void putBack(Collection<Row> before) {
        for (Row row : before) {
            try {
                row.putBack();
            } catch (IOException e) {
                LOG.warn("a quarantine could not be put back as it was stored: {}", e.toString());
            }
        }
    }

    /** Those that are over are among the last that ended, on the disk or not. */
    void remember(Collection<Quarantine> changed) {
        for (Quarantine one : changed) {
            if (one.end().isPresent()) {
                ended.addLast(one);
                if (ended.size() > KEPT) {
                    ended.removeFirst();
                }
            }
        }
        shown = List.copyOf(ended);
    }

    /** Those of a device that are over. */
    int forget(String device) throws IOException {
        return drop(one -> one.scope().device().equals(device));
    }

    /** Those that were over before a time. */
    void forget(long beforeMillis) throws IOException {
        Quarantine oldest = ended.peekFirst();
        if (oldest != null && oldest.end().orElseThrow().millis() < beforeMillis) {
            drop(one -> one.end().orElseThrow().millis() < beforeMillis);
        }
    }

    /** Those that are over and of a kind; how many. On the disk when this returns. */
    private int drop(Predicate<Quarantine> which) throws IOException {
        List<Quarantine> gone = ended.stream().filter(which).toList();
        Deque<Row> before = new ArrayDeque<>();
        try {
            for (Quarantine one : gone) {
                before.addFirst(Row.of(over, key(one)));
                over.remove(key(one));
            }
            store.sync();
        } catch (IOException e) {
            putBack(before);
            throw e;
        }
        ended.removeAll(gone);
        shown = List.copyOf(ended);
        return gone.size();
    }

    private static byte[] id(Quarantine one) {
        return one.id().getBytes(UTF_8);
    }

    /** So that the next start knows what time it was. */
    void close() {
        try {
            ages.save();
            store.sync();
        } catch (IOException e) {
            LOG.warn("the time of quarantines could not be stored: {}", e.toString());
        }
    }

    /** In order of their ends. */
    private static byte[] key(Quarantine one) {
        long at = one.end().orElseThrow().millis();
        return "%016x%s".formatted(at, one.id()).getBytes(UTF_8);
    }

    /** The last that ended, oldest first. Any thread; waits for nothing. */
    List<Quarantine> ended() {
        return shown;
    }
}
