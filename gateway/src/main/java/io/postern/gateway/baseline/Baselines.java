package io.postern.gateway.baseline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postern.analytics.Evidence;
import io.postern.analytics.Verdict;
import io.postern.analytics.baseline.Baseline;
import io.postern.analytics.baseline.BaselineSettings;
import io.postern.analytics.baseline.Cause;
import io.postern.analytics.baseline.Decision;
import io.postern.analytics.baseline.Learner;
import io.postern.analytics.baseline.Sighting;
import io.postern.analytics.baseline.Subject;
import io.postern.analytics.finding.Technique;
import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.flow.Flow;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.records.FlowRecord;
import io.postern.gateway.state.Ages;
import io.postern.gateway.state.Store;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicLong;
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
 * event loops → bounded queues → one thread → learner → each minute a snapshot, each five minutes the store
 * </pre>
 *
 * {@link #seen} and the words of findings never wait: when a queue is full the flow is not learnt from, or the
 * word of it not taken, and counted. What was learnt since it was stored last is lost when the process is killed; a decision
 * is on the disk before anybody is told that it was made. Nothing is forgotten and nothing expires because a clock was set.
 */
public final class Baselines implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Baselines.class);

    private static final String TABLE = "baselines";
    private static final int QUEUE = 16 * 1024;
    private static final int WORDS = 4 * 1024;
    private static final int BATCH = 256;
    private static final int PAGE = 256;
    private static final long IDLE_NANOS = Duration.ofMillis(50).toNanos();
    private static final long SNAPSHOT_NANOS = Duration.ofMinutes(1).toNanos();
    private static final long STORE_NANOS = Duration.ofMinutes(5).toNanos();
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

    private final MessagePassingQueue<FlowRecord> queue = new MpscAtomicArrayQueue<>(QUEUE);
    private final MessagePassingQueue<Word> words = new MpscAtomicArrayQueue<>(WORDS);

    /** Its lock may be held for as long as a snapshot takes: no event loop takes it. */
    private final Learner learner;

    /** Held from taking bytes of the learner until they are in the table: no decision is overwritten by older ones. */
    private final Object storing = new Object();

    private final Surroundings surroundings;
    private final Store store;
    private final Store.Table table;
    private final Ages ages;
    private final LongAdder dropped;
    private final Thread thread = new Thread(this::run, "baselines");
    private volatile Baseline snapshot = Baseline.EMPTY;
    /** Of the learner, for whoever may not wait for it. */
    private volatile int size;

    private volatile long evicted;
    private final AtomicLong decisions = new AtomicLong();
    private volatile boolean closing;
    private boolean faultLogged;

    /**
     * What findings say of an app and destination.
     *
     * @param finding its unique id
     */
    private record Word(String app, Destination destination, String finding, Says says) {}

    private enum Says {
        SUSPECT,
        CONFIRMED,
        UNANSWERED,
        HARMLESS
    }

    private Baselines(BaselineSettings settings, Store store, Surroundings surroundings, Clock clock, Meters meters)
            throws IOException {
        this.learner = new Learner(settings);
        this.surroundings = surroundings;
        this.store = store;
        this.table = store.table(TABLE);
        this.ages = Ages.open(store, TABLE, clock);
        this.dropped = meters.count("postern.baseline.dropped", "Flows that were not learnt from, for want of time");
        meters.table("baselines", () -> size, () -> evicted);
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
        learner.putBack(new Learner.Changes(List.of(), learner.takeChanges().gone()));
        snapshot = learner.snapshot(ages.millis());
        publish();
    }

    private void publish() {
        size = learner.size();
        evicted = learner.evicted();
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

    /** Goes up with every decision, and everything of another gateway, that {@link #snapshot} tells of. */
    public long decisions() {
        return decisions.get();
    }

    /** A finding speaks of this app and destination: while it does they are never proposed. Any thread may call. */
    public void suspect(String app, Destination destination, String finding) {
        tell(new Word(app, destination, finding, Says.SUSPECT));
    }

    /** Somebody answered of that finding that it was what it said. Any thread may call. */
    public void confirmed(String app, Destination destination, String finding) {
        tell(new Word(app, destination, finding, Says.CONFIRMED));
    }

    /** That answer was taken back; what the finding itself says is told by {@link #suspect}. Any thread may call. */
    public void unanswered(String app, Destination destination, String finding) {
        tell(new Word(app, destination, finding, Says.UNANSWERED));
    }

    /** That finding was closed as harmless: if nothing else speaks against them, they may be learnt again. Any thread may call. */
    public void cleared(String app, Destination destination, String finding) {
        tell(new Word(app, destination, finding, Says.HARMLESS));
    }

    private void tell(Word word) {
        if (!words.offer(word)) {
            dropped.increment();
        }
    }

    public SortedSet<Subject> subjects() {
        return locked(learner::subjects);
    }

    public Optional<Learner.View> view(Subject subject) {
        return locked(() -> learner.view(subject, ages.millis()));
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
                snapshot = learner.snapshot(ages.millis());
                publish();
            }
            decisions.incrementAndGet();
            table.put(key(subject), bytes);
            store.sync();
            return decided;
        }
    }

    /** See {@link Learner#share}. */
    public Optional<byte[]> share(Subject subject) {
        return locked(() -> learner.share(subject));
    }

    /**
     * Takes in what another gateway shares, on the disk when this returns; see {@link Learner#adopt}.
     *
     * @throws IOException when it could not be stored; it counts all the same, and is stored the next time
     * @throws IllegalArgumentException if it is not what a gateway writes; then nothing has changed
     */
    public int adopt(Subject subject, byte[] shared) throws IOException {
        synchronized (storing) {
            byte[] bytes;
            int entries;
            synchronized (learner) {
                entries = learner.adopt(subject, shared, ages.millis());
                bytes = learner.write(subject);
                snapshot = learner.snapshot(ages.millis());
                publish();
            }
            decisions.incrementAndGet();
            table.put(key(subject), bytes);
            store.sync();
            return entries;
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
        while (!closing || !queue.isEmpty() || !words.isEmpty()) {
            int learnt = locked(this::learn);
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

    private int learn() {
        int learnt = words.drain(this::take, BATCH) + queue.drain(this::learn, BATCH);
        publish();
        return learnt;
    }

    private void take(Word word) {
        String category = surroundings.category(word.app);
        String destination = Learner.name(word.destination);
        Cause found = Cause.finding(word.finding);
        Cause confirmed = Cause.confirmed(word.finding);
        switch (word.says) {
            case SUSPECT -> {
                learner.taint(word.app, category, destination, found, ages.millis());
                // An answer that was taken back.
                learner.clear(word.app, category, destination, confirmed);
            }
            case CONFIRMED -> learner.taint(word.app, category, destination, confirmed, ages.millis());
            case UNANSWERED -> learner.clear(word.app, category, destination, confirmed);
            case HARMLESS -> {
                learner.clear(word.app, category, destination, found);
                learner.clear(word.app, category, destination, confirmed);
            }
        }
    }

    /** For detection and for whoever looks: what was learnt up to now. Any thread but a loop's. */
    public void refresh() {
        synchronized (learner) {
            queue.drain(this::learn, BATCH);
            learner.forget(ages.millis());
            snapshot = learner.snapshot(ages.millis());
            publish();
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
        Verdict.Action action = record.verdict().action();
        if (action.ends()) {
            // What is refused is not usual, and needs no taint: else a device fills the table by asking for it.
            return;
        }
        String app = record.tag().app();
        String category = surroundings.category(app);
        boolean evidence = record.evidence().stream().anyMatch(Evidence::supports);
        boolean reached = !record.setup().isZero();
        String destination = Learner.name(flow.destination());
        String reason = record.verdict().reason();
        // A finding taints by itself, until it is closed as harmless.
        boolean written = Technique.of(reason).isEmpty()
                && record.rules().stream().anyMatch(rule -> rule.name().equals(reason));
        if (reached && written && action != Verdict.Action.ALLOW) {
            // What a written rule speaks against must not become normal either.
            learner.taint(app, category, destination, Cause.rule(reason), flow.startMillis());
        }
        if (!reached) {
            if (evidence) {
                learner.taint(app, category, destination, Cause.EVIDENCE, flow.startMillis());
            }
            return;
        }
        learner.learn(new Sighting(
                flow,
                category,
                surroundings.build(flow.tag(), flow.startMillis()),
                surroundings.situation(flow.key(), flow.startMillis()),
                record.bytesOut(),
                record.bytesIn(),
                evidence));
    }

    /** What cannot be stored now is stored the next time. */
    void save() {
        synchronized (storing) {
            saveAlone();
        }
    }

    private void saveAlone() {
        Learner.Changes changes = locked(learner::takeChanges);
        boolean stored = false;
        try {
            for (Subject subject : changes.changed()) {
                table.put(key(subject), locked(() -> learner.write(subject)));
            }
            for (Subject subject : changes.gone()) {
                table.remove(key(subject));
            }
            ages.save();
            store.sync();
            stored = true;
        } catch (IOException e) {
            LOG.error("baselines could not be stored, what was learnt lately may be lost: {}", e.toString());
        } finally {
            if (!stored) {
                putBack(changes);
            }
        }
    }

    private void putBack(Learner.Changes changes) {
        synchronized (learner) {
            learner.putBack(changes);
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
