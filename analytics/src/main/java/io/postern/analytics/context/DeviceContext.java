package io.postern.analytics.context;

import io.postern.analytics.context.ContextEvent.Lifecycle;
import io.postern.analytics.flow.AppTag;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one device and its apps, at any time of the last hours: what comes late changes what is answered for
 * then, not for now.
 *
 * <p>A state holds until it is contradicted, or until its source falls silent. A source that tells at once is believed
 * before one that tells in batches; of two alike, the later told. An event is found within a window before a time. That
 * none was told is a <em>no</em> only from a source that declared it reports such things and was alive all the while;
 * otherwise it is not known. Nothing is known of a time before what was told, and nothing told for later counts now.
 * Whose clock runs ahead is refused by the caller: here a time is taken as it is said.
 *
 * <p>Bounded by {@link ContextLimits}; what had to go is counted. Not for several threads.
 */
public final class DeviceContext {

    private final ContextLimits limits;
    final List<Source> sources = new ArrayList<>(2);
    final AppTable apps;
    final Timeline locks;
    final Timeline interactions;
    final History health;
    final TellingIds told;
    private final Witnesses witnesses = new Witnesses(sources);
    private final Inventory inventory;
    long turnedAway;

    public DeviceContext(ContextLimits limits) {
        this.limits = limits;
        apps = new AppTable(limits, sources);
        inventory = new Inventory(apps, sources, witnesses);
        locks = new Timeline(limits.transitions());
        interactions = new Timeline(2 * limits.events());
        health = new History(limits.transitions());
        told = new TellingIds(limits.ids());
    }

    /** @return whether anything is different now: not for what was told before, or came too late to be kept */
    public boolean tell(ContextEvent event) {
        if (!told.isNew(event.source(), event.id())) {
            return false;
        }
        int number = source(event.source(), event.batched());
        if (number < 0) {
            turnedAway++;
            return false;
        }
        Source source = sources.get(number);
        long time = event.timeMillis();
        if (event.said() instanceof ContextEvent.Heartbeat heartbeat) {
            source.declares(heartbeat.reports(), time);
            return true;
        }
        source.sign(time);
        return event.app().isPresent()
                ? tellOfApp(apps.take(event.profile(), event.app().get().name(), time), event, number)
                : tellOfDevice(event, number);
    }

    private boolean tellOfDevice(ContextEvent event, int source) {
        long time = event.timeMillis();
        if (event.said() instanceof ContextEvent.Locked lock) {
            return locks.addState(Timeline.entry(time, source, lock.locked() ? 1 : 0));
        }
        if (event.said() instanceof ContextEvent.Interacted) {
            return interactions.add(Timeline.entry(time, source, 0));
        }
        if (event.said() instanceof ContextEvent.Health) {
            return health.add(new History.Told(time, source, event.said()), sources);
        }
        return false;
    }

    private boolean tellOfApp(@Nullable AppFacts facts, ContextEvent event, int source) {
        long time = event.timeMillis();
        ContextEvent.Said said = event.said();
        if (said instanceof ContextEvent.Interacted) {
            return interactions.add(Timeline.entry(time, source, 0));
        }
        if (facts == null) {
            turnedAway++;
            return false;
        }
        facts.tellers |= 1 << source;
        if (said instanceof Lifecycle lifecycle) {
            boolean foreground = lifecycle.state() == Lifecycle.State.FOREGROUND;
            return facts.foreground.addState(Timeline.entry(time, source, foreground ? 1 : 0));
        }
        if (said instanceof ContextEvent.Installed || said instanceof ContextEvent.Removed) {
            return facts.inventory.add(new History.Told(time, source, said), sources);
        }
        int remembered = AppEvent.remembered(said);
        return remembered >= 0
                ? facts.events.add(Timeline.entry(time, source, remembered))
                : tellOfDevice(event, source);
    }

    /** Whether the device was locked. Before its first word nobody knows. */
    public Answer locked(long atMillis) {
        return witnesses.answer(locks, witnesses.state(locks, atMillis), atMillis, false);
    }

    /**
     * Whether the app was not in the foreground. Of an app that a living source of app states has never told of, it is
     * concluded: it would have told of its coming to the front. Where any of several packages may have spoken, all must
     * have been in the background.
     */
    public Answer background(AppTag tag, long atMillis) {
        if (!tag.shared()) {
            return backgroundOf(tag.profile(), tag.app(), atMillis);
        }
        Answer all = Answer.UNKNOWN;
        boolean unknown = false;
        for (String one : tag.apps()) {
            Answer answer = backgroundOf(tag.profile(), one, atMillis);
            if (answer.truth() == Truth.FALSE) {
                return answer;
            }
            unknown |= !answer.known();
            all = answer;
        }
        return unknown ? Answer.UNKNOWN : all;
    }

    private Answer backgroundOf(String profile, String app, long atMillis) {
        @Nullable AppFacts facts = find(profile, app);
        int found = facts == null ? -1 : witnesses.state(facts.foreground, atMillis);
        if (facts != null && found >= 0) {
            return witnesses.answer(facts.foreground, found, atMillis, true);
        }
        return app.equals(AppTag.NOBODY)
                ? Answer.UNKNOWN
                : witnesses.silent(FactKind.APP_STATE, atMillis, atMillis, Truth.TRUE);
    }

    /**
     * Whether the app worked unseen: in the background, or on a locked device. Unknown unless one of the two holds, or both
     * do not. Without garbage.
     */
    public Truth quiet(AppTag tag, long atMillis) {
        int lock = witnesses.state(locks, atMillis);
        if (lock >= 0 && Timeline.what(locks.get(lock)) == 1) {
            return Truth.TRUE;
        }
        Truth background = isBackground(tag, atMillis);
        return background == Truth.FALSE && lock < 0 ? Truth.UNKNOWN : background;
    }

    /** Whether {@link #locked} is true. Without garbage. */
    public Truth isLocked(long atMillis) {
        int lock = witnesses.state(locks, atMillis);
        return lock < 0 ? Truth.UNKNOWN : Truth.of(Timeline.what(locks.get(lock)) == 1);
    }

    /** Whether {@link #background} is true. Without garbage, but for shared tags. */
    public Truth isBackground(AppTag tag, long atMillis) {
        return tag.shared() ? background(tag, atMillis).truth() : backgroundTruth(tag, atMillis);
    }

    private Truth backgroundTruth(AppTag tag, long atMillis) {
        @Nullable AppFacts facts = find(tag.profile(), tag.app());
        int found = facts == null ? -1 : witnesses.state(facts.foreground, atMillis);
        if (facts != null && found >= 0) {
            return Truth.of(Timeline.what(facts.foreground.get(found)) == 0);
        }
        boolean concluded =
                !tag.app().equals(AppTag.NOBODY) && witnesses.wouldTell(FactKind.APP_STATE, atMillis, atMillis) >= 0;
        return concluded ? Truth.TRUE : Truth.UNKNOWN;
    }

    /** Whether somebody used the device within so long before. */
    public Answer interacted(long withinMillis, long atMillis) {
        int last = interactions.last(atMillis);
        if (last >= 0 && atMillis - Timeline.millis(interactions.get(last)) <= withinMillis) {
            return witnesses.told(interactions.get(last), Truth.TRUE, atMillis);
        }
        return witnesses.noneTold(interactions, FactKind.INTERACTION, withinMillis, atMillis);
    }

    /** How long before somebody last used the device; negative where nobody is known to have. */
    public long sinceInteraction(long atMillis) {
        int last = interactions.last(atMillis);
        return last < 0 ? -1 : atMillis - Timeline.millis(interactions.get(last));
    }

    /**
     * Whether the app did such a thing within so long before: a background start, the use of a protected resource (also one
     * that began earlier and was not told to have ended), cryptography on data, staging.
     */
    public Answer did(AppTag tag, FactKind kind, long withinMillis, long atMillis) {
        if (!tag.shared()) {
            return did(tag.profile(), tag.app(), kind, withinMillis, atMillis);
        }
        Answer none = Answer.UNKNOWN;
        boolean unknown = false;
        for (String one : tag.apps()) {
            Answer answer = did(tag.profile(), one, kind, withinMillis, atMillis);
            if (answer.truth() == Truth.TRUE) {
                return answer;
            }
            unknown |= !answer.known();
            none = answer;
        }
        return unknown ? Answer.UNKNOWN : none;
    }

    /** Whether {@link #did} is true. Without garbage, but for shared tags. */
    public boolean happened(AppTag tag, FactKind kind, long withinMillis, long atMillis) {
        if (apps.size() == 0) {
            return false;
        }
        if (tag.shared()) {
            return did(tag, kind, withinMillis, atMillis).truth() == Truth.TRUE;
        }
        @Nullable AppFacts facts = find(tag.profile(), tag.app());
        return facts != null && find(facts.events, kind, withinMillis, atMillis) >= 0;
    }

    private Answer did(String profile, String app, FactKind kind, long withinMillis, long atMillis) {
        @Nullable AppFacts facts = find(profile, app);
        if (facts != null) {
            int found = find(facts.events, kind, withinMillis, atMillis);
            if (found >= 0) {
                return witnesses.told(facts.events.get(found), Truth.TRUE, atMillis);
            }
            return witnesses.noneTold(facts.events, kind, withinMillis, atMillis);
        }
        return app.equals(AppTag.NOBODY)
                ? Answer.UNKNOWN
                : witnesses.silent(kind, atMillis - withinMillis, atMillis, Truth.FALSE);
    }

    /** The last such thing the app did within so long before; of a shared tag, any of its apps. */
    public Optional<AppEvent> last(AppTag tag, FactKind kind, long withinMillis, long atMillis) {
        @Nullable AppEvent last = null;
        for (String app : tag.apps()) {
            @Nullable AppFacts facts = find(tag.profile(), app);
            int found = facts == null ? -1 : find(facts.events, kind, withinMillis, atMillis);
            if (facts != null && found >= 0) {
                long entry = facts.events.get(found);
                if (last == null || Timeline.millis(entry) > last.atMillis()) {
                    last = AppEvent.of(entry, witnesses.name(entry));
                }
            }
        }
        return Optional.ofNullable(last);
    }

    private int find(Timeline events, FactKind kind, long withinMillis, long atMillis) {
        for (int i = events.last(atMillis); i >= 0; i--) {
            long entry = events.get(i);
            boolean within = atMillis - Timeline.millis(entry) <= withinMillis;
            if (AppEvent.kind(entry) == kind && AppEvent.counts(entry)) {
                boolean lasts = AppEvent.begins(entry)
                        && sources.get(Timeline.source(entry)).livedThrough(Timeline.millis(entry), atMillis);
                return within || lasts ? i : -1;
            }
            if (!within && kind != FactKind.PROTECTED_RESOURCE) {
                return -1;
            }
        }
        return -1;
    }

    /** Whether the enterprise manages the app; not so of one that a living source of inventory does not name. */
    public Answer managed(AppTag tag, long atMillis) {
        return inventory.managed(tag, atMillis);
    }

    /** Whether somebody approved of the app. */
    public Answer approved(AppTag tag, long atMillis) {
        return inventory.approved(tag, atMillis);
    }

    /** The app's entry in the inventory; of a shared tag, of its first app. Empty where it is removed or was never told. */
    public Optional<ContextEvent.Installed> installed(AppTag tag, long atMillis) {
        return inventory.installed(tag, atMillis);
    }

    /** Whether the app came onto the device within so long before. */
    public Answer newlyInstalled(AppTag tag, long withinMillis, long atMillis) {
        return inventory.newlyInstalled(tag, withinMillis, atMillis);
    }

    /** Whether the app was updated within so long before. */
    public Answer justUpdated(AppTag tag, long withinMillis, long atMillis) {
        return inventory.justUpdated(tag, withinMillis, atMillis);
    }

    /** Whether the app's signer changed within so long before, as far as was told. */
    public Answer signerChanged(AppTag tag, long withinMillis, long atMillis) {
        return inventory.signerChanged(tag, withinMillis, atMillis);
    }

    /** Whether another than before has installed the app within so long before, as far as was told; of none nothing is said. */
    public Answer installerChanged(AppTag tag, long withinMillis, long atMillis) {
        return inventory.installerChanged(tag, withinMillis, atMillis);
    }

    /** Whether management finds the device compliant. */
    public Answer compliant(long atMillis) {
        History.@Nullable Told one = health.at(atMillis, sources);
        return one != null && one.said() instanceof ContextEvent.Health state
                ? witnesses.told(one, state.compliant(), atMillis)
                : Answer.UNKNOWN;
    }

    /** The device's health as it was last told. */
    public Optional<ContextEvent.Health> health(long atMillis) {
        History.@Nullable Told one = health.at(atMillis, sources);
        return one != null && one.said() instanceof ContextEvent.Health state ? Optional.of(state) : Optional.empty();
    }

    /** Whether any source would have told of such a thing at that time. */
    public boolean sees(FactKind kind, long atMillis) {
        return witnesses.wouldTell(kind, atMillis, atMillis) >= 0;
    }

    private @Nullable AppFacts find(String profile, String app) {
        return apps.find(profile, app);
    }

    private int source(String name, boolean batched) {
        for (int i = 0; i < sources.size(); i++) {
            if (sources.get(i).batched == batched && sources.get(i).name.equals(name)) {
                return i;
            }
        }
        if (sources.size() == limits.sources()) {
            return -1;
        }
        sources.add(new Source(name, batched, limits));
        return sources.size() - 1;
    }

    /** What had to go or was not taken because there was too much of it: transitions, events, apps, sources. */
    public long saturated() {
        long dropped = turnedAway + apps.evicted() + locks.dropped() + interactions.dropped() + health.dropped();
        for (Source source : sources) {
            dropped += source.forgotten();
        }
        long[] ofApps = new long[1];
        apps.each((profile, app, facts) -> ofApps[0] += facts.dropped());
        return dropped + ofApps[0];
    }

    /** Apps of which anything was told. */
    public int apps() {
        return apps.size();
    }

    /** What another was told of the same device. Joining again changes nothing. */
    public void join(DeviceContext other) {
        int[] numbers = new int[16];
        for (int i = 0; i < other.sources.size(); i++) {
            Source theirs = other.sources.get(i);
            numbers[i] = source(theirs.name, theirs.batched);
            if (numbers[i] >= 0) {
                sources.get(numbers[i]).join(theirs);
            } else {
                turnedAway++;
            }
        }
        locks.join(other.locks, numbers);
        interactions.join(other.interactions, numbers);
        health.join(other.health, numbers, sources);
        other.apps.each((profile, app, theirs) -> {
            @Nullable AppFacts facts = apps.take(profile, app, theirs.lastMillis);
            if (facts != null) {
                facts.join(theirs, numbers, sources);
            }
        });
        told.join(other.told);
        turnedAway = Math.max(turnedAway, other.turnedAway + other.apps.evicted());
    }

    public void writeTo(DataOutput out) throws IOException {
        ContextForm.write(this, out);
    }

    /** @throws IOException also of what was not written by {@link #writeTo}, or is beyond these limits */
    public static DeviceContext readFrom(DataInput in, ContextLimits limits) throws IOException {
        return ContextForm.read(in, limits);
    }
}
