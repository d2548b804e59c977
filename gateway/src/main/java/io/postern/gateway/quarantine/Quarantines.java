package io.postern.gateway.quarantine;

import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.config.ResponseSettings;
import io.postern.gateway.quarantine.Quarantine.End;
import io.postern.gateway.rules.Contained;
import io.postern.gateway.state.Ages;
import io.postern.gateway.state.Store;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is in quarantine. What begins holds before it is stored, since what a device sends while a disk is busy is lost for good; what
 * ends is stored before it ends. What a person asks for is on the disk before it is acknowledged, and taken back where that fails;
 * what rules ask for is taken by a thread of its own, many at a time, and is in force even where the disk fails.
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

    private static final Logger LOG = LoggerFactory.getLogger(Quarantines.class);

    /** Not {@code address}: who forges a neighbour's inner address must not have the neighbour contained. */
    private static final Set<DeviceAssurance> PROVEN = EnumSet.of(
            DeviceAssurance.MTLS_BOUND,
            DeviceAssurance.TAG_VERIFIED,
            DeviceAssurance.TUNNEL_KEY,
            DeviceAssurance.CONCENTRATOR);

    private final ResponseSettings.Quarantine settings;
    private final Clock clock;
    private final Ages ages;
    private final Consumer<Result> counts;
    private final Standing standing = new Standing();
    private final QuarantineStore store;
    private final Changes changes;
    private final ByRules byRules;
    private final RuleWords words = new RuleWords(this::take);

    private Quarantines(
            ResponseSettings.Quarantine settings,
            QuarantineStore store,
            Clock clock,
            Ages ages,
            LongSupplier nanos,
            Consumer<Result> counts) {
        this.settings = settings;
        this.store = store;
        this.clock = clock;
        this.ages = ages;
        this.counts = counts;
        this.changes = new Changes(standing, store, clock, ages, nanos, () -> counts.accept(Result.NOT_STORED));
        this.byRules = new ByRules(settings, standing, ages, nanos, counts);
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
        Quarantines all = new Quarantines(settings, kept, clock, ages, nanos, counts);
        List<Quarantine> known = new ArrayList<>(kept.ended());
        kept.each(one -> {
            all.changes.goesOn(one);
            known.add(one);
        });
        known.stream().filter(Quarantine::automatic).forEach(one -> all.byRules.took(one));
        all.words.start();
        return all;
    }

    /** Told of the devices of whom something has changed, once it is in force, on a thread that it must not hold up. */
    public void whenChanged(Consumer<Set<String>> listener) {
        changes.whenChanged(listener);
    }

    /** Told of each that begins or ends, once it is in force and stored, on a thread that it must not hold up. */
    public void whenTold(Consumer<Quarantine> teller) {
        changes.whenTold(teller);
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

    /** How many rules have begun within the last hour, of those that they may. Any thread. */
    public int begunByRules() {
        return byRules.withinHour();
    }

    /** Those that stand, in no order. */
    public List<Quarantine> standing() {
        long now = ages.millis();
        return standing.all().stream().filter(one -> one.stands(now)).toList();
    }

    /** The last that ended, oldest first. */
    public List<Quarantine> ended() {
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
                .orElseGet(() -> Quarantine.begun(wish.scope(), wish.actor(), false, wish.reason(), now, until));
        changes.make(after);
        counts.accept(before.isPresent() ? Result.EXTENDED : Result.BEGUN);
        return Optional.of(new Taken(after, before));
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
        boolean stored = changes.end(List.of(over));
        counts.accept(Result.RELEASED);
        return Optional.of(new Released(over, stored));
    }

    /**
     * A rule that contains has ended a flow. Any thread may call; never waits. Where whoever it was is contained already,
     * that lasts longer by it.
     */
    public void hit(AppTag tag, String rule) {
        if (!PROVEN.contains(tag.deviceAssurance())) {
            counts.accept(Result.UNPROVEN);
        } else if (byRules.due(tag, clock.millis()) && !words.offer(tag, rule)) {
            counts.accept(Result.DROPPED);
        }
    }

    private synchronized void take(List<RuleWords.Word> batch) {
        List<Quarantine> all = byRules.wanted(batch, clock.millis());
        if (all.isEmpty()) {
            return;
        }
        changes.makeAnyway(all);
        all.forEach(one -> counts.accept(one.hits() > 0 ? Result.EXTENDED : Result.BEGUN));
    }

    /**
     * Lets go of those whose time is over, mends the time of those that a wrong clock has begun, and stores what could not be
     * stored. Not for an event loop.
     */
    public synchronized void look() {
        long now = ages.millis();
        changes.mend(now);
        List<Quarantine> over = changes.lapsed(now);
        if (!over.isEmpty()) {
            changes.end(over);
            over.forEach(one -> counts.accept(Result.EXPIRED));
        }
        changes.storeAgain();
        if (!settings.keepFor().isZero()) {
            try {
                store.forget(now - settings.keepFor().toMillis());
            } catch (IOException e) {
                LOG.debug("quarantines that were over long ago stay, it is tried again: {}", e.toString());
            }
        }
    }

    /**
     * Nothing is known any more of those of a device that are over, on the disk too. Not for an event loop.
     *
     * @return how many
     * @throws IOException when that could not be stored; nothing has changed
     */
    public synchronized int forget(String device) throws IOException {
        look();
        return changes.forget(device);
    }

    /** Whether what rules say is taken. */
    public boolean alive() {
        return words.alive();
    }

    /** Takes nothing more; what was taken is on the disk. */
    @Override
    public void close() {
        if (!words.close()) {
            return;
        }
        synchronized (this) {
            store.close();
        }
    }
}
