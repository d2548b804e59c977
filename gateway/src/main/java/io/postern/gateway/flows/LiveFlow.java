package io.postern.gateway.flows;

import io.postern.analytics.Evidence;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.config.ListenSettings;
import io.postern.gateway.identity.Identity;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.records.Transport;
import io.postern.gateway.rules.Decision;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One flow while it lives: what the stages have learnt so far. Belongs to its event loop; no other thread touches it.
 */
public final class LiveFlow implements Learner {

    static final int MAX_EVIDENCE = 16;

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
    private @Nullable Consumer<CloseReason> stop;
    private @Nullable Runnable judgedAgain;
    private @Nullable Runnable drain;
    private @Nullable Runnable missed;
    private long setupNanos = -1;
    private long bytesOut;
    private long bytesIn;
    private long countedOut;
    private long countedIn;
    private long lastMoved;
    private long lastLineMillis;
    private @Nullable Refusal refusal;
    private @Nullable Identity identity;
    private List<Evidence> evidence = List.of();
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
        this.lastLineMillis = startedMillis;
        this.id = FlowId.at(startedMillis);
        this.deadline = home.clock().deadline(this::missed);
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

    public List<Evidence> evidence() {
        return evidence;
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

    public void decided(Decision what) {
        decision = what;
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

    /** Device to world. */
    public void movedOut(long bytes) {
        lastMoved = home.clock().now();
        bytesOut += bytes;
        exchanges.up(bytes, (lastMoved - startedNanos) / 1_000_000);
    }

    /** World to device. */
    public void movedIn(long bytes) {
        lastMoved = home.clock().now();
        bytesIn += bytes;
        exchanges.down(bytes, (lastMoved - startedNanos) / 1_000_000);
    }

    /** Ends the flow: it leaves the registry, its record is written and its counters are counted, once. */
    public void end(CloseReason why) {
        if (ended == null) {
            ended = why;
            deadline.cancel();
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

    /** Nanoseconds since bytes last moved. */
    public long silentNanos() {
        return home.clock().now() - lastMoved;
    }

    /** Why the client was told no; empty when it was not. */
    public Optional<Refusal> refusal() {
        return Optional.ofNullable(refusal);
    }

    public Optional<CloseReason> ended() {
        return Optional.ofNullable(ended);
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
