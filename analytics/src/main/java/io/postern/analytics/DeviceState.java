package io.postern.analytics;

import io.postern.analytics.Tracked.Count;
import io.postern.analytics.Tracked.Precedent;
import io.postern.analytics.Tracked.Stream;
import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.DeviceContext;
import io.postern.analytics.context.FactKind;
import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.flow.Protocol;
import io.postern.analytics.instrument.NameShape;
import io.postern.analytics.instrument.Novelty;
import io.postern.analytics.instrument.Usual;
import io.postern.analytics.state.Apps;
import io.postern.analytics.state.Crowds;
import io.postern.analytics.state.Ghosts;
import io.postern.analytics.state.LiveFlows;
import io.postern.analytics.state.Questions;
import io.postern.analytics.state.Table;
import io.postern.analytics.state.Wakes;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntToLongFunction;

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

    private static final int VERSION = 1;
    /** Hosts of one domain beyond the bound go by this and the domain. */
    private static final String ANY_HOST = "*.";
    /** In place of an app: all of them. */
    private static final int EVERY_APP = 0xFFFF;

    private static final long DAY_SECONDS = 86_400;
    private static final Precedent[] PRECEDENTS = Precedent.values();

    private final StateLimits limits;
    private final long windowMillis;
    private final Usual usual;
    private final Apps apps;
    private final Table table;
    private final Questions questions;
    private final Crowds crowds;
    private final Ghosts ghosts = new Ghosts();
    private final LiveFlows live = new LiveFlows();
    private final Wakes wakes = new Wakes();
    private final Tracked tracked;
    private final Tracked aside;
    private final Wakes.Judged judged = this::judged;
    private final IntToLongFunction worth = this::worth;

    private DeviceContext context;
    private long reachedMillis;
    private long evicted;
    private long evictedRecurrent;
    private long folded;

    public DeviceState() {
        this(StateLimits.DEFAULTS, Usual.UNKNOWN);
    }

    /** @param usual what a baseline knows, asked when a destination is new to an app */
    public DeviceState(StateLimits limits, Usual usual) {
        this.limits = limits;
        windowMillis = limits.window().toMillis();
        this.usual = usual;
        apps = new Apps(limits.apps(), AppTag.NOBODY);
        table = new Table(Tracked.WORDS, limits.keys(), limits.seed());
        questions = new Questions(limits.domains(), limits.seed(), apps);
        crowds = new Crowds(limits.keys());
        tracked = new Tracked(table, apps);
        aside = new Tracked(table, apps);
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
        if (event instanceof FlowEvent.Asked asked && !asked.domain().isEmpty()) {
            questions.asked(app, asked.name(), asked.domain(), asked.type(), asked.rcode(), at);
        }
        tracked.look(slot(app, flow, at)).seen(at);
        if (event instanceof FlowEvent.Opened) {
            learn(app, flow);
            checkIn(flow, app, at, Stream.CONNECTS, Stream.QUIET_CONNECTS);
        } else if (event instanceof FlowEvent.Exchanged exchanged) {
            exchanged(exchanged, app);
        } else if (event instanceof FlowEvent.Closed closed) {
            closed(closed);
        } else if (event instanceof FlowEvent.Learnt) {
            learn(app, flow);
        }
        return tracked;
    }

    private void exchanged(FlowEvent.Exchanged event, int app) {
        checkIn(event.flow(), app, event.atMillis(), Stream.EXCHANGES, Stream.QUIET_EXCHANGES);
        tracked.sized(event.bytesOut(), event.bytesIn());
        tracked.carried(event.bytesOut(), event.bytesIn());
        live.exchanged(event.flow().uid(), event.bytesOut(), event.bytesIn());
    }

    private void closed(FlowEvent.Closed event) {
        int counted = live.find(event.flow().uid());
        if (counted >= 0) {
            tracked.carried(event.bytesOut() - live.countedOut(counted), event.bytesIn() - live.countedIn(counted));
            live.closed(counted);
        } else if (event.outcome() == FlowEvent.Outcome.CARRIED) {
            tracked.sized(event.bytesOut(), event.bytesIn());
            tracked.carried(event.bytesOut(), event.bytesIn());
        }
        if (event.outcome() == FlowEvent.Outcome.FAILED_UPSTREAM) {
            tracked.counted(Count.FAILED_UPSTREAM);
        } else if (event.outcome() == FlowEvent.Outcome.REFUSED) {
            tracked.counted(Count.REFUSED);
        }
    }

    private void checkIn(Flow flow, int app, long at, Stream all, Stream quiet) {
        Truth unseen = context.quiet(flow.tag(), at);
        if (unseen == Truth.TRUE) {
            tracked.checkIn(quiet, at);
        }
        if (!tracked.checkIn(all, at)) {
            return;
        }
        if (unseen == Truth.TRUE) {
            tracked.counted(Count.QUIET);
        } else if (unseen == Truth.UNKNOWN) {
            tracked.counted(Count.UNKNOWN_STATE);
        }
        tracked.present(at);
        tracked.preceded(precedents(flow.tag(), at));
        wakes.checkIn(tracked.slot(), table.hash(tracked.slot()), app, at, judged);
    }

    /** Which facts came within the window before that time, as marks of {@link Precedent}. */
    public int precedents(AppTag tag, long atMillis) {
        int marks = 0;
        for (Precedent one : PRECEDENTS) {
            FactKind kind =
                    switch (one) {
                        case BACKGROUND_START -> FactKind.BACKGROUND_START;
                        case PROTECTED_RESOURCE -> FactKind.PROTECTED_RESOURCE;
                        case CRYPTO -> FactKind.CRYPTO;
                        case STAGING -> FactKind.STAGING;
                    };
            if (context.happened(tag, kind, windowMillis, atMillis)) {
                marks |= one.mark();
            }
        }
        return marks;
    }

    private void judged(int slot, int hash, boolean common) {
        if (slot < table.slots() && table.inUse(slot) && table.hash(slot) == hash) {
            aside.look(slot).woke(common);
        }
    }

    /** What a flow turns out to be: its port, protocol and name, and what of it is new to its app. */
    private void learn(int app, Flow flow) {
        int port = flow.destination().port();
        boolean same = tracked.lastMillis() != tracked.firstMillis()
                && tracked.port() == port
                && (flow.protocol() == Protocol.UNKNOWN || flow.protocol() == tracked.protocol());
        if (!same) {
            tracked.marks(0, fresh(apps.past(app), flow), usual == Usual.UNKNOWN ? 0 : unusual(flow));
            tracked.speaks(flow.protocol(), port);
        }
        if (flow.tls().isPresent()) {
            hello(apps.past(app), flow, flow.tls().get());
        }
    }

    private void hello(Novelty past, Flow flow, Flow.TlsShape tls) {
        past.hello(tls.hidden() || !tls.sni().isEmpty());
        boolean fresh = !tls.ja4().isEmpty()
                && past.notes(Novelty.FINGERPRINT, tls.ja4().hashCode());
        tracked.marks(NameShape.ofHello(flow), fresh ? Novelty.FINGERPRINT : 0, 0);
    }

    private static int fresh(Novelty past, Flow flow) {
        int fresh = 0;
        for (String serviceClass : flow.serviceClasses()) {
            if (past.notes(Novelty.SERVICE_CLASS, serviceClass.hashCode())) {
                fresh |= Novelty.SERVICE_CLASS;
            }
        }
        boolean pair = past.notes(
                Novelty.PORT,
                (flow.protocol().label().hashCode() << 16) ^ flow.destination().port());
        return pair ? fresh | Novelty.PORT : fresh;
    }

    private int unusual(Flow flow) {
        Destination to = flow.destination();
        int marks = unusual(flow, Usual.Aspect.DESTINATION, to.name())
                | unusual(flow, Usual.Aspect.DOMAIN, to.domain())
                | unusual(flow, Usual.Aspect.PORT, flow.protocol().label() + "/" + to.port())
                | unusual(
                        flow,
                        Usual.Aspect.FINGERPRINT,
                        flow.tls().map(Flow.TlsShape::ja4).orElse(""));
        for (String serviceClass : flow.serviceClasses()) {
            marks |= unusual(flow, Usual.Aspect.SERVICE_CLASS, serviceClass);
        }
        return marks;
    }

    private int unusual(Flow flow, Usual.Aspect aspect, String value) {
        return !value.isEmpty() && usual.usual(flow.tag(), aspect, value) == Truth.FALSE ? aspect.mark() : 0;
    }

    private int slot(int app, Flow flow, long at) {
        Destination to = flow.destination();
        String name = to.name();
        int hash = table.hash(app, "", name);
        int slot = table.find(hash, app, "", name);
        if (slot >= 0) {
            return slot;
        }
        int crowd = to.domain().isEmpty() ? 0 : crowds.count(table.hash(app, "", to.domain()));
        if (crowd < limits.hostsOfDomain()) {
            return add(app, to, hash, "", name, at);
        }
        folded++;
        hash = table.hash(app, ANY_HOST, to.domain());
        slot = table.find(hash, app, ANY_HOST, to.domain());
        return slot >= 0 ? slot : add(app, to, hash, ANY_HOST, to.domain(), at);
    }

    private int add(int app, Destination to, int hash, String prefix, String name, long at) {
        makeRoom(hash);
        int slot = table.add(hash, app, prefix, name);
        apps.added(app);
        tracked.look(slot).ofDomain(name.endsWith(to.domain()) ? to.domain().length() : 0);
        if (ghosts.wasHere(hash)) {
            tracked.cameBack();
        }
        apps.past(app).seenAt(at);
        int fresh = joinCrowd(slot) ? Novelty.DESTINATION | Novelty.DOMAIN : Novelty.DESTINATION;
        tracked.marks(NameShape.of(to), fresh, 0);
        return slot;
    }

    /** @return whether it is the first of its app and domain */
    private boolean joinCrowd(int slot) {
        int letters = aside.look(slot).domainLetters();
        if (letters == 0) {
            return false;
        }
        int ofApp = table.hashOfTail(table.number(slot), slot, letters);
        boolean first = crowds.count(ofApp) == 0;
        crowds.added(ofApp);
        crowds.added(table.hashOfTail(EVERY_APP, slot, letters));
        return first;
    }

    private void leaveCrowd(int slot) {
        int letters = aside.look(slot).domainLetters();
        if (letters > 0) {
            crowds.removed(table.hashOfTail(table.number(slot), slot, letters));
            crowds.removed(table.hashOfTail(EVERY_APP, slot, letters));
        }
    }

    private void makeRoom(int chance) {
        if (!table.full()) {
            return;
        }
        int slot = table.leastWorth(chance, worth);
        evicted++;
        if (aside.look(slot).recurrent()) {
            evictedRecurrent++;
        }
        leaveCrowd(slot);
        ghosts.gone(table.hash(slot), reachedMillis);
        apps.removed(table.number(slot));
        table.remove(slot);
    }

    /** Who has more than a quarter of all gives of its own first, of what came once. */
    private long worth(int slot) {
        long worth = aside.look(slot).worth();
        boolean crowding = apps.entries(table.number(slot)) > limits.keys() / 4;
        return crowding && !aside.recurrent() ? worth - 30 * DAY_SECONDS : worth;
    }

    /** @return whether anything is different now, so that what was judged by it is to be judged again */
    public boolean tell(ContextEvent event) {
        return context.tell(event);
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
        return crowds.count(table.hash(EVERY_APP, "", domain)) > 0;
    }

    /** What is remembered of an app and a destination; holds until the next event. */
    public Optional<Tracked> find(String profile, String app, String destination) {
        int number = apps.find(profile, app);
        boolean any = destination.startsWith(ANY_HOST);
        String prefix = any ? ANY_HOST : "";
        String name = any ? destination.substring(ANY_HOST.length()) : destination;
        int slot = number < 0 ? -1 : table.find(table.hash(number, prefix, name), number, prefix, name);
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
        return evicted;
    }

    /** Those among them that had come back before: what was lost is more than a destination seen once. */
    public long evictedRecurrent() {
        return evictedRecurrent;
    }

    /** Events that counted for a domain, because the app had so many hosts of it. */
    public long folded() {
        return folded;
    }

    /** Everything that met a bound: 0 as long as nothing is missing. */
    public long saturated() {
        return evicted + questions.evicted() + apps.turnedAway() + live.pushedOut() + context.saturated();
    }

    /** Bytes of memory but for what was told, about. */
    public long bytes() {
        return table.bytes()
                + questions.bytes()
                + crowds.bytes()
                + ghosts.bytes()
                + live.bytes()
                + wakes.bytes()
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
        for (int slot = 0; slot < other.table.slots(); slot++) {
            if (other.table.inUse(slot)) {
                join(other.tracked.look(slot));
            }
        }
        questions.join(other.questions);
        ghosts.join(other.ghosts);
        context.join(other.context);
        reachedMillis = Math.max(reachedMillis, other.reachedMillis);
        evicted = Math.max(evicted, other.evicted);
        evictedRecurrent = Math.max(evictedRecurrent, other.evictedRecurrent);
        folded = Math.max(folded, other.folded);
        countCrowds();
    }

    private void join(Tracked theirs) {
        int app = apps.number(theirs.profile(), theirs.app());
        apps.past(app).join(theirs.past());
        String destination = theirs.destination();
        boolean any = destination.startsWith(ANY_HOST);
        String prefix = any ? ANY_HOST : "";
        String name = any ? destination.substring(ANY_HOST.length()) : destination;
        int hash = table.hash(app, prefix, name);
        int slot = table.find(hash, app, prefix, name);
        if (slot < 0) {
            makeRoom(hash);
            slot = table.add(hash, app, prefix, name);
            apps.added(app);
        }
        tracked.look(slot).join(theirs);
    }

    public void writeTo(DataOutput out) throws IOException {
        out.writeByte(VERSION);
        out.writeLong(limits.seed());
        out.writeLong(reachedMillis);
        out.writeLong(evicted);
        out.writeLong(evictedRecurrent);
        out.writeLong(folded);
        apps.writeTo(out);
        table.writeTo(out);
        questions.writeTo(out);
        ghosts.writeTo(out);
        context.writeTo(out);
    }

    /** @throws IOException also of what was not written by {@link #writeTo}, or is beyond these limits */
    public static DeviceState readFrom(DataInput in, StateLimits limits, Usual usual) throws IOException {
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new IOException("a device's state of version " + version + ", must be " + VERSION);
        }
        long seed = in.readLong();
        if (seed != limits.seed()) {
            throw new IOException("a device's state of another seed");
        }
        DeviceState state = new DeviceState(limits, usual);
        state.reachedMillis = in.readLong();
        state.evicted = in.readLong();
        state.evictedRecurrent = in.readLong();
        state.folded = in.readLong();
        state.apps.readFrom(in);
        state.table.readFrom(in, state.apps.size());
        state.questions.readFrom(in);
        state.ghosts.readFrom(in);
        state.context = DeviceContext.readFrom(in, limits.context());
        for (int slot = 0; slot < state.table.slots(); slot++) {
            state.apps.added(state.table.number(slot));
        }
        state.countCrowds();
        return state;
    }

    /** Anew: crowds are not written. */
    private void countCrowds() {
        crowds.clear();
        for (int slot = 0; slot < table.slots(); slot++) {
            if (table.inUse(slot)) {
                joinCrowd(slot);
            }
        }
    }
}
