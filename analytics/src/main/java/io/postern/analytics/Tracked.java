package io.postern.analytics;

import io.postern.analytics.context.FactKind;
import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.AppKey;
import io.postern.analytics.flow.Protocol;
import io.postern.analytics.instrument.Cadence;
import io.postern.analytics.instrument.NameShape;
import io.postern.analytics.instrument.Novelty;
import io.postern.analytics.instrument.Presence;
import io.postern.analytics.instrument.Sizes;
import io.postern.analytics.state.Apps;
import io.postern.analytics.state.Spans;
import io.postern.analytics.state.Table;
import java.util.List;

/**
 * What is remembered of one app and one destination, read where it lies. One object looks at one key after another: what
 * it says holds until its state is told of the next event.
 *
 * <pre>
 * word 0, 1  the table's; of word 1: port (16) protocol (6) shape (6) new (5) unusual (5) held (1) came back (1)
 *            letters of its domain (8)
 * word 2     first and last seen            3, 4   presence
 * words 5 to 16   cadence: connects quiet, connects all, exchanges quiet, exchanges all; in the count that each
 *            leaves free: check-ins soon after a background start, a protected resource, cryptography, staging
 * words 17 to 20  sizes
 * word 21    check-ins in background or locked, of unknown state; failed upstream; check-ins in use (4 x 16)
 * words 22, 23    for detectors
 * </pre>
 */
public final class Tracked {

    static final int WORDS = 24;

    /** Longs that the core leaves to detectors. */
    public static final int MEMORIES = 2;

    static final int SEEN = 2;
    static final int PRESENCE = 3;
    static final int CADENCE = 5;
    static final int SIZES = 17;
    static final int COUNTS = 21;
    private static final int MEMORY = 22;

    private static final int PORT_SHIFT = 0;
    private static final int PROTOCOL_SHIFT = 16;
    private static final int PROTOCOL_BITS = 6;
    private static final int SHAPE_SHIFT = 22;
    private static final int NEW_SHIFT = 28;
    private static final int UNUSUAL_SHIFT = 33;
    static final long HELD = 1L << 38;
    static final long CAME_BACK = 1L << 39;
    private static final int DOMAIN_SHIFT = 40;
    private static final int DOMAIN_BITS = 8;

    private static final int COUNT_MOST = 0xFFFF;
    private static final long FAILURES = 0xFFFF_0000_0000L;
    /** What is left of the three others when each is moved down by a bit. */
    private static final long HALVES = 0x7FFF_0000_7FFF_7FFFL;

    private static final long DAY_SECONDS = 86_400;

    private static final Protocol[] PROTOCOLS = Protocol.values();

    private final Table table;
    private final Apps apps;
    long[] words = new long[0];
    int at;
    private int slot = -1;

    Tracked(Table table, Apps apps) {
        this.table = table;
        this.apps = apps;
    }

    Tracked look(int slot) {
        this.slot = slot;
        words = table.page(slot);
        at = table.at(slot);
        return this;
    }

    int slot() {
        return slot;
    }

    /** Whose it is; an object each time. */
    public AppKey key(String device) {
        return new AppKey(device, profile(), app());
    }

    public String profile() {
        return apps.profile(table.number(slot));
    }

    public String app() {
        return apps.name(table.number(slot));
    }

    /** What the app had done before; of all its destinations. */
    public Novelty past() {
        return apps.past(table.number(slot));
    }

    /**
     * See {@link io.postern.analytics.flow.Destination#name}; {@code *.} and the registrable domain where an app has so many
     * hosts of it that they count as one. An object each time.
     */
    public String destination() {
        return table.name(slot);
    }

    /** Unix time, to the second. */
    public long firstMillis() {
        return Spans.firstMillis(words[at + SEEN]);
    }

    /** Unix time, to the second. */
    public long lastMillis() {
        return Spans.lastMillis(words[at + SEEN]);
    }

    void seen(long millis) {
        long span = words[at + SEEN];
        words[at + SEEN] = span == 0 ? Spans.of(millis) : Spans.with(span, millis);
    }

    /** Which check-ins. */
    public enum Stream {
        QUIET_CONNECTS(0),
        CONNECTS(1),
        QUIET_EXCHANGES(2),
        EXCHANGES(3);

        final int at;

        Stream(int which) {
            at = CADENCE + which * Cadence.WORDS;
        }
    }

    boolean checkIn(Stream stream, long millis) {
        return Cadence.observe(words, at + stream.at, millis);
    }

    /** See {@link Cadence#evidence}. */
    public double cadence(Stream stream, long nowMillis) {
        return Cadence.evidence(words, at + stream.at, nowMillis);
    }

    /** The same, of clocks of so much jitter at most; see {@link Cadence#clock}. */
    public double cadence(Stream stream, long nowMillis, double jitter) {
        return Cadence.evidence(words, at + stream.at, nowMillis, jitter);
    }

    /** The most that any stream says. */
    public double cadence(long nowMillis) {
        return cadence(nowMillis, Cadence.WIDEST_JITTER);
    }

    /** The same, of clocks of so much jitter at most. */
    public double cadence(long nowMillis, double jitter) {
        double most = cadence(Stream.QUIET_CONNECTS, nowMillis, jitter);
        most = Math.max(most, cadence(Stream.CONNECTS, nowMillis, jitter));
        most = Math.max(most, cadence(Stream.QUIET_EXCHANGES, nowMillis, jitter));
        return Math.max(most, cadence(Stream.EXCHANGES, nowMillis, jitter));
    }

    /** See {@link Cadence#narrowClock}. */
    public double narrowCadence(Stream stream, long nowMillis) {
        return Cadence.narrowClock(words, at + stream.at, nowMillis);
    }

    /** See {@link Cadence#growing}. */
    public double growing(Stream stream, long nowMillis) {
        return Cadence.growing(words, at + stream.at, nowMillis);
    }

    /** See {@link Cadence#periodMillis}. */
    public double periodMillis(Stream stream) {
        return Cadence.periodMillis(words, at + stream.at);
    }

    /** See {@link Cadence#growthFactor}. */
    public double growthFactor(Stream stream) {
        return Cadence.growthFactor(words, at + stream.at);
    }

    /** See {@link Cadence#checkIns}. */
    public long checkIns(Stream stream) {
        return Cadence.checkIns(words, at + stream.at);
    }

    /** Check-ins of whichever of connects and exchanges there are more. */
    public long checkIns() {
        return Math.max(checkIns(Stream.CONNECTS), checkIns(Stream.EXCHANGES));
    }

    void present(long millis) {
        Presence.observe(words, at + PRESENCE, millis);
    }

    /** See {@link Presence#daysActive}. */
    public int daysActive(long nowMillis) {
        return Presence.daysActive(words, at + PRESENCE, nowMillis);
    }

    /** See {@link Presence#hoursActive}. */
    public int hoursActive(long nowMillis) {
        return Presence.hoursActive(words, at + PRESENCE, nowMillis);
    }

    /** See {@link Presence#longestRun}. */
    public int longestRun(long nowMillis) {
        return Presence.longestRun(words, at + PRESENCE, nowMillis);
    }

    /** See {@link Presence#hoursOfDay}. */
    public int hoursOfDay() {
        return Presence.hoursOfDay(words, at + PRESENCE);
    }

    void sized(long bytesOut, long bytesIn) {
        Sizes.observe(words, at + SIZES, bytesOut, bytesIn);
    }

    void sizedUnseen(long bytesOut, long bytesIn) {
        long before = Math.max(checkIns(Stream.QUIET_CONNECTS), checkIns(Stream.QUIET_EXCHANGES));
        Sizes.unseen(words, at + SIZES, bytesOut, bytesIn, before);
    }

    void carried(long bytesOut, long bytesIn) {
        Sizes.add(words, at + SIZES, bytesOut, bytesIn);
    }

    /** Exchanges (or flows without any) whose sizes were seen, up to 255. */
    public long sizesSeen() {
        return Sizes.seen(words, at + SIZES);
    }

    /** See {@link Sizes#sameUp}. */
    public double sameUp() {
        return Sizes.sameUp(words, at + SIZES);
    }

    /** See {@link Sizes#sameDown}. */
    public double sameDown() {
        return Sizes.sameDown(words, at + SIZES);
    }

    /** See {@link Sizes#spreadUp}. */
    public double spreadUp() {
        return Sizes.spreadUp(words, at + SIZES);
    }

    /** See {@link Sizes#spreadDown}. */
    public double spreadDown() {
        return Sizes.spreadDown(words, at + SIZES);
    }

    /** See {@link Sizes#usualUp}. */
    public double usualUp() {
        return Sizes.usualUp(words, at + SIZES);
    }

    /** See {@link Sizes#usualDown}. */
    public double usualDown() {
        return Sizes.usualDown(words, at + SIZES);
    }

    /** See {@link Sizes#usualUnseen}. */
    public double usualUnseen() {
        return Sizes.usualUnseen(words, at + SIZES);
    }

    /** See {@link Sizes#heaviness}. */
    public double heaviness() {
        return Sizes.heaviness(words, at + SIZES);
    }

    /** See {@link Sizes#heavinessSpread}. */
    public double heavinessSpread() {
        return Sizes.heavinessSpread(words, at + SIZES);
    }

    /** All bytes device to world. */
    public long bytesOut() {
        return Sizes.bytesOut(words, at + SIZES);
    }

    /** All bytes world to device. */
    public long bytesIn() {
        return Sizes.bytesIn(words, at + SIZES);
    }

    /** What a check-in may come soon after. */
    public enum Precedent {
        BACKGROUND_START(0, FactKind.BACKGROUND_START),
        PROTECTED_RESOURCE(1, FactKind.PROTECTED_RESOURCE),
        CRYPTO(2, FactKind.CRYPTO),
        STAGING(3, FactKind.STAGING);

        static final List<Precedent> ALL = List.of(values());

        private final int which;
        private final FactKind kind;

        Precedent(int which, FactKind kind) {
            this.which = which;
            this.kind = kind;
        }

        FactKind kind() {
            return kind;
        }

        /** As a set in an int. */
        public int mark() {
            return 1 << which;
        }
    }

    void preceded(int marks) {
        for (int i = 0; marks >>> i != 0; i++) {
            if (((marks >>> i) & 1) != 0) {
                Cadence.count(words, at + CADENCE + i * Cadence.WORDS);
            }
        }
    }

    /** How many check-ins came within the window after such a fact, up to 65,535. */
    public int preceded(Precedent precedent) {
        return Cadence.counted(words, at + CADENCE + precedent.which * Cadence.WORDS);
    }

    /**
     * What is counted of check-ins and flows, each up to 65,535. When one of the three of check-ins is full all three are
     * halved, so that shares stay what they are.
     */
    public enum Count {
        /** Check-ins while the app was in the background or the device locked. */
        QUIET(0),
        /** Check-ins of which that is not known. */
        UNKNOWN_STATE(1),
        /** Flows whose destination could not be reached. */
        FAILED_UPSTREAM(2),
        /** Check-ins while it was neither. */
        IN_USE(3);

        private final int which;

        Count(int which) {
            this.which = which;
        }
    }

    void counted(Count what) {
        words[at + COUNTS] = more(words[at + COUNTS], what.which);
    }

    /** One check-in more, of which that much is known. */
    void counted(Truth quiet) {
        Count what = of(quiet);
        if (count(what) == COUNT_MOST) {
            words[at + COUNTS] = ((words[at + COUNTS] >>> 1) & HALVES) | (words[at + COUNTS] & FAILURES);
        }
        counted(what);
    }

    /** One check-in was thought of otherwise. */
    void recounted(Truth before, Truth now) {
        Count what = of(before);
        if (count(what) > 0) {
            words[at + COUNTS] -= 1L << (16 * what.which);
        }
        counted(now);
    }

    private static Count of(Truth quiet) {
        return switch (quiet) {
            case TRUE -> Count.QUIET;
            case FALSE -> Count.IN_USE;
            case UNKNOWN -> Count.UNKNOWN_STATE;
        };
    }

    /** Check-ins of which that much is known. */
    int count(Truth quiet) {
        return count(of(quiet));
    }

    public int count(Count what) {
        return count(words[at + COUNTS], what.which);
    }

    static int count(long word, int which) {
        return (int) ((word >>> (16 * which)) & COUNT_MOST);
    }

    private static long more(long word, int which) {
        return count(word, which) == COUNT_MOST ? word : word + (1L << (16 * which));
    }

    void woke(boolean common) {
        Presence.woke(words, at + PRESENCE, common);
    }

    /** See {@link Presence#wakeShare}. */
    public double wakeShare() {
        return Presence.wakeShare(words, at + PRESENCE);
    }

    /** See {@link Presence#wakesJudged}. */
    public int wakesJudged() {
        return Presence.wakesJudged(words, at + PRESENCE);
    }

    /** What a detector has put there; 0 at first. */
    public long memory(int which) {
        return words[at + MEMORY + which];
    }

    public void remember(int which, long value) {
        words[at + MEMORY + which] = value;
    }

    /** Keeps it, or no longer, before all that is not held: there is an open finding. */
    public void hold(boolean held) {
        words[at + 1] = held ? words[at + 1] | HELD : words[at + 1] & ~HELD;
    }

    public boolean held() {
        return (words[at + 1] & HELD) != 0;
    }

    /** How many of its last letters are its registrable domain. */
    void ofDomain(int letters) {
        set(DOMAIN_SHIFT, DOMAIN_BITS, letters > 253 ? 0 : letters);
    }

    int domainLetters() {
        return (int) get(DOMAIN_SHIFT, DOMAIN_BITS);
    }

    /** Its registrable domain; empty if it has none. An object each time. */
    public String domain() {
        String name = destination();
        return name.substring(name.length() - Math.min(name.length(), domainLetters()));
    }

    void cameBack() {
        words[at + 1] |= CAME_BACK;
    }

    // Written as a number: a constant put in between wants another version of what is written.
    @SuppressWarnings("EnumOrdinal")
    void speaks(Protocol protocol, int port) {
        set(PORT_SHIFT, 16, port);
        if (protocol != Protocol.UNKNOWN) {
            set(PROTOCOL_SHIFT, PROTOCOL_BITS, protocol.ordinal() + 1);
        }
    }

    /** The last port. */
    public int port() {
        return (int) get(PORT_SHIFT, 16);
    }

    /** The last protocol that was known. */
    public Protocol protocol() {
        long ordinal = get(PROTOCOL_SHIFT, PROTOCOL_BITS);
        return ordinal == 0 || ordinal > PROTOCOLS.length ? Protocol.UNKNOWN : PROTOCOLS[(int) ordinal - 1];
    }

    void marks(int shape, int fresh, int unusual) {
        set(SHAPE_SHIFT, NameShape.BITS, get(SHAPE_SHIFT, NameShape.BITS) | shape);
        set(NEW_SHIFT, Novelty.BITS, get(NEW_SHIFT, Novelty.BITS) | fresh);
        set(UNUSUAL_SHIFT, Novelty.BITS, get(UNUSUAL_SHIFT, Novelty.BITS) | unusual);
    }

    /** Marks of {@link NameShape} that any of its flows had. */
    public int shape() {
        return (int) get(SHAPE_SHIFT, NameShape.BITS);
    }

    /** Marks of {@link Novelty}: what this was the first of for its app. */
    public int fresh() {
        return (int) get(NEW_SHIFT, Novelty.BITS);
    }

    /** Marks of {@link Novelty}: what is outside the baseline. */
    public int unusual() {
        return (int) get(UNUSUAL_SHIFT, Novelty.BITS);
    }

    private long get(int shift, int bits) {
        return (words[at + 1] >>> shift) & ((1L << bits) - 1);
    }

    private void set(int shift, int bits, long value) {
        words[at + 1] = (words[at + 1] & ~(((1L << bits) - 1) << shift)) | (value << shift);
    }

    /** When it may be forgotten, in seconds: later for what comes back, and last for what is held. */
    long worth() {
        long last = Spans.lastSecond(words[at + SEEN]);
        if (held()) {
            return last + 400 * DAY_SECONDS;
        }
        if (Presence.daysSeen(words, at + PRESENCE) > 1) {
            return last + 40 * DAY_SECONDS;
        }
        if ((words[at + 1] & CAME_BACK) != 0) {
            return last + 2 * DAY_SECONDS;
        }
        return Presence.returned(words, at + PRESENCE) ? last + DAY_SECONDS : last;
    }

    /** Whether forgetting it loses more than a destination seen once. */
    boolean recurrent() {
        return Presence.returned(words, at + PRESENCE);
    }

    /** What another has seen of the same. */
    void join(Tracked other) {
        Joined.both(this, other);
    }
}
