package io.postern.gateway;

import io.postern.analytics.flow.AppKey;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.InClear.Resolved;
import io.postern.analytics.flow.Protocol;
import io.postern.analytics.flow.StandardPorts;
import io.postern.config.ExceptionSettings.Condition;
import io.postern.config.ExceptionSettings.Outcome;
import io.postern.dns.memory.AnswerLog;
import io.postern.dns.memory.Remembered;
import io.postern.gateway.admin.FlowFeed;
import io.postern.gateway.analytics.Homes;
import io.postern.gateway.baseline.Baselines;
import io.postern.gateway.coverage.Coverage;
import io.postern.gateway.detect.FlowLine.Question;
import io.postern.gateway.finding.FindingDesk;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.flows.Questions;
import io.postern.gateway.flows.Recognised;
import io.postern.gateway.flows.Refusal;
import io.postern.gateway.flows.Suspicion;
import io.postern.gateway.flows.Traffic;
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
import io.postern.gateway.records.PersonalProfiles;
import io.postern.gateway.records.TlsFacts;
import io.postern.gateway.rules.Decision;
import io.postern.gateway.rules.ExceptionTable;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.rules.Match;
import io.postern.gateway.shadow.Shadow;
import io.postern.wire.ip.AddressText;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

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
    private final BiConsumer<Condition, Outcome> exceptions;
    private final FlowRecords records;
    private final FlowFeed feed;
    private final Judges judges;
    private final TagWatch tags;
    private final Optional<Owners> owners;
    private final Optional<Baselines> baselines;
    private final FindingDesk desk;
    private final Coverage coverage;
    private final Shadow shadow;
    private final Optional<Homes> homes;
    private final FindingWatch findings;
    private final Optional<DeviceFacts> facts;
    private final AnswerLog answers;
    private final PersonalProfiles personal;
    private final Clock wall;
    private Consumer<LiveFlow> whenReached = flow -> {};

    /**
     * @param owners told of flows where somebody may report whose they are
     * @param baselines told of flows where they are learnt from
     * @param homes told of flows where anything is to be detected
     * @param facts noted of flows as they begin, where somebody tells any
     * @param desk told of flows that were refused
     * @param answers what devices were told of addresses
     * @param personal whose flows are told of with less
     */
    FlowReports(
            Meters meters,
            FlowRecords records,
            FlowFeed feed,
            Judges judges,
            TagWatch tags,
            Optional<Owners> owners,
            Optional<Baselines> baselines,
            FindingDesk desk,
            Coverage coverage,
            Shadow shadow,
            Optional<Homes> homes,
            FindingWatch findings,
            Optional<DeviceFacts> facts,
            AnswerLog answers,
            PersonalProfiles personal,
            Clock wall) {
        this.meters = meters;
        this.upstreamFailures = meters.upstreamFailures(Refusal.class, Refusal::label);
        this.ends = meters.flowEnds(CloseReason.class, CloseReason::label);
        this.exceptions = meters.exceptions(Condition.class, Condition::label, Outcome.class, Outcome::label);
        this.records = records;
        this.feed = feed;
        this.judges = judges;
        this.tags = tags;
        this.owners = owners;
        this.baselines = baselines;
        this.desk = desk;
        this.coverage = coverage;
        this.shadow = shadow;
        this.homes = homes;
        this.findings = findings;
        this.facts = facts;
        this.answers = answers;
        this.personal = personal;
        this.wall = wall;
    }

    /** Asks to be told of every flow whose upstream is reached, on its loop; before the first flow. */
    void whenReached(Consumer<LiveFlow> told) {
        whenReached = told;
    }

    @Override
    public void opened(LiveFlow flow) {
        meters.flows().opened(flow.listener().type());
        flow.background().covered(coverage.opened(flow.tag()));
        facts.ifPresent(all -> flow.background().began(all.known(flow.tag(), flow.startedMillis())));
        flow.destination().address().ifPresent(to -> flow.background().remembered(answers.of(flow.holder(), to)));
        feed.opened(() -> now(flow));
    }

    @Override
    public void reached(LiveFlow flow) {
        meters.flows().setup(flow.setupNanos());
        whenReached.accept(flow);
        owners.ifPresent(each -> each.reached(flow));
    }

    @Override
    public void recognised(LiveFlow flow) {
        Recognised recognised = flow.recognised();
        meters.flows().recognised(recognised.protocol(), recognised.basis());
        if (recognised.protocol() != Protocol.UNKNOWN
                && !StandardPorts.usual(
                        recognised.protocol(), flow.destination().port())) {
            meters.flows().nonstandardPort(recognised.protocol());
        }
        if (OtherResolvers.asked(flow, judges)) {
            answers.asksElsewhere(flow.holder());
        }
        findings.mark(flow);
    }

    /** What rules would have done to a name that was asked for. */
    void watched(Decision decision, AppTag tag) {
        would(decision.would(List.of()), tag);
    }

    private void would(List<Match> matches, AppTag tag) {
        for (Match match : matches) {
            meters.flows().wouldBlock(match.rule());
            shadow.add(match, tag);
        }
    }

    @Override
    public void excepted(LiveFlow flow, ExceptionTable.Row row) {
        exceptions.accept(row.condition(), row.outcome());
    }

    @Override
    public void ended(LiveFlow flow) {
        CloseReason reason = flow.ended().orElseThrow();
        owners.ifPresent(each -> each.ended(flow));
        findings.mark(flow);
        meters.flows()
                .closed(
                        flow.listener().type(),
                        flow.recognised().protocol(),
                        flow.tag().app(),
                        flow.verdict().action());
        meters.flows().attributed(flow.tag().deviceAssurance(), flow.tag().appAssurance());
        ends.count(reason);
        countBytes(flow);
        if (flow.setupNanos() >= 0 && !flow.watched()) {
            recognised(flow);
        }
        if (reason == CloseReason.UPSTREAM_FAILED || reason == CloseReason.UNRESOLVED) {
            flow.refusal().ifPresent(upstreamFailures::count);
        }
        would(flow.would(), flow.tag());
        int told = flow.traffic().exchanges().told();
        FlowRecord last = personal.of(line(flow).ended(reason, wall.instant()));
        records.write(last);
        feed.closed(last);
        baselines.ifPresent(each -> each.seen(last));
        if (homes.isPresent() && !homes.get().flow(last, told, questions(flow))) {
            coverage.unheard(flow.background().covered(), flow.reported().heard());
        }
        if (flow.decision().ends()) {
            refused(flow);
        }
        flow.background()
                .identity()
                .flatMap(Identity::proof)
                .ifPresent(proof -> tags.closed(proof, flow.client().getAddress()));
    }

    /** What the gateway refuses is no check-in, but keeps what is open about it open. */
    private void refused(LiveFlow flow) {
        // By the name that detection goes by, then the one that its address is known by.
        String profile = flow.tag().profile();
        flow.recognised()
                .claimedName()
                .flatMap(name -> personal.name(profile, name))
                .ifPresent(name -> desk.refused(AppKey.of(flow.tag()), name));
        flow.verifiedName()
                .filter(name -> !flow.recognised().claimedName().equals(Optional.of(name)))
                .flatMap(name -> personal.name(profile, name))
                .or(() -> flow.destination().address().map(address -> AddressText.of(address)))
                .ifPresent(name -> desk.refused(AppKey.of(flow.tag()), name));
    }

    /** Counts what has moved by now, and writes a line for a flow that has lived an hour since its last. */
    void living(LiveFlow flow) {
        Instant now = wall.instant();
        countBytes(flow);
        if (flow.live() && flow.reported().lineDue(now.toEpochMilli(), INTERVAL.toMillis())) {
            // The line takes the exchanges, the newest too.
            detect(flow, true);
            records.write(personal.of(line(flow).living(now)));
        }
    }

    /** Tells detection of a flow that has lived for a while, and then of what is new. */
    void detect(LiveFlow flow) {
        detect(flow, flow.reported().exchangeOver());
    }

    private void detect(LiveFlow flow, boolean over) {
        boolean rest = over
                && flow.watched()
                && flow.setupNanos() >= 0
                && flow.traffic().exchanges().hasUntold(true);
        if (homes.isEmpty() || !flow.live() || !(rest || flow.reported().untold())) {
            return;
        }
        long[] exchanges = flow.traffic().exchanges().untold(over);
        int count = exchanges.length / 3;
        FlowRecord line = personal.of(known(flow)
                .traffic(flow.traffic().bytesOut(), flow.traffic().bytesIn(), Exchanges.of(exchanges, count))
                .living(wall.instant()));
        if (homes.get().flow(line, 0, questions(flow))) {
            flow.reported().told(count);
        }
    }

    private List<Question> questions(LiveFlow flow) {
        List<Questions.Asked> asked = flow.reported().asked();
        return asked.isEmpty()
                ? List.of()
                : asked.stream()
                        .flatMap(one -> personal.name(flow.tag().profile(), one.name()).stream()
                                .map(name -> new Question(
                                        flow.startedMillis() + one.offsetMillis(),
                                        name,
                                        one.type(),
                                        one.rcode(),
                                        one.bytesIn())))
                        .toList();
    }

    private void countBytes(LiveFlow flow) {
        Traffic.Moved moved = flow.traffic().takeUncounted();
        meters.flows().bytesOut(moved.out());
        meters.flows().bytesIn(moved.in());
    }

    /** What is known of a living flow, without its exchanges: those belong to its next line. */
    FlowRecord now(LiveFlow flow) {
        return personal.of(known(flow)
                .traffic(flow.traffic().bytesOut(), flow.traffic().bytesIn(), Exchanges.NONE)
                .living(wall.instant()));
    }

    private FlowRecordBuilder line(LiveFlow flow) {
        long[] exchanges = flow.traffic().exchanges().take();
        return known(flow)
                .traffic(
                        flow.traffic().bytesOut(),
                        flow.traffic().bytesIn(),
                        Exchanges.of(exchanges, exchanges.length / 3));
    }

    /** That it was judged by, which need not be in force any more. */
    private String policy(LiveFlow flow) {
        String asked = flow.decision().policy();
        return asked.isEmpty() ? judges.rules().version() : asked;
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
                .judged(flow.verdict(), rules(flow), policy(flow))
                .serviceClasses(List.copyOf(judges.rules()
                        .serviceClasses(
                                flow.verifiedName().or(() -> flow.recognised().claimedName()))))
                .facts(flow.background().facts())
                .evidence(flow.background().evidence())
                .findings(flow.suspicions().stream().map(Suspicion::uid).toList())
                .resolved(
                        flow.destination().name().isPresent() ? Optional.empty() : flow.verifiedName(), resolved(flow));
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
                        flow.destination().name().filter(name::equals).isPresent()
                                || flow.background().remembered().leads(name)));
        return line;
    }

    /** Of a flow that asks for an address. What ECH hides may be any of the names that lead there. */
    private static Resolved resolved(LiveFlow flow) {
        if (flow.destination().name().isPresent()) {
            return Resolved.UNKNOWN;
        }
        Remembered known = flow.background().remembered();
        Optional<String> claimed = flow.recognised()
                .claimedName()
                .filter(name -> flow.recognised().tls().stream().noneMatch(TlsFacts::hidden));
        boolean here = claimed.map(known::leads).orElse(!known.names().isEmpty());
        boolean never = claimed.map(known::never).orElse(known.never());
        return here ? Resolved.HERE : never ? Resolved.NEVER : Resolved.UNKNOWN;
    }

    /** Those that matched when it was judged last, behind those that would have ended it before. */
    private static List<FlowRecord.MatchedRule> rules(LiveFlow flow) {
        List<Match> last = flow.decision().matches();
        return Stream.concat(
                        flow.would().stream()
                                .filter(earlier -> last.stream()
                                        .noneMatch(match -> match.rule().equals(earlier.rule()))),
                        last.stream())
                .map(match -> new FlowRecord.MatchedRule(match.name(), match.wanted(), match.mode(), match.effective()))
                .toList();
    }
}
