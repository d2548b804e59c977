package io.postern.gateway.judge;

import io.postern.analytics.flow.Protocol;
import io.postern.dns.message.DnsFacts;
import io.postern.gateway.flows.Flows;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.meters.VerdictStage;
import io.postern.gateway.open.Targets;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.rules.Decision;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.rules.Question;
import io.postern.gateway.rules.Rules;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/** Asks about a flow with all that is known of it. Call on the flow's loop. */
public final class Verdicts {

    private final Judges judges;
    private final Meters meters;

    public Verdicts(Judges judges, Meters meters) {
        this.judges = judges;
        this.meters = meters;
    }

    /** Judges by what is known and tells the flow. */
    public Decision judge(LiveFlow flow, VerdictStage stage) {
        long began = System.nanoTime();
        flow.judgedUnder(judges.standing(flow.tag().device()));
        Decision decision = judges.judge(question(flow));
        meters.flows().judged(stage, System.nanoTime() - began);
        flow.decided(decision);
        return decision;
    }

    /** More is known of it: a flow that may no longer be is cut, every other one goes on undisturbed. */
    public void again(LiveFlow flow) {
        if (endsNow(flow)) {
            flow.stop(CloseReason.BLOCKED);
        }
    }

    /**
     * The same of many, in two steps, since ending one takes ten times as long as judging it: first nothing of those that may
     * no longer be is passed on, then they are ended. Any thread; each flow's own loop does it.
     *
     * @param before done with each before it is judged; whether it is to be
     */
    public void again(Flows flows, Predicate<LiveFlow> before) {
        flows.each(
                flow -> {
                    boolean ends = before.test(flow) && endsNow(flow);
                    if (ends) {
                        flow.condemn();
                    }
                    return ends;
                },
                flow -> flow.stop(CloseReason.BLOCKED));
    }

    /** What is condemned stays so by what condemned it, whatever is said until it has ended. */
    private boolean endsNow(LiveFlow flow) {
        return flow.live()
                && !flow.condemned()
                && judge(flow, VerdictStage.LIVE).ends();
    }

    /** While it equals what it was, whoever of this device was refused for good would be again. */
    public Object standing(String device) {
        return judges.standing(device);
    }

    /** What it would get from other rules, which nobody is told. */
    public Decision would(LiveFlow flow, Rules rules, Instant now) {
        return judges.would(question(flow), rules, now);
    }

    private static Question question(LiveFlow flow) {
        Question question = new Question(
                flow.tag(),
                flow.verifiedName(),
                flow.recognised().claimedName(),
                flow.remote().map(InetSocketAddress::getAddress),
                flow.destination().port(),
                flow.watched() ? Optional.of(flow.recognised().protocol()) : Optional.empty(),
                flow.recognised().basis(),
                flow.crowded(),
                Optional.empty(),
                Optional.of(flow.client().getAddress()));
        return asking(flow).map(question::asking).orElse(question);
    }

    /** What a datagram's question was read to ask, if that is all there was in it. */
    private static Optional<Question.Asking> asking(LiveFlow flow) {
        return flow.recognised().protocol() == Protocol.DNS
                ? Targets.asksDns(flow)
                        .flatMap(server -> flow.recognised()
                                .spoken()
                                .question()
                                .filter(DnsFacts.Question::alone)
                                .map(asked -> new Question.Asking(server, Optional.of(asked.name()))))
                : Optional.empty();
    }
}
