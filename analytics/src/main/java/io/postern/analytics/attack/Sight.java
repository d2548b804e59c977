package io.postern.analytics.attack;

import io.postern.analytics.DeviceState;
import io.postern.analytics.Tracked;
import io.postern.analytics.Tracked.Count;
import io.postern.analytics.Tracked.Stream;
import io.postern.analytics.baseline.Situation;
import io.postern.analytics.context.DeviceContext;
import io.postern.analytics.context.FactKind;
import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Delegates;
import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.InClear;
import io.postern.analytics.flow.InClear.Naming;
import io.postern.analytics.flow.Protocol;
import io.postern.analytics.instrument.Cadence;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What can be seen of one app and one destination at one time: the words in which analytics are written. One object looks
 * at one after another; what it says holds until it looks elsewhere.
 */
public final class Sight {

    /** Check-ins of which it must be known whether they were in the background before a share of them says anything. */
    private static final int ENOUGH = 3;

    /** Connects before their usual period says anything. */
    private static final int ENOUGH_FOR_PEERS = 16;

    private final DeviceState state;
    private final Tracked seen;
    private final Peers peers;
    private final int deviceHash;
    private final Habits habits;
    private Knowledge knowledge = Knowledge.NONE;
    private AppTag tag = AppTag.UNATTRIBUTED;
    private Destination to = new Destination("", "", "::", 0);
    private Optional<Flow> flow = Optional.empty();
    private Protocol protocol = Protocol.UNKNOWN;
    private int classes;
    private int afterPush;
    private long now;

    private AppRole role = AppRole.NONE;
    private Optional<Delegates.Carried> carried = Optional.empty();
    private Truth locked = Truth.UNKNOWN;
    private Truth background = Truth.UNKNOWN;
    private Situation situation = Situation.UNKNOWN;
    private Duration lastWindow = Duration.ZERO;
    private Truth lastUnattended = Truth.UNKNOWN;
    private final Circumstances.Inventory inventory = new Circumstances.Inventory();
    private boolean inventoryRead;
    private boolean expected;
    private boolean expectedAsked;

    /** @param seen of that device, which is made to look at one key after another */
    Sight(String device, DeviceState state, Tracked seen, Peers peers) {
        this.state = state;
        this.seen = seen;
        this.peers = peers;
        this.deviceHash = device.hashCode();
        this.habits = new Habits(seen);
    }

    void look(
            Knowledge known,
            AppTag whose,
            Destination where,
            Optional<Flow> of,
            int serviceClasses,
            int pushed,
            long atMillis) {
        knowledge = known;
        tag = whose;
        to = where;
        flow = of;
        protocol = of.map(Flow::protocol).filter(one -> one != Protocol.UNKNOWN).orElse(seen.protocol());
        classes = serviceClasses;
        afterPush = pushed;
        now = atMillis;
        role = known.roles().apply(whose);
        carried = Delegates.of(whose.app());
        locked = context().isLocked(atMillis);
        background = context().isBackground(whose, atMillis);
        lastWindow = Duration.ZERO;
        inventoryRead = false;
        expectedAsked = false;
        situation = Situation.of(background, locked);
        habits.look(knowledge, whose, role.category(), situation, protocol, where);
    }

    // Who and where.

    public AppTag tag() {
        return tag;
    }

    public Destination to() {
        return to;
    }

    /** The flow that something has just happened to; empty when what was told late is judged. */
    Optional<Flow> flow() {
        return flow;
    }

    /** What can be seen of it without decrypting anything; of what was told late, what is kept of the last flow. */
    InClear clear() {
        return flow.isPresent() ? flow.get().clear() : Agenda.clear(seen);
    }

    /** Whether its names are not of one server, so that what it is called is no reason to trust it. */
    boolean twoNames() {
        return clear().naming() == Naming.APART;
    }

    /** By its bytes. */
    public Protocol protocol() {
        return protocol;
    }

    public long now() {
        return now;
    }

    /** Whether it is known which app it is: what apps are expected to do cannot be asked of nobody. */
    public boolean named() {
        return !tag.app().equals(AppTag.NOBODY);
    }

    /** What is written down of the app. */
    public AppRole role() {
        return role;
    }

    /** Whether it is written down that the app goes there. */
    boolean expected() {
        // Most of the five ask.
        if (!expectedAsked) {
            expected = role.goesTo(to);
            expectedAsked = true;
        }
        return expected;
    }

    /** Whether the app is of that category; of packages that share a user, whether any of them is. */
    public boolean isOfCategory(String name) {
        if (!tag.shared()) {
            return role.category().equals(name);
        }
        return tag.apps().stream()
                .anyMatch(
                        each -> knowledge.roles().apply(tag.of(each)).category().equals(name));
    }

    /** What the app carries for others, if it does. */
    public Optional<Delegates.Carried> carried() {
        return carried;
    }

    /** Whether any of these service classes is the destination's, see {@link Classes}. */
    boolean isOf(int some) {
        return (classes & some) != 0;
    }

    /** The first service class of some; empty if it has none of them. */
    String classOf(int some) {
        return Classes.first(classes & some);
    }

    /** The instruments' readings of the app and the destination. */
    public Tracked seen() {
        return seen;
    }

    public DeviceState device() {
        return state;
    }

    public DeviceContext context() {
        return state.context();
    }

    // What device and app were doing.

    public Truth locked() {
        return locked;
    }

    public Truth background() {
        return background;
    }

    public Situation situation() {
        return situation;
    }

    /** Whether nobody has used the device for so long. */
    public Truth unattended(Duration within) {
        // All five ask with about the same window.
        if (!within.equals(lastWindow)) {
            lastWindow = within;
            lastUnattended =
                    context().interacted(within.toMillis(), now).truth().not();
        }
        return lastUnattended;
    }

    /** Whether the app did such a thing within so long before now. */
    public Truth after(FactKind what, Duration within) {
        if (context().happened(tag, what, within.toMillis(), now)) {
            return Truth.TRUE;
        }
        return context().sees(what, now) ? Truth.FALSE : Truth.UNKNOWN;
    }

    /**
     * Bytes up within so long, each no longer than that after the app did such a thing. Of what is judged so late that it is not
     * known any more when they went, all that ever went.
     */
    long sentAfter(FactKind what, Duration within) {
        if (flow.isEmpty() && !state.remembersSent(now - within.toMillis())) {
            return seen.bytesOut();
        }
        return state.sentAfter(seen, tag, what, within.toMillis(), now);
    }

    /** Share of its check-ins that were in the background or on a locked device; negative if too little is known. */
    public double quietShare() {
        int quiet = seen.count(Count.QUIET);
        int known = quiet + seen.count(Count.IN_USE);
        return known < ENOUGH ? -1 : (double) quiet / known;
    }

    /** Whether there are too few check-ins yet for a share of them to say anything. */
    boolean isNew() {
        return seen.checkIns(Stream.CONNECTS) + seen.checkIns(Stream.EXCHANGES) < ENOUGH;
    }

    /** What the inventory says of the app. */
    Circumstances.Inventory inventory() {
        if (!inventoryRead) {
            inventory.read(context(), tag, now);
            inventoryRead = true;
        }
        return inventory;
    }

    // When and how much.

    /** Evidence for a clock of any kind; see {@link Cadence#evidence}. */
    public double clock() {
        return clock(Cadence.WIDEST_JITTER);
    }

    /** The same of a clock of so much jitter at most, as a share of the interval. */
    public double clock(double jitter) {
        return seen.cadence(now, jitter);
    }

    /** The same of what it does unseen alone. */
    public double quietClock(double jitter) {
        return Math.max(
                seen.cadence(Stream.QUIET_CONNECTS, now, jitter), seen.cadence(Stream.QUIET_EXCHANGES, now, jitter));
    }

    /** Whether intervals grow by one factor rather than stay. */
    public boolean grows() {
        double grown = Math.max(seen.growing(Stream.CONNECTS, now), seen.growing(Stream.EXCHANGES, now));
        return grown >= Cadence.CLOCK && grown >= clock();
    }

    /** The usual time between check-ins, of whichever stream is most like a clock, s; 0 before there are two. */
    public double periodSeconds() {
        Stream most = Stream.CONNECTS;
        for (Stream one : STREAMS) {
            most = seen.cadence(one, now) > seen.cadence(most, now) ? one : most;
        }
        return seen.periodMillis(most) / 1_000;
    }

    private static final Stream[] STREAMS = Stream.values();

    public long checkIns() {
        return seen.checkIns();
    }

    /** Bytes up and down by check-in. */
    public double bytesOfCheckIn() {
        return (double) (seen.bytesOut() + seen.bytesIn()) / Math.max(1, checkIns());
    }

    /** How many of its check-ins came within seconds after Play services were sent something. */
    public int afterPush() {
        return afterPush;
    }

    // What the app does elsewhere.

    /** What was learnt and approved of it. */
    Habits habits() {
        return habits;
    }

    /** What it does unseen, for others to be held against. */
    void tellPeers() {
        double period = seen.periodMillis(Stream.QUIET_CONNECTS);
        if (period > 0 && seen.checkIns(Stream.QUIET_CONNECTS) >= ENOUGH_FOR_PEERS && named()) {
            peers.does(deviceHash, tag.app(), to.name(), period, seen.usualUnseen());
        }
    }

    /** How that compares with what others do. */
    Peers.Comparison others() {
        return peers.compare(
                deviceHash, tag.app(), to.name(), seen.periodMillis(Stream.QUIET_CONNECTS), seen.usualUnseen());
    }

    /** Classes of service that the role allows; empty if it says nothing. */
    Set<String> allowedClasses() {
        return role.serviceClasses();
    }
}
