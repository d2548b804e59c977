package io.postern.gateway.quarantine;

import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.config.ResponseSettings;
import io.postern.gateway.quarantine.Quarantine.End;
import io.postern.gateway.rules.Contained;
import io.postern.gateway.state.Ages;
import io.postern.gateway.state.Store;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is in quarantine. What a person asks for is on the disk before it is acknowledged and in force; what rules ask for is
 * taken by a thread of its own, many at a time, and is in force even where the disk fails.
 *
 * <p>A rule's word counts only of devices that have proved to be who they say, so that nobody has another contained; and of
 * no more of them within an hour than the settings say, so that a bad rule does not contain the fleet. Whatever is over that
 * is left to the rule itself, which ends the flow.
 *
 * <p>They end by {@link Ages}, so that a clock that was wrong for a while ends none.
 */
public final class Quarantines implements Contained, AutoCloseable {

    /** What became of a word, for counting. */
    public enum Result {
        BEGUN,
        EXTENDED,
        RELEASED,
        EXPIRED,
        /** Rules have begun as many as they may within an hour. */
        OVER_LIMIT,
        /** There are as many as there may be. */
        FULL,
        /** The device has not proved to be who it says. */
        UNPROVEN,
        /** Too many words of rules were waiting. */
        DROPPED,
        /** It is in force until the process ends. */
        NOT_STORED;

        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Somebody's wish.
     *
     * @param ttl absent: as the settings say
     * @param sticky until it is released
     */
    public record Wish(Scope scope, String actor, String reason, Optional<Duration> ttl, boolean sticky) {}

    /** @param before how it stood, where the scope was contained already */
    public record Taken(Quarantine now, Optional<Quarantine> before) {}

    /**
     * @param over as it ended; in force
     * @param stored whether the next start knows of it; where not, it stands again then
     */
    public record Released(Quarantine over, boolean stored) {}

    private record Word(AppTag tag, String rule) {}

    private static final Logger LOG = LoggerFactory.getLogger(Quarantines.class);

    /** Not {@code address}: who forges a neighbour's inner address must not have the neighbour contained. */
    private static final Set<DeviceAssurance> PROVEN = EnumSet.of(
            DeviceAssurance.MTLS_BOUND,
            DeviceAssurance.TAG_VERIFIED,
            DeviceAssurance.TUNNEL_KEY,
            DeviceAssurance.CONCENTRATOR);

    private static final int WAITING = 4_096;
    private static final int BATCH = 256;
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);
    /** An extension by less than this part of the time is not worth a write. */
    private static final int PART = 20;

    private final ResponseSettings.Quarantine settings;
    private final Clock clock;
    private final Ages ages;
    private final Consumer<Result> counts;
    private final Standing standing = new Standing();
    private final QuarantineStore store;
    private final HourlyCap cap;
    private final BlockingQueue<Word> words = new ArrayBlockingQueue<>(WAITING);
    private final List<Consumer<Set<String>>> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<Quarantine>> tellers = new CopyOnWriteArrayList<>();
    private final SecureRandom random = new SecureRandom();
    private final Thread thread = new Thread(this::run, "quarantine");
    private volatile boolean closing;
    private long toldOfLimit = Long.MIN_VALUE;

    private Quarantines(
            ResponseSettings.Quarantine settings,
            QuarantineStore store,
            Clock clock,
            Ages ages,
            Consumer<Result> counts) {
        this.settings = settings;
        this.store = store;
        this.clock = clock;
        this.ages = ages;
        this.counts = counts;
        this.cap = new HourlyCap(settings.perHour());
        thread.setDaemon(true);
    }

    /**
     * Goes on from where the store left off: what stood stands when this returns.
     *
     * @throws IOException when the store cannot be read
     */
    public static Quarantines open(
            ResponseSettings.Quarantine settings, Store store, Clock clock, Consumer<Result> counts)
            throws IOException {
        return open(settings, store, clock, System::nanoTime, counts);
    }

    /** @param nanos of a clock that nobody sets */
    static Quarantines open(
            ResponseSettings.Quarantine settings, Store store, Clock clock, LongSupplier nanos, Consumer<Result> counts)
            throws IOException {
        Ages ages = Ages.open(store, "quarantines", clock, nanos);
        QuarantineStore kept = new QuarantineStore(store, ages);
        Quarantines all = new Quarantines(settings, kept, clock, ages, counts);
        List<Quarantine> known = new ArrayList<>(kept.ended());
        kept.each(one -> {
            all.standing.put(one);
            known.add(one);
        });
        known.stream()
                .filter(Quarantine::automatic)
                .forEach(one -> all.cap.took(one.scope().device(), one.sinceMillis()));
        all.thread.start();
        return all;
    }

    /** Told of the devices of whom something has changed, once it is in force, on a thread that it must not hold up. */
    public void whenChanged(Consumer<Set<String>> listener) {
        listeners.add(listener);
    }

    /** Told of each that begins or ends, once it is in force, on a thread that it must not hold up. */
    public void whenTold(Consumer<Quarantine> teller) {
        tellers.add(teller);
    }

    @Override
    public Optional<Containment> of(AppTag tag, Instant now) {
        return standing.of(tag, ages::millis).map(this::containment);
    }

    private Containment containment(Quarantine by) {
        return new Containment(
                by.id(), "In quarantine: " + by.scope().words() + ". " + by.reason() + "\nHelp: " + settings.help());
    }

    /** How many stand of a kind. */
    public int count(Scope.Kind kind) {
        return standing.count(kind);
    }

    /** Those that stand, in no order. */
    public List<Quarantine> standing() {
        long now = ages.millis();
        return standing.all().stream().filter(one -> one.stands(now)).toList();
    }

    /** The last that ended, oldest first. */
    public synchronized List<Quarantine> ended() {
        return store.ended();
    }

    public Optional<Quarantine> find(String id) {
        return standing().stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .or(() -> ended().stream().filter(one -> one.id().equals(id)).findFirst());
    }

    public Optional<Quarantine> at(Scope scope) {
        return standing.at(scope).filter(one -> one.stands(ages.millis()));
    }

    /**
     * A person's word; on the disk and in force when this returns. One that stands is never made shorter by it. Not for an
     * event loop.
     *
     * @return empty where there are as many as there may be
     * @throws IOException when it could not be stored; nothing has changed
     */
    public synchronized Optional<Taken> contain(Wish wish) throws IOException {
        long now = clock.millis();
        Optional<Quarantine> before = at(wish.scope());
        if (before.isEmpty() && standing.size() >= settings.entries()) {
            counts.accept(Result.FULL);
            return Optional.empty();
        }
        Duration ttl = wish.ttl().orElse(settings.ttl());
        long until = wish.sticky()
                ? Quarantine.FOREVER
                : now + Math.min(ttl.toMillis(), settings.longest().toMillis());
        Quarantine after = before.map(one -> one.taken(wish.actor(), wish.reason(), Math.max(until, one.untilMillis())))
                .orElseGet(() -> fresh(wish.scope(), wish.actor(), false, wish.reason(), now, until));
        change(List.of(after));
        counts.accept(before.isPresent() ? Result.EXTENDED : Result.BEGUN);
        return Optional.of(new Taken(after, before));
    }

    private Quarantine fresh(Scope scope, String actor, boolean automatic, String reason, long now, long until) {
        byte[] id = new byte[8];
        random.nextBytes(id);
        return new Quarantine(
                "q-" + HexFormat.of().formatHex(id), scope, actor, automatic, reason, now, until, 0, Optional.empty());
    }

    /**
     * Ends one; in force when this returns, even where the disk fails: nobody stays cut off because a disk is full. One that is
     * over stays as it ended. Not for an event loop.
     *
     * @return how it ended; empty where there is none
     */
    public synchronized Optional<Released> release(String id, String actor, String reason) {
        Optional<Quarantine> found = find(id);
        if (found.isEmpty() || found.get().end().isPresent()) {
            return found.map(over -> new Released(over, true));
        }
        Quarantine over = found.get().ended(new End(clock.millis(), actor, reason));
        boolean stored = end(List.of(over));
        counts.accept(Result.RELEASED);
        return Optional.of(new Released(over, stored));
    }

    /** In force, and on the disk if that can be. */
    private boolean end(List<Quarantine> over) {
        boolean stored = true;
        try {
            store.save(over);
        } catch (IOException e) {
            LOG.error("quarantines that are over could not be stored: {}", e.toString());
            counts.accept(Result.NOT_STORED);
            store.remember(over);
            stored = false;
        }
        apply(over);
        return stored;
    }

    /** On the disk first, then in force. */
    private void change(List<Quarantine> changed) throws IOException {
        List<Quarantine> all = new ArrayList<>(changed);
        changed.stream().flatMap(one -> lapsed(one.scope()).stream()).forEach(all::add);
        store.save(all);
        apply(changed);
    }

    /** One whose time is over and that nobody has looked at since, where another takes its place. */
    private Optional<Quarantine> lapsed(Scope scope) {
        return standing.at(scope)
                .filter(one -> !one.stands(ages.millis()))
                .map(one -> one.ended(new End(one.untilMillis(), "", "")));
    }

    private void apply(List<Quarantine> changed) {
        List<Quarantine> news = new ArrayList<>();
        for (Quarantine one : changed) {
            boolean known = standing.at(one.scope())
                    .filter(before -> before.id().equals(one.id()))
                    .isPresent();
            if (one.end().isPresent()) {
                standing.remove(one);
            } else {
                standing.put(one);
            }
            if (one.end().isPresent() || !known) {
                news.add(one);
            }
        }
        Set<String> devices = changed.stream().map(one -> one.scope().device()).collect(Collectors.toUnmodifiableSet());
        listeners.forEach(listener -> listener.accept(devices));
        news.forEach(one -> tellers.forEach(teller -> teller.accept(one)));
    }

    /**
     * A rule that contains has ended a flow. Any thread may call; never waits. Where whoever it was is contained already,
     * that lasts longer by it.
     */
    public void hit(AppTag tag, String rule) {
        if (!PROVEN.contains(tag.deviceAssurance())) {
            counts.accept(Result.UNPROVEN);
        } else if (due(tag, clock.millis()) && !words.offer(new Word(tag, rule))) {
            counts.accept(Result.DROPPED);
        }
    }

    private boolean due(AppTag tag, long now) {
        Optional<Quarantine> by = standing.of(tag, ages::millis);
        return by.isEmpty()
                || extension(by.get(), now) - by.get().untilMillis()
                        > settings.ttl().toMillis() / PART;
    }

    /** What a person has said lasts as that person has said. */
    private long extension(Quarantine one, long now) {
        return one.sticky() || !one.automatic()
                ? one.untilMillis()
                : Math.min(
                        now + settings.ttl().toMillis(),
                        one.sinceMillis() + settings.longest().toMillis());
    }

    private void run() {
        List<Word> batch = new ArrayList<>(BATCH);
        while (!closing) {
            try {
                Word first = words.poll(1, TimeUnit.SECONDS);
                if (first != null) {
                    batch.add(first);
                    words.drainTo(batch, BATCH - 1);
                    take(batch);
                }
            } catch (InterruptedException stopping) {
                closing = true;
            } catch (RuntimeException e) {
                LOG.error("words of rules could not be taken", e);
            }
            batch.clear();
        }
    }

    private synchronized void take(List<Word> batch) {
        long now = clock.millis();
        Map<Scope, Quarantine> changed = new LinkedHashMap<>();
        for (Word word : batch) {
            Optional<Quarantine> by = standing.of(word.tag, ages::millis);
            if (by.isPresent()) {
                long until = extension(by.get(), now);
                if (until > by.get().untilMillis()) {
                    changed.putIfAbsent(by.get().scope(), by.get().extended(until));
                }
            } else {
                word.tag.apps().forEach(app -> begin(Scope.of(word.tag, app), word.rule, now, changed));
            }
        }
        if (changed.isEmpty()) {
            return;
        }
        List<Quarantine> all = List.copyOf(changed.values());
        try {
            change(all);
        } catch (IOException e) {
            LOG.error("quarantines could not be stored and end with this run: {}", e.toString());
            counts.accept(Result.NOT_STORED);
            apply(all);
        }
        all.forEach(one -> counts.accept(one.hits() > 0 ? Result.EXTENDED : Result.BEGUN));
    }

    private void begin(Scope scope, String rule, long now, Map<Scope, Quarantine> changed) {
        if (changed.containsKey(scope)) {
            return;
        }
        if (standing.size() + changed.size() >= settings.entries()) {
            refused(Result.FULL, rule, now);
        } else if (!cap.take(scope.device(), now)) {
            refused(Result.OVER_LIMIT, rule, now);
        } else {
            changed.put(
                    scope,
                    fresh(
                            scope,
                            "rule:" + rule,
                            true,
                            "By the rule " + rule + ".",
                            now,
                            now + settings.ttl().toMillis()));
            LOG.info("quarantine begun scope=\"{}\" rule={}", scope, rule);
        }
    }

    /** Told once a minute at most. */
    private void refused(Result why, String rule, long now) {
        counts.accept(why);
        if (now - toldOfLimit >= 60_000 || toldOfLimit == Long.MIN_VALUE) {
            toldOfLimit = now;
            LOG.warn(
                    "no quarantine begun result={} rule={} per-hour={}: its flows are ended and no more",
                    why.label(),
                    rule,
                    settings.perHour());
        }
    }

    /** Lets go of those whose time is over. Not for an event loop. */
    public synchronized void look() {
        long now = ages.millis();
        List<Quarantine> over = standing.all().stream()
                .filter(one -> !one.stands(now))
                .map(one -> one.ended(new End(one.untilMillis(), "", "")))
                .toList();
        if (over.isEmpty()) {
            return;
        }
        end(over);
        over.forEach(one -> counts.accept(Result.EXPIRED));
    }

    /** Whether what rules say is taken. */
    public boolean alive() {
        return thread.isAlive();
    }

    /** Takes nothing more; what was taken is on the disk. */
    @Override
    public void close() {
        closing = true;
        try {
            thread.join(CLOSE_WITHIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        synchronized (this) {
            store.close();
        }
    }
}
