package io.postern.gateway.flows;

import io.netty.buffer.ByteBuf;
import io.postern.analytics.Evidence;
import io.postern.analytics.Verdict;
import io.postern.analytics.flow.AppKey;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.config.ListenSettings;
import io.postern.dns.memory.Remembered;
import io.postern.dns.message.DnsFacts;
import io.postern.gateway.identity.Identity;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.records.KnownFacts;
import io.postern.gateway.records.Transport;
import io.postern.gateway.rules.Decision;
import io.postern.gateway.rules.ExceptionTable;
import io.postern.gateway.rules.Match;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One flow while it lives: what the stages have learnt so far. Belongs to its event loop; no other thread touches it.
 */
public final class LiveFlow implements Learner {

    static final int MAX_EVIDENCE = 16;

    /** A flow that has ended by then is told of at once, which costs least. */
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long LULL_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long UNANSWERED_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Flows.Home home;
    private final String id;
    private final ListenSettings listener;
    private final Transport transport;
    private final InetSocketAddress client;
    private final Object holder;
    private AppTag tag;
    private final Destination destination;
    private final long startedMillis;
    private final long startedNanos;
    private final ExchangeLog exchanges = new ExchangeLog();
    private final Deadline deadline;

    private @Nullable InetSocketAddress remote;
    private Recognised recognised = Recognised.unknown(Basis.END);
    private boolean watched;
    private Decision decision = Decision.UNDECIDED;
    private final Held held;
    private @Nullable Object standing;
    private @Nullable Runnable release;
    private @Nullable Consumer<CloseReason> stop;
    private @Nullable Runnable judgedAgain;
    private @Nullable Runnable drain;
    private @Nullable Runnable missed;
    private @Nullable Recorder recorder;
    private long setupNanos = -1;
    private long bytesOut;
    private long bytesIn;
    private long countedOut;
    private long countedIn;
    private long lastMoved;
    private long lastHeld;
    private long lastLineMillis;
    private @Nullable Refusal refusal;
    private @Nullable Identity identity;
    private List<Evidence> evidence = List.of();
    private List<Suspicion> suspicions = List.of();
    private @Nullable Questions questions;
    private @Nullable Recognised toldRecognised;
    private @Nullable AppTag toldTag;
    private KnownFacts facts = KnownFacts.NONE;
    private Remembered remembered = Remembered.NOTHING;
    private boolean condemned;
    private boolean crowded;
    private Set<ExceptionTable.Row> excepted = Set.of();
    private List<Match> would = List.of();
    private @Nullable CloseReason ended;

    /** Position in the home's table. */
    int index;

    LiveFlow(
            Flows.Home home,
            ListenSettings listener,
            Transport transport,
            InetSocketAddress client,
            Object holder,
            AppTag tag,
            Destination destination) {
        this.home = home;
        this.listener = listener;
        this.transport = transport;
        this.client = client;
        this.holder = holder;
        this.tag = tag;
        this.destination = destination;
        this.startedMillis = home.wallMillis();
        this.startedNanos = home.clock().now();
        this.lastMoved = startedNanos;
        this.lastHeld = startedNanos;
        this.lastLineMillis = startedMillis;
        this.id = FlowId.at(startedMillis);
        this.deadline = home.clock().deadline(this::missed);
        this.held = new Held(home.clock(), () -> guarded(this::released));
    }

    private void missed() {
        if (missed != null) {
            guarded(missed);
        }
    }

    /** Does something with this flow that nobody waits for; should it throw, that is the end of the flow. */
    void guarded(Runnable what) {
        try {
            what.run();
        } catch (RuntimeException fault) {
            fail(fault);
        }
    }

    private void fail(RuntimeException fault) {
        CloseReason why = Breakage.reason(fault, CloseReason.ERROR);
        try {
            stop(why);
        } finally {
            end(why);
        }
    }

    /** The upstream is reached; {@code address} is the one that was judged and dialled. */
    public void opened(InetSocketAddress address) {
        remote = address;
        setupNanos = home.clock().now() - startedNanos;
        home.witness().reached(this);
    }

    /** What its tag rests on. */
    public void identifiedBy(Identity what) {
        identity = what;
    }

    /** What its tag rests on; empty for a flow that nobody vouches for. */
    public Optional<Identity> identity() {
        return Optional.ofNullable(identity);
    }

    /** Whether what its tag rests on has had its time; what lives goes on, what begins anew does not. */
    public boolean expired() {
        return identity()
                .flatMap(Identity::proof)
                .filter(proof -> home.wallMillis() >= proof.expiryMillis())
                .isPresent();
    }

    /** Something that speaks for or against a finding; the first {@value #MAX_EVIDENCE} are kept. */
    public void note(Evidence what) {
        if (evidence.size() < MAX_EVIDENCE) {
            evidence = Stream.concat(evidence.stream(), Stream.of(what)).toList();
        }
    }

    /** What is known of its device and app as it begins. */
    public void began(KnownFacts known) {
        facts = known.orNone();
    }

    public KnownFacts facts() {
        return facts;
    }

    /** What its device was told of the address that it goes to, as it begins. */
    public void remembered(Remembered what) {
        remembered = what;
    }

    public Remembered remembered() {
        return remembered;
    }

    /** The name that its address is known to belong to: the one it was asked for by, or that its device was told here. */
    public Optional<String> verifiedName() {
        return destination
                .name()
                .or(() -> recognised.claimedName().filter(remembered::leads))
                .or(remembered::name);
    }

    public List<Evidence> evidence() {
        return evidence;
    }

    /** Findings of its app and destination, in place of those before. */
    public void suspected(List<Suspicion> of) {
        suspicions = of;
    }

    public List<Suspicion> suspicions() {
        return suspicions;
    }

    /** By policy and by findings. */
    public Verdict verdict() {
        Verdict verdict = decision.verdict();
        for (Suspicion each : suspicions) {
            verdict = verdict.stricter(new Verdict(each.action(), each.analytic()));
        }
        return verdict;
    }

    /** The address being judged and dialled, known before it is reached. */
    public void dialling(InetSocketAddress address) {
        remote = address;
    }

    public void recognised(Recognised what) {
        recognised = what;
        watched = true;
        home.witness().recognised(this);
    }

    /** Judged again when policy may see it otherwise. */
    @Override
    public void learnt(Recognised more) {
        if (watched && more.says(recognised)) {
            recognised = more;
            return;
        }
        boolean turned = !watched || more.protocol() != recognised.protocol();
        boolean renamed = !more.claimedName().equals(recognised.claimedName());
        recognised = more;
        watched = true;
        if (turned) {
            home.witness().recognised(this);
        }
        if ((turned || renamed) && live() && judgedAgain != null) {
            judgedAgain.run();
        }
    }

    @Override
    public void said(DnsFacts message, int bytes) {
        if (message.question().isEmpty()) {
            return;
        }
        if (questions == null) {
            questions = new Questions(Questions.MOST);
            recognised.spoken().question().ifPresent(first -> questions().asked(first, 0));
        }
        if (message.response()) {
            questions().answered(message.question().get(), message.rcode(), bytes);
        } else {
            questions().asked(message.question().get(), (home.clock().now() - startedNanos) / 1_000_000);
        }
    }

    private Questions questions() {
        Questions made = questions;
        if (made == null) {
            throw new IllegalStateException("nothing was asked");
        }
        return made;
    }

    /** What it asked DNS for that detection was not told of, beyond a first question that nobody answered. */
    public List<Questions.Asked> asked() {
        return questions == null ? List.of() : questions.all();
    }

    /** More is known of which app has it than when it was judged; it may not outlive this call. */
    public void owned(AppTag better) {
        tag = better;
        if (live() && judgedAgain != null) {
            judgedAgain.run();
        }
    }

    /** Its own loop does it; by then the flow may have ended. */
    @Override
    public void later(Runnable what) {
        try {
            home.loop().execute(() -> guarded(what));
        } catch (RejectedExecutionException stopping) {
            // Nothing is done to flows any more.
        }
    }

    /** How it is judged again once more is known. */
    public void onLearnt(Runnable how) {
        judgedAgain = how;
    }

    /** Memory for what flows say first had no room for it. */
    public void crowdedOut() {
        crowded = true;
    }

    public boolean crowded() {
        return crowded;
    }

    /** What holds as it is being judged; told before anybody is asked. */
    public void judgedUnder(Object what) {
        standing = what;
    }

    /** What held when it was last judged; empty until it is. */
    public Optional<Object> standing() {
        return Optional.ofNullable(standing);
    }

    public void decided(Decision what) {
        decision = what;
        would = what.would(would);
        excepted = what.newly(excepted, row -> home.witness().excepted(this, row));
        held.by(
                what.verdict().action() == Verdict.Action.THROTTLE
                        ? home.throttles()
                                .of(
                                        AppKey.of(tag),
                                        destination.host().toString(),
                                        what.bytesPerSecond(),
                                        home.clock().now())
                        : null);
    }

    /** Whether no more should be read of what goes out: it was more than it may be, and {@link #onRelease} tells when. */
    public boolean heldOut() {
        return held.out();
    }

    /** Likewise of what comes in. */
    public boolean heldIn() {
        return held.in();
    }

    /** What a stage that passes on does when it has changed what may be read. */
    public void onRelease(Runnable how) {
        release = how;
    }

    /** Whether a datagram may go out. */
    public boolean passesOut(int bytes) {
        return held.passesOut(bytes);
    }

    /** Whether a datagram may come in. */
    public boolean passesIn(int bytes) {
        return held.passesIn(bytes);
    }

    private void released() {
        lastHeld = home.clock().now();
        if (live() && release != null) {
            release.run();
        }
    }

    /** It is going to be ended, whatever is decided meanwhile: from now on nothing of it is passed on. */
    public void condemn() {
        condemned = true;
    }

    public boolean condemned() {
        return condemned;
    }

    /** The client was told no. */
    public void refused(Refusal why) {
        refusal = why;
    }

    /** What a stage does when something outside ends its flow; the next stage replaces it. */
    public void onStop(Consumer<CloseReason> how) {
        stop = how;
    }

    /** What a stage does when the gateway wants to stop and lets flows finish; most just go on. */
    public void onDrain(Runnable how) {
        drain = how;
        if (home.draining()) {
            drain();
        }
    }

    void drain() {
        if (live() && drain != null) {
            drain.run();
        }
    }

    /** Ends this flow from outside: a verdict that came while it lived, or the gateway's own end. */
    public void stop(CloseReason why) {
        if (live() && stop != null) {
            stop.accept(why);
        }
    }

    /** What happens unless the next deadline is set within {@code nanos}; replaces the one before. */
    public void within(long nanos, Runnable otherwise) {
        missed = otherwise;
        deadline.in(nanos);
    }

    /** From now on somebody keeps what is passed on. */
    public void recordedBy(Recorder who) {
        recorder = who;
    }

    /** Device to world. */
    public void movedOut(ByteBuf bytes) {
        if (recorder != null) {
            recorder.moved(true, bytes);
        }
        movedOut(bytes.readableBytes());
    }

    /** World to device. */
    public void movedIn(ByteBuf bytes) {
        if (recorder != null) {
            recorder.moved(false, bytes);
        }
        movedIn(bytes.readableBytes());
    }

    /** Device to world. */
    public void movedOut(long bytes) {
        lastMoved = home.clock().now();
        bytesOut += bytes;
        exchanges.up(bytes, offsetMillis());
        if (transport == Transport.TCP) {
            held.sent(bytes);
        }
    }

    /** World to device. */
    public void movedIn(long bytes) {
        lastMoved = home.clock().now();
        bytesIn += bytes;
        exchanges.down(bytes, offsetMillis());
        if (transport == Transport.TCP) {
            held.received(bytes);
        }
    }

    /** By the clock that its start and its end are told by; it may have been set back meanwhile. */
    private long offsetMillis() {
        return Math.max(0, home.wallMillis() - startedMillis);
    }

    /** Ends the flow: it leaves the registry, its record is written and its counters are counted, once. */
    public void end(CloseReason why) {
        if (ended == null) {
            ended = why;
            deadline.cancel();
            held.end();
            if (recorder != null) {
                recorder.ended();
            }
            home.ended(this);
        }
    }

    public boolean live() {
        return ended == null;
    }

    public String id() {
        return id;
    }

    public ListenSettings listener() {
        return listener;
    }

    public Transport transport() {
        return transport;
    }

    public InetSocketAddress client() {
        return client;
    }

    /** Whose {@link Shares} it takes from: its device, or where it comes from when that is all that is known. */
    public Object holder() {
        return holder;
    }

    public AppTag tag() {
        return tag;
    }

    public Destination destination() {
        return destination;
    }

    /** The address dialled; empty while or because none was judged good. */
    public Optional<InetSocketAddress> remote() {
        return Optional.ofNullable(remote);
    }

    @Override
    public Recognised recognised() {
        return recognised;
    }

    /** Whether it has been watched long enough to say what it speaks, unknown included. */
    public boolean watched() {
        return watched;
    }

    public Decision decision() {
        return decision;
    }

    /** What would have ended it or slowed it down by now, had it been enforced. */
    public List<Match> would() {
        return would;
    }

    public ExchangeLog exchanges() {
        return exchanges;
    }

    public long startedMillis() {
        return startedMillis;
    }

    /** Until the upstream was reached; negative if it never was. */
    public long setupNanos() {
        return setupNanos;
    }

    public long bytesOut() {
        return bytesOut;
    }

    public long bytesIn() {
        return bytesIn;
    }

    /** Bytes each way. */
    public record Moved(long out, long in) {}

    /** What has moved since this was last asked: for counters that must not wait for a flow's end. */
    public Moved takeUncounted() {
        Moved more = new Moved(bytesOut - countedOut, bytesIn - countedIn);
        countedOut = bytesOut;
        countedIn = bytesIn;
        return more;
    }

    /** When bytes last moved, by its loop's clock. */
    long lastMoved() {
        return lastMoved;
    }

    /** Nanoseconds since bytes last moved. */
    public long silentNanos() {
        return home.clock().now() - lastMoved;
    }

    /** Nanoseconds since bytes last moved, or might have again: 0 while a throttle holds it. */
    public long idleNanos() {
        return heldOut() || heldIn() ? 0 : Math.min(silentNanos(), home.clock().now() - lastHeld);
    }

    /** Nanoseconds since no throttle has kept it from being heard; 0 while one does. */
    public long heardNanos() {
        return heldOut() ? 0 : home.clock().now() - lastHeld;
    }

    /** Why the client was told no; empty when it was not. */
    public Optional<Refusal> refusal() {
        return Optional.ofNullable(refusal);
    }

    public Optional<CloseReason> ended() {
        return Optional.ofNullable(ended);
    }

    /**
     * Whether there is something that detection should not have to wait for until the flow ends: once it has lived for a
     * while all of it, later what it has done since or is better known for.
     */
    public boolean untold() {
        if (setupNanos < 0 || !watched) {
            return false;
        }
        if (toldRecognised == null) {
            return home.clock().now() - startedNanos >= LONG_NANOS;
        }
        return (questions != null && !questions.isEmpty())
                || !recognised.says(toldRecognised)
                || !tag.equals(toldTag)
                || exchanges.hasUntold(exchangeOver());
    }

    /** Whether its newest exchange is over, as far as one can tell: some wait long for their answer. */
    public boolean exchangeOver() {
        return silentNanos() >= (exchanges.answered() ? LULL_NANOS : UNANSWERED_NANOS);
    }

    /** Detection was told what is known by now, what was asked, and of so many more exchanges. */
    public void told(int more) {
        toldRecognised = recognised;
        toldTag = tag;
        exchanges.told(more);
        if (questions != null) {
            questions.clear();
        }
    }

    /** Whether so long has passed since the last line about this flow; if so, the next is counted from now. */
    public boolean lineDue(long nowMillis, long intervalMillis) {
        if (nowMillis - lastLineMillis < intervalMillis) {
            return false;
        }
        lastLineMillis = nowMillis;
        return true;
    }
}
