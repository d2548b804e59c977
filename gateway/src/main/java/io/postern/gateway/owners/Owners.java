package io.postern.gateway.owners;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.postern.analytics.Evidence;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.owners.OwnerReport.Source;
import io.postern.gateway.records.Transport;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Joins reports of who owns a connection to flows, whichever comes first: same device, profile, remote end and transport,
 * begun within {@link #WINDOW} of each other, and the same local port where a flow has the app's. A report speaks of one
 * connection, so of one flow.
 *
 * <pre>
 * what the report says    the flow's app is           then
 * one package             unknown                     it has that app: os-audited or agent-reported
 * its package             the device's word           confirmed: os-audited or agent-reported
 * other packages          the device's word           evidence of family tag; the flow keeps its app
 * several packages        unknown                     nothing: which of them it is nobody knows
 * </pre>
 *
 * Where the local port does not tell, which flow is meant is a matter of time. One that says the same app is. A flow of an
 * unknown app is where all that is reported of the remote end is one app; on a device whose flows say their apps, after
 * {@link #GRACE}, for its own may still come. A contradiction waits for {@link #WINDOW} after its time, and counts where there
 * is one flow it can be of. Each of the two sources speaks once of a flow.
 *
 * <p>Flows are told on their own loops and judged again by what is known now. At most {@value #MOST} flows and reports,
 * those that nobody asked for longest go first, any after {@link #KEPT}: what comes later joins nothing. No connection began
 * later than its report came, whatever a device's clock says. Thread-safe.
 */
public final class Owners {

    static final int MOST = 200_000;

    /** Ours: between the device's clock and this one, and between an app's connect and the gateway's. */
    static final Duration WINDOW = Duration.ofMinutes(1);

    /** Ours: a flow begins that much behind the app's connect, if it does. */
    static final Duration GRACE = Duration.ofSeconds(5);

    /** Android keeps its logs back for up to two hours, and then for a Wi-Fi. */
    static final Duration KEPT = Duration.ofHours(6);

    /** Ours: below what makes a finding by itself. */
    static final int WEIGHT_OS = 30;

    /** Ours: an agent's word is no better than the device's. */
    static final int WEIGHT_AGENT = 10;

    private final Clock clock;
    private final BiConsumer<Source, OwnerResult> results;
    private final Set<End> waiting = ConcurrentHashMap.newKeySet();
    private final LongAdder evicted = new LongAdder();
    private final Cache<End, Meeting> meetings;
    private final Cache<Teller, Boolean> tellers;

    /** The remote end of a device's connections; what is known of it is guarded by the table's entry. */
    private record End(String device, String profile, Transport transport, InetAddress remote, int port) {}

    /** A device whose flows say their apps. */
    private record Teller(String device, String profile) {}

    /** @param results told what became of each report, once; of one that waits, when it has met its flow or waits no more */
    public Owners(Clock clock, BiConsumer<Source, OwnerResult> results) {
        this(clock, results, MOST);
    }

    Owners(Clock clock, BiConsumer<Source, OwnerResult> results, int most) {
        this.clock = clock;
        this.results = results;
        this.meetings = Caffeine.newBuilder()
                .maximumWeight(most)
                .weigher((End end, Meeting meeting) -> meeting.weight())
                .expireAfterWrite(KEPT)
                .ticker(() -> clock.millis() * 1_000_000)
                .executor(Runnable::run)
                .removalListener((end, meeting, cause) -> {
                    if (cause == RemovalCause.SIZE) {
                        evicted.increment();
                    }
                    if (cause.wasEvicted() && meeting != null) {
                        meeting.reports().forEach(report -> results.accept(report.source(), OwnerResult.UNMATCHED));
                    }
                })
                .build();
        this.tellers = Caffeine.newBuilder()
                .maximumSize(most)
                .expireAfterWrite(KEPT)
                .ticker(() -> clock.millis() * 1_000_000)
                .executor(Runnable::run)
                .build();
    }

    /** Its upstream is reached; call on its loop. */
    public void reached(LiveFlow flow) {
        if (flow.tag().attributed() && !flow.tag().app().equals(AppTag.NOBODY)) {
            tellers.put(new Teller(flow.tag().device(), flow.tag().profile()), true);
        }
        end(flow).ifPresent(end -> change(end, meeting -> meeting.add(flow)));
    }

    /** Call on its loop. */
    public void ended(LiveFlow flow) {
        end(flow)
                .ifPresent(end -> meetings.asMap().computeIfPresent(end, (key, meeting) -> {
                    meeting.over(flow.id());
                    return meeting;
                }));
    }

    public void reported(OwnerReport said) {
        OwnerReport report = said.notAfter(clock.millis());
        End end = new End(report.device(), report.profile(), report.transport(), report.remote(), report.remotePort());
        change(
                end,
                meeting -> meeting.add(report).ifPresent(gone -> results.accept(gone.source(), OwnerResult.UNMATCHED)));
    }

    /** Looks at reports whose time is over; some times in {@link #WINDOW}. */
    public void look() {
        waiting.forEach(end -> change(end, meeting -> {}));
    }

    /** Makes a change to what is known of an end, and tells what that comes to. */
    private void change(End end, Consumer<Meeting> how) {
        List<Meeting.Joined> joined = new ArrayList<>(0);
        meetings.asMap().compute(end, (key, before) -> {
            Meeting meeting = before == null ? new Meeting() : before;
            meeting.forget(clock.millis() - KEPT.toMillis());
            how.accept(meeting);
            joined.addAll(meeting.join(clock.millis(), this::grace));
            if (meeting.reports().isEmpty()) {
                waiting.remove(end);
            } else {
                waiting.add(end);
            }
            return meeting.weight() == 0 ? null : meeting;
        });
        joined.forEach(this::tell);
    }

    private long grace(OwnerReport report) {
        return tellers.getIfPresent(new Teller(report.device(), report.profile())) == null ? 0 : GRACE.toMillis();
    }

    private void tell(Meeting.Joined joined) {
        results.accept(joined.report().source(), joined.result());
        joined.live().ifPresent(flow -> flow.later(() -> apply(flow, joined)));
    }

    private static void apply(LiveFlow flow, Meeting.Joined joined) {
        Source source = joined.report().source();
        AppAssurance word = source == Source.OS ? AppAssurance.OS_AUDITED : AppAssurance.AGENT_REPORTED;
        if (joined.result() == OwnerResult.NAMED) {
            flow.owned(flow.tag().of(joined.report().packages().get(0), word));
        } else if (joined.result() == OwnerResult.CONFIRMED
                && word.compareTo(flow.tag().appAssurance()) < 0) {
            flow.owned(flow.tag().of(flow.tag().app(), word));
        } else if (joined.result() == OwnerResult.CONFLICT) {
            flow.background()
                    .note(new Evidence(
                            Evidence.Family.TAG,
                            "another-app-by-" + source.label(),
                            1,
                            1,
                            source == Source.OS ? WEIGHT_OS : WEIGHT_AGENT,
                            true));
        }
    }

    private static Optional<End> end(LiveFlow flow) {
        return flow.remote()
                .filter(remote -> flow.tag().attributed())
                .map(remote -> new End(
                        flow.tag().device(),
                        flow.tag().profile(),
                        flow.transport(),
                        remote.getAddress(),
                        remote.getPort()));
    }

    public long size() {
        return meetings.estimatedSize();
    }

    /** How many remote ends were forgotten for want of room. */
    public long evicted() {
        return evicted.sum();
    }
}
