package io.postern.gateway.replay;

import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Protocol;
import io.postern.gateway.detect.FlowFacts;
import io.postern.gateway.detect.FlowLine;
import io.postern.gateway.detect.FlowReader;
import io.postern.gateway.flows.Recognised;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.records.Exchanges;
import io.postern.gateway.records.FlowRecord;
import io.postern.gateway.records.FlowRecordBuilder;
import io.postern.gateway.records.OcsfFlow;
import io.postern.gateway.records.Origin;
import io.postern.gateway.records.Transport;
import io.postern.gateway.rules.Decision;
import io.postern.gateway.rules.Question;
import io.postern.gateway.rules.Rules;
import io.postern.gateway.zeek.ZeekConnection;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Writes a replay's flows as a gateway writes those it has carried, judged by the policy given, and tells detection of them.
 * What a gateway has written already is passed on as it is.
 */
final class FlowLines {

    private final OutputStream out;
    private final OcsfFlow ocsf;
    private final Rules rules;
    private final ReplayFacts known;
    private final FlowFacts facts;
    private final Consumer<FlowLine> told;
    private final Map<Protocol, Integer> counts = new EnumMap<>(Protocol.class);
    private int flows;

    /** @param known what rules may ask of devices and apps */
    FlowLines(
            OutputStream out,
            String version,
            Rules rules,
            ReplayFacts known,
            FlowFacts facts,
            Consumer<FlowLine> told) {
        this.out = out;
        this.ocsf = new OcsfFlow(version);
        this.rules = rules;
        this.known = known;
        this.facts = facts;
        this.told = told;
    }

    /** @param end empty while it lives */
    void write(ReplayFlow flow, Optional<CloseReason> end) {
        FlowRecordBuilder line = line(flow);
        if (end.filter(CloseReason.UPSTREAM_FAILED::equals).isEmpty()) {
            flow.talk()
                    .setupMicros()
                    .ifPresentOrElse(micros -> line.setup(Duration.of(micros, ChronoUnit.MICROS)), line::established);
        }
        FlowRecord record = ended(line, end, flow.lastMicros());
        ocsf.write(record, out);
        List<FlowLine.Question> asked = flow.takeQuestions();
        facts.line(record)
                .map(each -> asked.isEmpty() ? each : each.asking(asked))
                .ifPresent(told);
        count(record.protocol(), end.isPresent());
    }

    void write(ZeekConnection seen, Origin origin, AppTag tag) {
        FlowRecordBuilder line = judged(
                        seen.uid(),
                        origin,
                        seen.tcp() ? Transport.TCP : Transport.UDP,
                        seen.client(),
                        seen.server(),
                        tag,
                        seen.startMicros(),
                        seen.recognised())
                .traffic(seen.bytesOut(), seen.bytesIn(), seen.exchanges());
        if (seen.end().filter(CloseReason.UPSTREAM_FAILED::equals).isEmpty()) {
            line.established();
        }
        FlowRecord record = ended(line, seen.end(), seen.lastMicros());
        ocsf.write(record, out);
        facts.line(record).map(each -> each.asking(seen.questions())).ifPresent(told);
        count(record.protocol(), seen.end().isPresent());
    }

    /** A line that is written already, without its end. */
    void copy(byte[] bytes, int from, int to, FlowReader.Read.Told line) throws IOException {
        out.write(bytes, from, to - from);
        out.write('\n');
        line.line().ifPresent(told);
        count(line.protocol(), line.last());
    }

    private static FlowRecord ended(FlowRecordBuilder line, Optional<CloseReason> end, long lastMicros) {
        Instant last = instant(lastMicros);
        return end.map(why -> line.ended(why, last)).orElseGet(() -> line.living(last));
    }

    private void count(Protocol protocol, boolean ended) {
        if (ended) {
            flows++;
            counts.merge(protocol, 1, Integer::sum);
        }
    }

    int flows() {
        return flows;
    }

    /** Flows by what they speak. */
    Map<Protocol, Integer> counts() {
        return counts;
    }

    private FlowRecordBuilder line(ReplayFlow flow) {
        long[] exchanges = flow.exchanges().take();
        return judged(
                        flow.id(),
                        flow.origin,
                        flow.ends.tcp() ? Transport.TCP : Transport.UDP,
                        flow.ends.client().socket(),
                        flow.ends.server().socket(),
                        flow.tag(),
                        flow.startMicros,
                        flow.recognised())
                .traffic(flow.bytesOut(), flow.bytesIn(), Exchanges.of(exchanges, exchanges.length / 3));
    }

    private FlowRecordBuilder judged(
            String uid,
            Origin origin,
            Transport transport,
            InetSocketAddress client,
            InetSocketAddress server,
            AppTag tag,
            long startMicros,
            Recognised recognised) {
        Optional<String> name = recognised.claimedName();
        Question question = new Question(
                        tag,
                        Optional.empty(),
                        name,
                        Optional.of(server.getAddress()),
                        server.getPort(),
                        recognised.basis() == Basis.END ? Optional.empty() : Optional.of(recognised.protocol()),
                        recognised.basis())
                .from(client.getAddress());
        Decision decision = rules.judge(question, instant(startMicros), known.by(startMicros / 1_000));
        return FlowRecord.builder(uid, origin, transport, client, instant(startMicros))
                .tag(tag)
                .destination(Optional.empty(), server.getPort())
                .dialled(server.getAddress())
                .recognised(recognised.protocol(), recognised.basis())
                .spoken(recognised.spoken())
                .serviceClasses(List.copyOf(rules.serviceClasses(name)))
                .judged(decision.verdict(), matched(decision), rules.version());
    }

    private static List<FlowRecord.MatchedRule> matched(Decision decision) {
        if (decision.matches().isEmpty()) {
            return List.of();
        }
        return decision.matches().stream()
                .map(match -> new FlowRecord.MatchedRule(match.rule(), match.wanted(), match.mode(), match.effective()))
                .toList();
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
