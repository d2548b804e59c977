package io.postern.gateway;

import io.postern.analytics.flow.Protocol;
import io.postern.analytics.flow.StandardPorts;
import io.postern.gateway.admin.FlowFeed;
import io.postern.gateway.baseline.Baselines;
import io.postern.gateway.coverage.Coverage;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.flows.Recognised;
import io.postern.gateway.flows.Refusal;
import io.postern.gateway.flows.Witness;
import io.postern.gateway.identity.Identity;
import io.postern.gateway.identity.TagWatch;
import io.postern.gateway.meters.Counters;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.owners.Owners;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.records.Exchanges;
import io.postern.gateway.records.FlowRecord;
import io.postern.gateway.records.FlowRecordBuilder;
import io.postern.gateway.records.FlowRecords;
import io.postern.gateway.records.Origin;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.rules.Match;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Tells the world of a flow: what is known early is counted early, the rest and one record when it has ended, one record
 * an hour while it lives. Every flow comes through here, whatever ended it.
 */
final class FlowReports implements Witness {

    /** How often a flow that lives on writes a line. */
    static final Duration INTERVAL = Duration.ofHours(1);

    private final Meters meters;
    private final Counters<Refusal> upstreamFailures;
    private final Counters<CloseReason> ends;
    private final FlowRecords records;
    private final FlowFeed feed;
    private final Judges judges;
    private final TagWatch tags;
    private final Optional<Owners> owners;
    private final Optional<Baselines> baselines;
    private final Coverage coverage;
    private final Clock wall;

    /**
     * @param owners told of flows where somebody may report whose they are
     * @param baselines told of flows where they are learnt from
     */
    FlowReports(
            Meters meters,
            FlowRecords records,
            FlowFeed feed,
            Judges judges,
            TagWatch tags,
            Optional<Owners> owners,
            Optional<Baselines> baselines,
            Coverage coverage,
            Clock wall) {
        this.meters = meters;
        this.upstreamFailures = meters.upstreamFailures(Refusal.class, Refusal::label);
        this.ends = meters.flowEnds(CloseReason.class, CloseReason::label);
        this.records = records;
        this.feed = feed;
        this.judges = judges;
        this.tags = tags;
        this.owners = owners;
        this.baselines = baselines;
        this.coverage = coverage;
        this.wall = wall;
    }

    @Override
    public void opened(LiveFlow flow) {
        meters.flowOpened(flow.listener().type());
        coverage.opened(flow.tag());
        feed.opened(() -> now(flow));
    }

    @Override
    public void reached(LiveFlow flow) {
        meters.flowSetup(flow.setupNanos());
        owners.ifPresent(each -> each.reached(flow));
    }

    @Override
    public void recognised(LiveFlow flow) {
        Recognised recognised = flow.recognised();
        meters.recognised(recognised.protocol(), recognised.basis());
        if (recognised.protocol() != Protocol.UNKNOWN
                && !StandardPorts.usual(
                        recognised.protocol(), flow.destination().port())) {
            meters.nonstandardPort(recognised.protocol());
        }
    }

    @Override
    public void ended(LiveFlow flow) {
        CloseReason reason = flow.ended().orElseThrow();
        owners.ifPresent(each -> each.ended(flow));
        meters.flowClosed(
                flow.listener().type(),
                flow.recognised().protocol(),
                flow.tag().app(),
                flow.decision().verdict().action());
        meters.attributed(flow.tag().deviceAssurance(), flow.tag().appAssurance());
        ends.count(reason);
        countBytes(flow);
        if (flow.setupNanos() >= 0 && !flow.watched()) {
            recognised(flow);
        }
        if (reason == CloseReason.UPSTREAM_FAILED || reason == CloseReason.UNRESOLVED) {
            flow.refusal().ifPresent(upstreamFailures::count);
        }
        for (Match match : flow.decision().matches()) {
            if (match.wouldBlock()) {
                meters.wouldBlock(match.rule());
            }
        }
        FlowRecord last = line(flow).ended(reason, wall.instant());
        records.write(last);
        feed.closed(last);
        baselines.ifPresent(each -> each.seen(last));
        flow.identity()
                .flatMap(Identity::proof)
                .ifPresent(proof -> tags.closed(proof, flow.client().getAddress()));
    }

    /** Counts what has moved by now, and writes a line for a flow that has lived an hour since its last. */
    void living(LiveFlow flow) {
        Instant now = wall.instant();
        countBytes(flow);
        if (flow.live() && flow.lineDue(now.toEpochMilli(), INTERVAL.toMillis())) {
            records.write(line(flow).living(now));
        }
    }

    private void countBytes(LiveFlow flow) {
        LiveFlow.Moved moved = flow.takeUncounted();
        meters.bytesOut(moved.out());
        meters.bytesIn(moved.in());
    }

    /** What is known of a living flow, without its exchanges: those belong to its next line. */
    FlowRecord now(LiveFlow flow) {
        return known(flow)
                .traffic(flow.bytesOut(), flow.bytesIn(), Exchanges.NONE)
                .living(wall.instant());
    }

    private FlowRecordBuilder line(LiveFlow flow) {
        long[] exchanges = flow.exchanges().take();
        return known(flow).traffic(flow.bytesOut(), flow.bytesIn(), Exchanges.of(exchanges, exchanges.length / 3));
    }

    private FlowRecordBuilder known(LiveFlow flow) {
        FlowRecordBuilder line = FlowRecord.builder(
                        flow.id(),
                        Origin.listener(flow.listener().type(), flow.listener().name()),
                        flow.transport(),
                        flow.client(),
                        Instant.ofEpochMilli(flow.startedMillis()))
                .tag(flow.tag())
                .destination(flow.destination().name(), flow.destination().port())
                .recognised(flow.recognised().protocol(), flow.recognised().basis())
                .spoken(flow.recognised().spoken())
                .judged(flow.decision().verdict(), rules(flow), judges.rules().version())
                .serviceClasses(List.copyOf(judges.rules()
                        .serviceClasses(flow.destination()
                                .name()
                                .or(() -> flow.recognised().claimedName()))))
                .evidence(flow.evidence());
        flow.remote()
                .map(InetSocketAddress::getAddress)
                .or(() -> flow.destination().address())
                .ifPresent(line::dialled);
        if (flow.setupNanos() >= 0) {
            line.setup(Duration.ofNanos(flow.setupNanos()));
        }
        flow.recognised()
                .claimedName()
                .ifPresent(name -> line.nameVerified(
                        flow.destination().name().filter(name::equals).isPresent()));
        return line;
    }

    private static List<FlowRecord.MatchedRule> rules(LiveFlow flow) {
        return flow.decision().matches().stream()
                .map(match -> new FlowRecord.MatchedRule(match.rule(), match.wanted(), match.mode(), match.effective()))
                .toList();
    }
}
