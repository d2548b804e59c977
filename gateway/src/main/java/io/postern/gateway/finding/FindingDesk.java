package io.postern.gateway.finding;

import io.postern.analytics.Verdict;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.finding.BookSettings;
import io.postern.analytics.finding.Campaign;
import io.postern.analytics.finding.Change;
import io.postern.analytics.finding.Excuse;
import io.postern.analytics.finding.ExcuseUse;
import io.postern.analytics.finding.FindingBook;
import io.postern.analytics.finding.Kept;
import io.postern.analytics.finding.Review;
import io.postern.analytics.finding.Silence;
import io.postern.analytics.finding.Suppression;
import io.postern.analytics.finding.Technique;
import io.postern.analytics.finding.World;
import io.postern.analytics.flow.AppKey;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.records.FindingRecords;
import io.postern.gateway.state.Store;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes findings from whoever makes them and keeps the book of them on a thread of its own.
 *
 * <pre>
 * detectors' threads → bounded queue → one thread → book → store → records → whoever listens
 * </pre>
 *
 * {@link #accept} never waits: when the queue is full the word is dropped and counted, and the next one of the same finding
 * makes up for it. Whatever is told to the world is in the store first; counts that only go on are stored each minute. An
 * analyst's answer is on the disk before anybody is told that it was taken. Nothing ends because a clock was set.
 */
public final class FindingDesk implements Consumer<Finding>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FindingDesk.class);

    private static final int BATCH = 256;
    private static final long IDLE_NANOS = Duration.ofMillis(50).toNanos();
    private static final long LOOK_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long STORE_NANOS = Duration.ofMinutes(1).toNanos();
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

    private final MessagePassingQueue<Entry> queue;
    private final FindingBook book;

    /** Held from a change of the book until it is stored and told: nothing is told in another order than it came about. */
    private final Object telling = new Object();

    private final FindingTables tables;
    private final FindingRecords records;
    private final Clock clock;
    private final LongAdder dropped;
    private final FindingCounts counts;
    private final List<Consumer<Told>> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::run, "findings");
    /** Of what stands: who floods the gateway with flows that it refuses must not crowd out detectors' words. */
    private volatile Set<AppKey> standing = Set.of();

    private volatile boolean closing;
    private volatile boolean faultLogged;

    /** Something to be done with the book. */
    private interface Entry {
        void on(FindingBook book, long nowMillis, FindingBook.Reader reader);
    }

    private FindingDesk(
            BookSettings settings,
            int most,
            Store store,
            World world,
            FindingRecords records,
            Clock clock,
            Meters meters)
            throws IOException {
        this.queue = new MpscAtomicArrayQueue<>(most);
        this.book = new FindingBook(settings, world);
        this.records = records;
        this.clock = clock;
        this.dropped = meters.count("postern.findings.dropped", "Words of detectors lost for want of time");
        this.tables = new FindingTables(
                store, clock, meters.count("postern.findings.store.errors", "Times findings could not be stored"));
        this.counts = new FindingCounts(meters);
        meters.table("findings", () -> locked(FindingBook::size), () -> locked(FindingBook::evicted));
        meters.watch(
                "postern.findings.unplaced",
                "Words about findings that were closed or forgotten before they came",
                () -> locked(FindingBook::unplaced));
        for (Technique technique : Technique.values()) {
            meters.falsePositiveBudget(technique.name(), () -> locked(each -> each.falsePositives(technique.name())));
        }
        thread.setDaemon(true);
    }

    /**
     * Goes on from where the store left off.
     *
     * @param most words that wait at most
     * @throws IOException when the store cannot be read
     */
    public static FindingDesk start(
            BookSettings settings,
            int most,
            Store store,
            World world,
            FindingRecords records,
            Clock clock,
            Meters meters)
            throws IOException {
        FindingDesk desk = new FindingDesk(settings, most, store, world, records, clock, meters);
        desk.tables.load(desk.book);
        desk.standing = desk.standing();
        desk.thread.start();
        return desk;
    }

    /** Told of everything that is told to the world, once it is stored, on a thread that it must not hold up. */
    public void whenTold(Consumer<Told> listener) {
        listeners.add(listener);
    }

    /** A detector's word about which nothing is done but to tell it. */
    @Override
    public void accept(Finding word) {
        found(word, Verdict.Action.ALERT, "");
    }

    /**
     * A detector's word. Any thread may call; never waits.
     *
     * @param action what is done about it
     * @param baseline version of the baseline it rests on; empty if none
     */
    public void found(Finding word, Verdict.Action action, String baseline) {
        offer((kept, now, reader) -> kept.take(word, action, baseline, now, reader));
    }

    /** The gateway has refused a flow. Any thread may call; never waits. */
    public void refused(AppKey key, String destination) {
        if (standing.contains(key)) {
            offer((kept, now, reader) -> kept.refused(key, destination, now));
        }
    }

    private void offer(Entry entry) {
        if (closing || !queue.offer(entry)) {
            dropped.increment();
        }
    }

    /** From now on these exceptions hold. Not for an event loop. */
    public void excuse(List<Excuse> excuses) {
        change((kept, now, reader) -> {
            kept.excuse(excuses, now, reader);
            return excuses.size();
        });
    }

    /**
     * An analyst answers; on the disk when this returns. Not for an event loop.
     *
     * @throws IOException when it could not be stored; it is in force all the same, until the next start
     */
    public FindingBook.Reviewed review(String uid, Review review, OptionalLong version) throws IOException {
        synchronized (telling) {
            List<Told> told = new ArrayList<>();
            FindingBook.Reviewed reviewed;
            synchronized (book) {
                reviewed = book.review(uid, review, version, now(), reader(told));
            }
            try {
                save();
            } finally {
                tell(told);
            }
            return reviewed;
        }
    }

    /** @return what it makes of the book, which it alone has meanwhile */
    private <T> T change(Changing<T> what) {
        synchronized (telling) {
            List<Told> told = new ArrayList<>();
            T result;
            synchronized (book) {
                result = what.on(book, now(), reader(told));
            }
            if (!told.isEmpty()) {
                saveOrLog();
            }
            tell(told);
            return result;
        }
    }

    private interface Changing<T> {
        T on(FindingBook book, long nowMillis, FindingBook.Reader reader);
    }

    /** Under the book's lock. */
    private long now() {
        long now = clock.millis();
        book.doubt(Math.max(0, now - tables.ages().millis()));
        return now;
    }

    private static FindingBook.Reader reader(List<Told> told) {
        return new FindingBook.Reader() {
            @Override
            public void told(Kept kept, Change change) {
                told.add(Told.of(kept, change));
            }

            @Override
            public void told(Campaign campaign, Change change) {
                told.add(Told.of(campaign, change));
            }
        };
    }

    private void tell(List<Told> told) {
        if (!told.isEmpty()) {
            standing = standing();
        }
        for (Told one : told) {
            one.kept().ifPresent(kept -> counts.count(kept, one.change()));
            if (!one.quiet()) {
                one.kept().ifPresent(kept -> records.add(kept, one.change()));
                one.campaign().ifPresent(campaign -> records.add(campaign, one.change()));
            }
        }
        records.flush();
        for (Told one : told) {
            listeners.forEach(listener -> tell(listener, one));
        }
    }

    private Set<AppKey> standing() {
        return list(kept -> kept.status().stands(), Long.MAX_VALUE, Integer.MAX_VALUE).stream()
                .map(kept -> kept.finding().key())
                .collect(Collectors.toUnmodifiableSet());
    }

    private void tell(Consumer<Told> listener, Told told) {
        try {
            listener.accept(told);
        } catch (RuntimeException e) {
            fault(e);
        }
    }

    private void run() {
        long lookAt = System.nanoTime() + LOOK_NANOS;
        long storeAt = System.nanoTime() + STORE_NANOS;
        while (!closing || !queue.isEmpty()) {
            int done = drain();
            long now = System.nanoTime();
            if (now - lookAt >= 0) {
                look();
                lookAt = now + LOOK_NANOS;
            }
            if (now - storeAt >= 0) {
                synchronized (telling) {
                    saveOrLog();
                }
                storeAt = now + STORE_NANOS;
            }
            if (done == 0 && !closing) {
                LockSupport.parkNanos(this, IDLE_NANOS);
            }
        }
        synchronized (telling) {
            saveOrLog();
        }
    }

    private int drain() {
        return queue.isEmpty()
                ? 0
                : change((kept, now, reader) -> queue.drain(entry -> guarded(entry, kept, now, reader), BATCH));
    }

    /** What time has ended ends; what could not be written is tried again. */
    void look() {
        change((kept, now, reader) -> {
            guarded((each, at, told) -> each.reached(at, told), kept, now, reader);
            return kept.size();
        });
    }

    private void guarded(Entry entry, FindingBook kept, long now, FindingBook.Reader reader) {
        try {
            entry.on(kept, now, reader);
        } catch (RuntimeException e) {
            fault(e);
        }
    }

    /** Ours; one finding must not keep the others from being told. */
    private void fault(RuntimeException e) {
        dropped.increment();
        if (!faultLogged) {
            faultLogged = true;
            LOG.error("a finding could not be kept or told; the next ones are only counted", e);
        }
    }

    private void saveOrLog() {
        try {
            save();
        } catch (IOException e) {
            LOG.error("findings could not be stored, they are tried again: {}", e.toString());
        }
    }

    /** Under {@link #telling}. */
    private void save() throws IOException {
        synchronized (book) {
            tables.changed(book.takeChanges());
        }
        tables.save();
    }

    private <T> T locked(Function<FindingBook, T> what) {
        synchronized (book) {
            return what.apply(book);
        }
    }

    public Optional<Kept> find(String uid) {
        return locked(each -> each.find(uid));
    }

    /**
     * Newest first.
     *
     * @param before only those of a smaller number
     */
    public List<Kept> list(Predicate<Kept> wanted, long before, int most) {
        return locked(each -> each.list(wanted, before, most));
    }

    public List<Campaign> campaigns() {
        return locked(FindingBook::campaigns);
    }

    public Optional<Campaign> campaign(String uid) {
        return locked(each -> each.campaign(uid));
    }

    /** What each exception of policy is good for. */
    public List<ExcuseUse> excuses() {
        return locked(each -> each.excuses(now()));
    }

    public List<Suppression> suppressions() {
        return locked(FindingBook::suppressions);
    }

    /** Why nobody need look at such a finding, if so; whoever would end flows for it should ask. Not for an event loop. */
    public Optional<Silence> silence(Finding finding) {
        return locked(each -> each.silence(finding, now()));
    }

    /** The share of an analytic's answered findings that should not have been made; 0 where none is answered. */
    public double falsePositives(String analytic) {
        return locked(each -> each.falsePositives(analytic));
    }

    /** How many of an analytic's findings are answered. */
    public int answered(String analytic) {
        return locked(each -> each.answered(analytic));
    }

    /** Whether findings are still taken. */
    public boolean alive() {
        return thread.isAlive();
    }

    /** Takes what is queued, stores all of it and stops. The store stays open. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            thread.join(CLOSE_WITHIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (telling) {
            records.close();
        }
    }
}
