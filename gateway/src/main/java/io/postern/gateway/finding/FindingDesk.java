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
import io.postern.gateway.records.DeviceLines;
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
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes findings from whoever makes them and keeps the book of them on a thread of its own.
 *
 * <pre>
 * detectors' threads → bounded queue → one thread → book → live flows
 *                                                     └──→ another thread → store → records → whoever listens
 * </pre>
 *
 * {@link #accept} never waits: when the queue is full the word is dropped and counted, and the next one of the same finding
 * makes up for it. Nothing ends because a clock was set.
 *
 * <p>What stands acts before it is stored, since whatever the device sends while a disk is busy is lost for good. The price: a
 * process that is killed in between has cut flows by a finding that the next one does not know; their records name it
 * nevertheless, and its detector finds it again. What is told to the world, API and letters among it, and what lets
 * something go on again, is in the store first. An analyst's answer is on the disk before anybody is told that it was taken.
 */
public final class FindingDesk implements Consumer<Finding>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FindingDesk.class);

    private static final int BATCH = 256;
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

    private final Inbox<Entry> inbox;
    private final FindingBook book;

    /** Held from a change of the book until it is queued to be told: nothing is told in another order than it came about. */
    private final Object order = new Object();

    private final FindingTables tables;
    private final FindingTeller teller;
    private final Clock clock;
    private final LongAdder dropped;
    private final List<Consumer<Kept>> acting = new CopyOnWriteArrayList<>();
    /** Of what stands: who floods the gateway with flows that it refuses must not crowd out detectors' words. */
    private volatile Set<AppKey> standing = Set.of();

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
        this.inbox = new Inbox<>("findings", most, this::take, this::look);
        this.book = new FindingBook(settings, world);
        this.clock = clock;
        this.dropped = meters.count("postern.findings.dropped", "Words of detectors lost for want of time");
        this.tables = new FindingTables(
                store, clock, meters.count("postern.findings.store.errors", "Times findings could not be stored"));
        this.teller = new FindingTeller(
                tables, () -> locked(FindingBook::takeChanges), records, new FindingCounts(meters), this::fault);
        meters.table("findings", () -> locked(FindingBook::size), () -> locked(FindingBook::evicted));
        meters.watch(
                "postern.findings.unplaced",
                "Words about findings that were closed or forgotten before they came",
                () -> locked(FindingBook::unplaced));
        for (Technique technique : Technique.values()) {
            meters.falsePositiveBudget(technique.name(), () -> locked(each -> each.falsePositives(technique.name())));
        }
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
        desk.teller.start();
        desk.inbox.start();
        return desk;
    }

    /** Told of everything that is told to the world, once it is stored, on a thread that it must not hold up. */
    public void whenTold(Consumer<Told> listener) {
        teller.whenTold(listener);
    }

    /**
     * Told how findings stand: of one that stands before it is stored, of one that no longer does once it is. So of one finding a
     * newer state may come before an older one. On threads that it must not hold up.
     */
    public void whenActing(Consumer<Kept> listener) {
        acting.add(listener);
        teller.whenTold(
                told -> told.kept().filter(kept -> !kept.status().stands()).ifPresent(listener));
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
        // What waits for the next look escapes meanwhile.
        inbox.wake();
    }

    /** The gateway has refused a flow. Any thread may call; never waits. */
    public void refused(AppKey key, String destination) {
        if (standing.contains(key)) {
            offer((kept, now, reader) -> kept.refused(key, destination, now));
        }
    }

    /**
     * Nothing is kept of a device any more, on the disk too but for what {@link #erase} takes out of the records. Not for an event loop.
     *
     * @return its findings
     * @throws IOException when it could not be stored; it is, with what is stored next
     */
    public int forget(String device) throws IOException {
        int gone = change((kept, now, reader) -> {
            // What waits may be about it.
            inbox.drain(entry -> guarded(entry, kept, now, reader), inbox.capacity());
            return kept.forget(device, reader);
        });
        standing = standing();
        teller.now();
        return gone;
    }

    /** Takes the lines about a device out of the records. Not for an event loop. */
    public long erase(DeviceLines device) throws IOException {
        return teller.erase(device);
    }

    private void offer(Entry entry) {
        if (!inbox.offer(entry)) {
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
        FindingBook.Reviewed reviewed = change((kept, now, reader) -> kept.review(uid, review, version, now, reader));
        teller.now();
        return reviewed;
    }

    /** @return what it makes of the book, which it alone has meanwhile */
    private <T> T change(Changing<T> what) {
        synchronized (order) {
            List<Told> told = new ArrayList<>();
            T result;
            synchronized (book) {
                result = what.on(book, now(), reader(told));
            }
            if (!told.isEmpty()) {
                standing = standing();
                told.forEach(this::act);
                teller.tell(told);
            }
            return result;
        }
    }

    private void act(Told told) {
        told.kept().filter(kept -> kept.status().stands()).ifPresent(kept -> {
            for (Consumer<Kept> listener : acting) {
                try {
                    listener.accept(kept);
                } catch (RuntimeException e) {
                    fault(e);
                }
            }
        });
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

    private Set<AppKey> standing() {
        return list(kept -> kept.status().stands(), Long.MAX_VALUE, Integer.MAX_VALUE).stream()
                .map(kept -> kept.finding().key())
                .collect(Collectors.toUnmodifiableSet());
    }

    private int take() {
        teller.catchUp();
        return inbox.isEmpty()
                ? 0
                : change((kept, now, reader) -> inbox.drain(entry -> guarded(entry, kept, now, reader), BATCH));
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
        return inbox.alive() && teller.alive();
    }

    /** Takes what is queued, stores all of it and stops. The store stays open. */
    @Override
    public void close() {
        inbox.close(CLOSE_WITHIN);
        teller.close(CLOSE_WITHIN);
    }
}
