package io.postern.gateway.baseline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postern.analytics.Evidence;
import io.postern.analytics.Verdict;
import io.postern.analytics.baseline.Baseline;
import io.postern.analytics.baseline.BaselineSettings;
import io.postern.analytics.baseline.Decision;
import io.postern.analytics.baseline.Learner;
import io.postern.analytics.baseline.Sighting;
import io.postern.analytics.baseline.Subject;
import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.flow.Flow;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.records.FlowRecord;
import io.postern.gateway.state.Store;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns from records of flows on a thread of its own.
 *
 * <pre>
 * event loops → bounded queue → one thread → learner → each minute a snapshot, each five minutes the store
 * </pre>
 *
 * {@link #seen} never waits: when the queue is full the flow is not learnt from, and counted. What was learnt since it was
 * stored last is lost when the process is killed; a decision is on the disk before anybody is told that it was made.
 */
public final class Baselines implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Baselines.class);

    private static final int QUEUE = 16 * 1024;
    private static final int BATCH = 256;
    private static final int PAGE = 256;
    private static final long IDLE_NANOS = Duration.ofMillis(50).toNanos();
    private static final long SNAPSHOT_NANOS = Duration.ofMinutes(1).toNanos();
    private static final long STORE_NANOS = Duration.ofMinutes(5).toNanos();
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

    private final MessagePassingQueue<FlowRecord> queue = new MpscAtomicArrayQueue<>(QUEUE);
    private final Learner learner;

    /** Held from taking bytes of the learner until they are in the table: no decision is overwritten by older ones. */
    private final Object storing = new Object();

    private final Surroundings surroundings;
    private final Store store;
    private final Store.Table table;
    private final Clock clock;
    private final LongAdder dropped;
    private final Thread thread = new Thread(this::run, "baselines");
    private volatile Baseline snapshot = Baseline.EMPTY;
    private volatile boolean closing;
    private boolean faultLogged;

    private Baselines(BaselineSettings settings, Store store, Surroundings surroundings, Clock clock, Meters meters)
            throws IOException {
        this.learner = new Learner(settings);
        this.surroundings = surroundings;
        this.store = store;
        this.table = store.table("baselines");
        this.clock = clock;
        this.dropped = meters.count("postern.baseline.dropped", "Flows that were not learnt from, for want of time");
        meters.table("baselines", () -> locked(learner::size), () -> locked(learner::evicted));
        thread.setDaemon(true);
    }

    /**
     * Begins to learn from where the store left off.
     *
     * @throws IOException when the store cannot be read
     */
    public static Baselines start(
            BaselineSettings settings, Store store, Surroundings surroundings, Clock clock, Meters meters)
            throws IOException {
        Baselines baselines = new Baselines(settings, store, surroundings, clock, meters);
        baselines.load();
        baselines.thread.start();
        return baselines;
    }

    private void load() throws IOException {
        byte[] from = {0};
        List<Store.Entry> page = table.range(from, PAGE);
        while (!page.isEmpty()) {
            for (Store.Entry entry : page) {
                load(entry);
            }
            byte[] last = page.get(page.size() - 1).key();
            from = Arrays.copyOf(last, last.length + 1);
            page = table.range(from, PAGE);
        }
        learner.takeChanges();
        snapshot = learner.snapshot(clock.millis());
    }

    /** One that does not read is begun anew: it is not worth a gateway that does not start. */
    private void load(Store.Entry entry) {
        String name = new String(entry.key(), UTF_8);
        try {
            learner.read(Subject.parse(name).orElseThrow(), entry.value());
        } catch (RuntimeException e) {
            LOG.error("baseline does not read and is learnt anew subject={}: {}", name, e.toString());
        }
    }

    /** A flow has ended. What shows a tag that proves nothing speaks for no app. Any thread may call. */
    public void seen(FlowRecord record) {
        if (record.tag().deviceAssurance() != DeviceAssurance.INVALID && !queue.offer(record)) {
            dropped.increment();
        }
    }

    /** What is usual, as of at most a minute ago. */
    public Baseline snapshot() {
        return snapshot;
    }

    /** A finding or other evidence speaks of this app and destination: they are never proposed. Any thread but a loop's. */
    public void suspect(String app, Destination destination) {
        locked(() -> {
            learner.taint(app, surroundings.category(app), destination);
            return learner.size();
        });
    }

    /** A finding of this app and destination was harmless: they may be learnt again. */
    public void cleared(String app, Destination destination) {
        locked(() -> {
            learner.clear(app, surroundings.category(app), Learner.name(destination));
            return learner.size();
        });
    }

    public SortedSet<Subject> subjects() {
        return locked(learner::subjects);
    }

    public Optional<Learner.View> view(Subject subject) {
        return locked(() -> learner.view(subject, clock.millis()));
    }

    /**
     * Makes a decision of entries, in force and on the disk when this returns.
     *
     * @return of how many
     * @throws IOException when it could not be stored; it is in force all the same, until the next start
     */
    public int decide(Subject subject, Set<String> ids, Decision decision) throws IOException {
        synchronized (storing) {
            byte[] bytes;
            int decided;
            synchronized (learner) {
                decided = learner.decide(subject, ids, decision);
                bytes = learner.write(subject);
                snapshot = learner.snapshot(clock.millis());
            }
            table.put(key(subject), bytes);
            store.sync();
            return decided;
        }
    }

    private <T> T locked(Supplier<T> what) {
        synchronized (learner) {
            return what.get();
        }
    }

    private void run() {
        long snapshotAt = System.nanoTime() + SNAPSHOT_NANOS;
        long storeAt = System.nanoTime() + STORE_NANOS;
        while (!closing || !queue.isEmpty()) {
            int learnt = locked(() -> queue.drain(this::learn, BATCH));
            long now = System.nanoTime();
            if (now - snapshotAt >= 0) {
                refresh();
                snapshotAt = now + SNAPSHOT_NANOS;
            }
            if (now - storeAt >= 0) {
                save();
                storeAt = now + STORE_NANOS;
            }
            if (learnt == 0 && !closing) {
                LockSupport.parkNanos(this, IDLE_NANOS);
            }
        }
        save();
    }

    /** For detection and for whoever looks: what was learnt up to now. */
    void refresh() {
        synchronized (learner) {
            learner.forget(clock.millis());
            snapshot = learner.snapshot(clock.millis());
        }
    }

    private void learn(FlowRecord record) {
        try {
            FlowWords.of(record).ifPresent(flow -> learn(record, flow));
        } catch (RuntimeException e) {
            dropped.increment();
            if (!faultLogged) {
                faultLogged = true;
                LOG.error("a flow could not be learnt from; the next ones are only counted", e);
            }
        }
    }

    private void learn(FlowRecord record, Flow flow) {
        String app = record.tag().app();
        String category = surroundings.category(app);
        boolean suspect = suspect(record);
        if (record.setup().isZero()) {
            // It was never reached: nothing to learn but what speaks against it.
            if (suspect) {
                learner.taint(app, category, flow.destination());
            }
            return;
        }
        learner.learn(new Sighting(
                flow,
                category,
                surroundings.build(flow.key()),
                surroundings.situation(flow.key(), flow.startMillis()),
                record.bytesOut(),
                record.bytesIn(),
                suspect));
    }

    /** What a written rule speaks against must not become normal either. */
    private static boolean suspect(FlowRecord record) {
        return record.evidence().stream().anyMatch(Evidence::supports)
                || (!record.setup().isZero() && record.verdict().action() != Verdict.Action.ALLOW);
    }

    private void save() {
        synchronized (storing) {
            saveAlone();
        }
    }

    private void saveAlone() {
        List<Subject> changed;
        List<Subject> gone;
        synchronized (learner) {
            Learner.Changes changes = learner.takeChanges();
            changed = changes.changed();
            gone = changes.gone();
        }
        try {
            for (Subject subject : changed) {
                table.put(key(subject), locked(() -> learner.write(subject)));
            }
            for (Subject subject : gone) {
                table.remove(key(subject));
            }
            store.sync();
        } catch (IOException e) {
            LOG.error("baselines could not be stored, what was learnt lately may be lost: {}", e.toString());
        }
    }

    private static byte[] key(Subject subject) {
        return subject.toString().getBytes(UTF_8);
    }

    /** Learns what is queued, stores all of it and stops. The store stays open. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            thread.join(CLOSE_WITHIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
