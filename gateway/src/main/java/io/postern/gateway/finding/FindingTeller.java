package io.postern.gateway.finding;

import io.postern.analytics.finding.FindingBook;
import io.postern.gateway.records.DeviceLines;
import io.postern.gateway.records.FindingRecords;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores what the book has told, then tells the world, in the order in which it came about: on a thread of its own, or on that of
 * whoever cannot go on before. Many that wait are one write. Counts that only go on are stored each minute.
 */
final class FindingTeller {

    private static final Logger LOG = LoggerFactory.getLogger(FindingTeller.class);

    /** That wait to be stored; beyond that the book waits for the disk too, and detectors' words in their queue. */
    static final int MOST = 4_096;

    private static final long IDLE_NANOS = Duration.ofMillis(50).toNanos();
    private static final long STORE_NANOS = Duration.ofMinutes(1).toNanos();

    private final FindingTables tables;
    private final Supplier<FindingBook.Changes> changes;
    private final FindingRecords records;
    private final FindingCounts counts;
    private final Consumer<RuntimeException> fault;
    private final List<Consumer<Told>> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::run, "findings-store");

    /** Held while something is stored and told. Never asked for by whoever holds the book's. */
    private final Object telling = new Object();

    private List<Told> waiting = new ArrayList<>();
    private volatile boolean closing;

    /**
     * @param changes of the book that are not stored
     * @param fault told of what a listener throws
     */
    FindingTeller(
            FindingTables tables,
            Supplier<FindingBook.Changes> changes,
            FindingRecords records,
            FindingCounts counts,
            Consumer<RuntimeException> fault) {
        this.tables = tables;
        this.changes = changes;
        this.records = records;
        this.counts = counts;
        this.fault = fault;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void whenTold(Consumer<Told> listener) {
        listeners.add(listener);
    }

    /** To be stored and told. Waits for nothing. */
    void tell(List<Told> told) {
        synchronized (this) {
            waiting.addAll(told);
        }
        LockSupport.unpark(thread);
    }

    /** Waits for the disk where too much waits for it. */
    void catchUp() {
        if (count() >= MOST) {
            nowOrLog();
        }
    }

    /**
     * What was to be told is stored and told when this returns.
     *
     * @throws IOException when it could not be stored; it is told all the same, and stored with what comes next
     */
    void now() throws IOException {
        synchronized (telling) {
            // In this order: what is told is among the changes.
            List<Told> told = take();
            tables.changed(changes.get());
            try {
                tables.save();
            } finally {
                publish(told);
            }
        }
    }

    long erase(DeviceLines device) throws IOException {
        synchronized (telling) {
            records.flush();
            if (records.waiting()) {
                throw new IOException("findings cannot be written to their records");
            }
        }
        return records.erase(device);
    }

    private synchronized List<Told> take() {
        List<Told> all = waiting;
        waiting = new ArrayList<>();
        return all;
    }

    private synchronized int count() {
        return waiting.size();
    }

    private void nowOrLog() {
        try {
            now();
        } catch (IOException e) {
            LOG.error("findings could not be stored, they are tried again: {}", e.toString());
        }
    }

    private void publish(List<Told> all) {
        for (Told one : all) {
            one.kept().ifPresent(kept -> counts.count(kept, one.change()));
            if (!one.quiet()) {
                one.kept().ifPresent(kept -> records.add(kept, one.change()));
                one.campaign().ifPresent(campaign -> records.add(campaign, one.change()));
            }
        }
        records.flush();
        for (Told one : all) {
            listeners.forEach(listener -> publish(listener, one));
        }
    }

    private void publish(Consumer<Told> listener, Told told) {
        try {
            listener.accept(told);
        } catch (RuntimeException e) {
            fault.accept(e);
        }
    }

    private void run() {
        long storeAt = System.nanoTime() + STORE_NANOS;
        while (!closing) {
            if (count() > 0 || System.nanoTime() - storeAt >= 0) {
                nowOrLog();
                storeAt = System.nanoTime() + STORE_NANOS;
            } else {
                LockSupport.parkNanos(this, IDLE_NANOS);
            }
        }
        nowOrLog();
    }

    boolean alive() {
        return thread.isAlive();
    }

    /** Stores and tells what waits, once nothing more comes, and stops. */
    void close(Duration within) {
        closing = true;
        LockSupport.unpark(thread);
        try {
            thread.join(within.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        records.close();
    }
}
