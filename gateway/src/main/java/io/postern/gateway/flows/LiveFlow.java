package io.postern.gateway.flows;

import io.postern.analytics.Verdict;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.config.ListenSettings;
import io.postern.dns.message.DnsFacts;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.records.Transport;
import io.postern.gateway.rules.Decision;
import io.postern.gateway.rules.ExceptionTable;
import io.postern.gateway.rules.Match;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One flow while it lives: what the stages have learnt so far, how it was judged, and how it ends. Belongs to its event loop; no
 * other thread touches it.
 */
public final class LiveFlow implements Learner {

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
    private final Deadline deadline;
    private final Background background = new Background();
    private final Traffic traffic;
    private final Reported reported;

    private @Nullable InetSocketAddress remote;
    private Recognised recognised = Recognised.unknown(Basis.END);
    private boolean watched;
    private Decision decision = Decision.UNDECIDED;
    private @Nullable Object standing;
    private @Nullable Runnable release;
    private @Nullable Consumer<CloseReason> stop;
    private @Nullable Runnable judgedAgain;
    private @Nullable Runnable drain;
    private @Nullable Runnable missed;
    private long setupNanos = -1;
    private @Nullable Refusal refusal;
    private List<Suspicion> suspicions = List.of();
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
        this.id = FlowId.at(startedMillis);
        this.deadline = home.clock().deadline(this::missed);
        this.traffic = new Traffic(home, this);
        this.reported = new Reported(this);
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
        setupNanos = ageNanos();
        home.witness().reached(this);
    }

    /** Whether what its tag rests on has had its time; what lives goes on, what begins anew does not. */
    public boolean expired() {
        return background.expired(home.wallMillis());
    }

    /** The name that its address is known to belong to: the one it was asked for by, or that its device was told here. */
    public Optional<String> verifiedName() {
        return destination
                .name()
                .or(() -> recognised.claimedName().filter(background.remembered()::leads))
                .or(background.remembered()::name);
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
        reported.said(message, bytes);
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
        traffic.decided(what, tag, destination);
    }

    /** What a stage that passes on does when it has changed what may be read. */
    public void onRelease(Runnable how) {
        release = how;
    }

    void released() {
        if (live() && release != null) {
            guarded(release);
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

    /** Ends the flow: it leaves the registry, its record is written and its counters are counted, once. */
    public void end(CloseReason why) {
        if (ended == null) {
            ended = why;
            deadline.cancel();
            traffic.end();
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

    public long startedMillis() {
        return startedMillis;
    }

    /** Nanoseconds since it began. */
    long ageNanos() {
        return home.clock().now() - startedNanos;
    }

    /** Until the upstream was reached; negative if it never was. */
    public long setupNanos() {
        return setupNanos;
    }

    /** What is known of it besides what passes. */
    public Background background() {
        return background;
    }

    /** What has moved, and how fast more may. */
    public Traffic traffic() {
        return traffic;
    }

    /** From now on somebody keeps what is passed on. */
    public void recordedBy(Recorder who) {
        traffic.recordedBy(who);
    }

    /** What has been told of it while it lives. */
    public Reported reported() {
        return reported;
    }

    /** Why the client was told no; empty when it was not. */
    public Optional<Refusal> refusal() {
        return Optional.ofNullable(refusal);
    }

    public Optional<CloseReason> ended() {
        return Optional.ofNullable(ended);
    }
}
