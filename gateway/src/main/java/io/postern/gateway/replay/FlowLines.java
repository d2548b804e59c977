package io.postern.gateway.replay;

import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Protocol;
import io.postern.gateway.flows.Recognised;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.records.Exchanges;
import io.postern.gateway.records.FlowRecord;
import io.postern.gateway.records.FlowRecordBuilder;
import io.postern.gateway.records.OcsfFlow;
import io.postern.gateway.records.Transport;
import io.postern.gateway.rules.Decision;
import io.postern.gateway.rules.Question;
import io.postern.gateway.rules.Rules;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes a replay's flows as a gateway writes those it has carried, judged by the policy given. */
final class FlowLines {

    private final OutputStream out;
    private final OcsfFlow ocsf;
    private final Rules rules;
    private final Map<Protocol, Integer> counts = new EnumMap<>(Protocol.class);
    private int flows;

    FlowLines(OutputStream out, String version, Rules rules) {
        this.out = out;
        this.ocsf = new OcsfFlow(version);
        this.rules = rules;
    }

    /** @param end empty while it lives */
    void write(ReplayFlow flow, Optional<CloseReason> end) {
        FlowRecordBuilder line = line(flow);
        if (end.filter(CloseReason.UPSTREAM_FAILED::equals).isEmpty()) {
            flow.talk()
                    .setupMicros()
                    .ifPresentOrElse(micros -> line.setup(Duration.of(micros, ChronoUnit.MICROS)), line::established);
        }
        Instant last = instant(flow.lastMicros());
        ocsf.write(end.map(why -> line.ended(why, last)).orElseGet(() -> line.living(last)), out);
        if (end.isPresent()) {
            flows++;
            counts.merge(flow.recognised().protocol(), 1, Integer::sum);
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
        Recognised recognised = flow.recognised();
        InetSocketAddress server = flow.ends.server().socket();
        Question question = new Question(
                flow.tag(),
                Optional.empty(),
                recognised.claimedName(),
                Optional.of(server.getAddress()),
                server.getPort(),
                recognised.basis() == Basis.END ? Optional.empty() : Optional.of(recognised.protocol()),
                recognised.basis());
        Decision decision = rules.judge(question, instant(flow.startMicros));
        long[] exchanges = flow.exchanges().take();
        return FlowRecord.builder(
                        flow.id(),
                        flow.origin,
                        flow.ends.tcp() ? Transport.TCP : Transport.UDP,
                        flow.ends.client().socket(),
                        instant(flow.startMicros))
                .tag(flow.tag())
                .destination(Optional.empty(), server.getPort())
                .dialled(server.getAddress())
                .recognised(recognised.protocol(), recognised.basis())
                .spoken(recognised.spoken())
                .serviceClasses(List.copyOf(rules.serviceClasses(recognised.claimedName())))
                .judged(decision.verdict(), matched(decision), rules.version())
                .traffic(flow.bytesOut(), flow.bytesIn(), Exchanges.of(exchanges, exchanges.length / 3));
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
