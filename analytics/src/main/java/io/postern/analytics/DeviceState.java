package io.postern.analytics;

import io.postern.analytics.Tracked.Count;
import io.postern.analytics.Tracked.Precedent;
import io.postern.analytics.Tracked.Stream;
import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.DeviceContext;
import io.postern.analytics.context.FactKind;
import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.flow.Protocol;
import io.postern.analytics.instrument.Usual;
import io.postern.analytics.state.Apps;
import io.postern.analytics.state.LiveFlows;
import io.postern.analytics.state.Questions;
import io.postern.analytics.state.Recent;
import io.postern.analytics.state.Sent;
import io.postern.analytics.state.Table;
import io.postern.analytics.state.Wakes;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All that is remembered of one device: what was told of it, and for every app and destination what the instruments read.
 * Bounded, without garbage from event to event; written and read, and joined with another of the same device. Detectors
 * read it, and have room of their own in every {@link Tracked}.
 *
 * <p>When there is no more room, a few neighbours are looked at and the least worth goes: what came once before what came
 * back, that before what came on several days, and last what a detector holds. What went is remembered for a while as a
 * few bits, so that what comes once a day survives a flood of what comes once. Not for several threads.
 */
public final class DeviceState {

    /** Their first exchange is the handshake. */
    private static final Set<Protocol> HELLOS_FIRST = Set.copyOf(EnumSet.of(Protocol.TLS, Protocol.QUIC));

    /** As far as {@link Recent} looks back. */
    private static final long AT_WORK_MILLIS = 3 * 3_600_000L;

    /** Bytes up at a time that are more than a question. */
    private static final long WORTH_A_LOOK = 4_096;

    final StateLimits limits;
    private final long windowMillis;
    private final Novelties novelties;
    final Apps apps;
    final Table table;
    final Questions questions;
    final Keys keys;
    private final LiveFlows live = new LiveFlows();
    private final Wakes wakes = new Wakes();
    private final Recent recent = new Recent();
    private final LateFacts late = new LateFacts(this, recent);
    private final Sent sent;
    private final boolean again;
    final Tracked tracked;
    final Tracked aside;
    private final Wakes.Judged judged = this::judged;

    DeviceContext context;
    long reachedMillis;
    private int lastAsked = -1;
    private int lastMarks;
    private boolean lastCounted;

    public DeviceState() {
        this(StateLimits.DEFAULTS, Usual.UNKNOWN);
    }

    /** @param usual what a baseline knows, asked when a destination is new to an app */
    public DeviceState(StateLimits limits, Usual usual) {
        this(limits, usual, new Sent(), false);
    }

    /** @param again for what is told once more: of what is sent only what went soon after facts is remembered */
    DeviceState(StateLimits limits, Usual usual, Sent sent, boolean again) {
        this.limits = limits;
        this.sent = sent;
        this.again = again;
        windowMillis = limits.window().toMillis();
        novelties = new Novelties(usual);
        apps = new Apps(limits.apps(), AppTag.NOBODY);
        table = new Table(Tracked.WORDS, limits.keys(), limits.seed());
        questions = new Questions(limits.domains(), limits.seed(), apps);
        tracked = new Tracked(table, apps);
        aside = new Tracked(table, apps);
        keys = new Keys(limits, apps, table, aside);
        context = new DeviceContext(limits.context());
    }

    /**
     * Something happened to a flow of this device.
     *
     * @return what is now remembered of its app and destination; holds until the next event
     */
    public Tracked observe(FlowEvent event) {
        Flow flow = event.flow();
        long at = event.atMillis();
        reachedMillis = Math.max(reachedMillis, at);
        int app = apps.number(flow.tag().profile(), flow.tag().app());
        lastAsked = -1;
        lastMarks = 0;
        lastCounted = false;
        if (event instanceof FlowEvent.Asked asked && !asked.domain().isEmpty()) {
            lastAsked = questions.asked(app, asked.name(), asked.domain(), asked.type(), asked.rcode(), at);
        }
        tracked.look(keys.slot(app, flow.destination(), at, reachedMillis)).seen(at);
        if (event instanceof FlowEvent.Opened) {
            novelties.learn(tracked, apps.past(app), flow);
            checkIn(flow, app, at, Stream.CONNECTS, Stream.QUIET_CONNECTS);
        } else if (event instanceof FlowEvent.Exchanged exchanged) {
            exchanged(exchanged, app);
        } else if (event instanceof FlowEvent.Closed closed) {
            closed(closed);
        } else if (event instanceof FlowEvent.Learnt) {
            novelties.learn(tracked, apps.past(app), flow);
        }
        return tracked;
    }

    private void exchanged(FlowEvent.Exchanged event, int app) {
        Flow flow = event.flow();
        Truth unseen = checkIn(flow, app, event.atMillis(), Stream.EXCHANGES, Stream.QUIET_EXCHANGES);
        tracked.sized(event.bytesOut(), event.bytesIn());
        carried(event, event.bytesOut(), event.bytesIn());
        boolean hello = HELLOS_FIRST.contains(flow.protocol()) && live.find(flow.uid()) < 0;
        boolean answered = event.bytesOut() > 0 && event.bytesIn() > 0;
        if (unseen == Truth.TRUE && answered && !hello) {
            tracked.sizedUnseen(event.bytesOut(), event.bytesIn());
        }
        live.exchanged(flow.uid(), event.bytesOut(), event.bytesIn());
    }

    private void closed(FlowEvent.Closed event) {
        int counted = live.find(event.flow().uid());
        if (counted >= 0) {
            carried(event, event.bytesOut() - live.countedOut(counted), event.bytesIn() - live.countedIn(counted));
            live.closed(counted);
        } else if (event.outcome() == FlowEvent.Outcome.CARRIED) {
            tracked.sized(event.bytesOut(), event.bytesIn());
            carried(event, event.bytesOut(), event.bytesIn());
            if (context.quiet(event.flow().tag(), event.atMillis()) == Truth.TRUE) {
                tracked.sizedUnseen(event.bytesOut(), event.bytesIn());
            }
        }
        if (event.outcome() == FlowEvent.Outcome.FAILED_UPSTREAM) {
            tracked.counted(Count.FAILED_UPSTREAM);
        }
    }

    private void carried(FlowEvent event, long bytesOut, long bytesIn) {
        tracked.carried(bytesOut, bytesIn);
        if (bytesOut >= (again ? 1 : WORTH_A_LOOK) && lastMarks == 0) {
            lastMarks = precedents(context, event.flow().tag(), event.atMillis());
        }
        if (!again || lastMarks != 0) {
            sent.add(event.atMillis(), tracked.slot(), table.hash(tracked.slot()), bytesOut);
        }
    }

    /** @return whether nobody looked */
    private Truth checkIn(Flow flow, int app, long at, Stream all, Stream quiet) {
        Truth unseen = context.quiet(flow.tag(), at);
        if (unseen == Truth.TRUE) {
            tracked.checkIn(quiet, at);
        }
        if (!tracked.checkIn(all, at)) {
            return unseen;
        }
        tracked.counted(unseen);
        tracked.present(at);
        lastCounted = true;
        lastMarks = precedents(context, flow.tag(), at);
        tracked.preceded(lastMarks);
        recent.add(at, tracked.slot(), table.hash(tracked.slot()), lastMarks, unseen, all == Stream.EXCHANGES);
        wakes.checkIn(tracked.slot(), table.hash(tracked.slot()), app, at, judged);
        return unseen;
    }

    /** Which facts came within the window before that time, by what is known there, as marks of {@link Precedent}. */
    int precedents(DeviceContext known, AppTag tag, long atMillis) {
        return LateFacts.marks(known, tag, windowMillis, atMillis);
    }

    /**
     * Bytes that the app sent there within so long before a time, each no longer than that after such a fact; to about five
     * seconds.
     */
    public long sentAfter(Tracked there, AppTag tag, FactKind kind, long withinMillis, long atMillis) {
        @Nullable DeviceState past = late.past(atMillis);
        if (past != null) {
            return past.find(there.profile(), there.app(), there.destination())
                    .map(then -> past.sentAfter(then, tag, kind, withinMillis, atMillis))
                    .orElse(0L);
        }
        int slot = there.slot();
        return sent.bytes(
                slot,
                table.hash(slot),
                atMillis - withinMillis,
                atMillis,
                when -> context.happened(tag, kind, withinMillis, Math.min(when, atMillis)));
    }

    /** Bytes that went there from one time to another, as far as is remembered. */
    long sent(Tracked there, long fromMillis, long toMillis) {
        return sent.bytes(there.slot(), table.hash(there.slot()), fromMillis, toMillis, when -> true);
    }

    /** Whether {@link #sentAfter} knows all that was sent from that time on. */
    public boolean remembersSent(long fromMillis) {
        return late.past(fromMillis) != null || sent.reaches(fromMillis);
    }

    private void judged(int slot, int hash, boolean common) {
        if (keys.holds(slot, hash)) {
            aside.look(slot).woke(common);
        }
    }

    /** @return whether anything is different now, so that what was judged by it is to be judged again */
    public boolean tell(ContextEvent event) {
        boolean news = context.tell(event);
        if (news) {
            late.told(event);
        }
        return news;
    }

    /** What was told late, and puts it beside check-ins. */
    public LateFacts late() {
        return late;
    }

    /** Whether the last event was a check-in of its own. */
    boolean lastCounted() {
        return lastCounted;
    }

    /** What the last check-in, or what was last sent, came soon after, as marks of {@link Precedent}; 0 if the last event was neither. */
    public int lastMarks() {
        return lastMarks;
    }

    /** Number of what the last event asked DNS for, in {@link #questions}; -1 if it did not. */
    public int lastAsked() {
        return lastAsked;
    }

    public DeviceContext context() {
        return context;
    }

    /** What apps asked DNS for. */
    public Questions questions() {
        return questions;
    }

    /** Number of an app in {@link #questions}; -1 of one never seen. */
    public int app(String profile, String app) {
        return apps.find(profile, app);
    }

    /**
     * Whether any app of the device has spoken to that domain, as far as is remembered: what is answered and never
     * connected to was asked for the asking.
     */
    public boolean connected(String domain) {
        return keys.connected(domain);
    }

    /** What is remembered of an app and a destination; holds until the next event. */
    public Optional<Tracked> find(String profile, String app, String destination) {
        int slot = keys.find(profile, app, destination);
        return slot < 0 ? Optional.empty() : Optional.of(tracked.look(slot));
    }

    /** Every app and destination, one after another in the same object. */
    public void each(Consumer<Tracked> told) {
        for (int slot = 0; slot < table.slots(); slot++) {
            if (table.inUse(slot)) {
                told.accept(tracked.look(slot));
            }
        }
    }

    /** The latest time of any event. */
    public long reachedMillis() {
        return reachedMillis;
    }

    /** Share of the device's check-ins that come when it wakes for several apps; beside {@link Tracked#wakeShare}. */
    public double usualWakeShare() {
        return wakes.usualShare();
    }

    /** Pairs of app and destination. */
    public int keys() {
        return table.size();
    }

    /** Keys that had to go for want of room. */
    public long evicted() {
        return keys.evicted;
    }

    /** Those among them that had come back before: what was lost is more than a destination seen once. */
    public long evictedRecurrent() {
        return keys.evictedRecurrent;
    }

    /** Events that counted for a domain, because the app had so many hosts of it. */
    public long folded() {
        return keys.folded;
    }

    /** Everything that met a bound: 0 as long as nothing is missing. */
    public long saturated() {
        return keys.evicted
                + questions.evicted()
                + apps.turnedAway()
                + live.pushedOut()
                + sent.pushedOut()
                + context.saturated();
    }

    /** Check-ins of the last three hours that are remembered one by one. */
    public int recent() {
        return recent.size();
    }

    /** Check-ins that went before three hours were over, so that what is told late finds them no more. */
    public long recentPushedOut() {
        return recent.pushedOut();
    }

    /** Bytes of memory but for what was told, about. */
    public long bytes() {
        return table.bytes()
                + questions.bytes()
                + keys.bytes()
                + live.bytes()
                + wakes.bytes()
                + recent.bytes()
                + sent.memory()
                + apps.bytes();
    }

    /**
     * What another remembers of the same device, such as after a fail-over. What both counted is counted once, so that
     * joining again changes nothing; what each counted alone is not added up.
     *
     * @param other with the same seed
     */
    public void join(DeviceState other) {
        if (other.limits.seed() != limits.seed()) {
            throw new IllegalArgumentException("joined states must have one seed");
        }
        other.each(theirs -> tracked.look(keys.of(theirs, reachedMillis)).join(theirs));
        keys.join(other.keys);
        questions.join(other.questions);
        context.join(other.context);
        reachedMillis = Math.max(reachedMillis, other.reachedMillis);
        keys.countCrowds();
    }

    /**
     * What is left when all goes that came once and is not held: in less memory unless it is at work. Then it is this, with room of its own
     * again, since what matters for hours knows keys by where they are.
     */
    public DeviceState recurrent(long nowMillis) {
        if (!keys.dropSeldom(reachedMillis) || atWork(nowMillis)) {
            return this;
        }
        return DeviceStateForm.copy(this);
    }

    /** Whether there were check-ins within {@value #AT_WORK_MILLIS} ms, in this process, or something waits that was told late. */
    private boolean atWork(long nowMillis) {
        return late.waits() || (recent.size() > 0 && nowMillis - reachedMillis < AT_WORK_MILLIS);
    }

    public void writeTo(DataOutput out) throws IOException {
        DeviceStateForm.write(this, out);
    }

    /** @throws IOException also of what was not written by {@link #writeTo}, or is beyond these limits */
    public static DeviceState readFrom(DataInput in, StateLimits limits, Usual usual) throws IOException {
        return DeviceStateForm.read(in, limits, usual);
    }
}
