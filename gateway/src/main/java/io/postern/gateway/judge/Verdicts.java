package io.postern.gateway.judge;

import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.rules.Decision;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.rules.Question;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Asks about a flow with all that is known of it. Call on the flow's loop. */
public final class Verdicts {

    private final Judges judges;

    public Verdicts(Judges judges) {
        this.judges = judges;
    }

    /** Judges by what is known and tells the flow. */
    Decision judge(LiveFlow flow) {
        Decision decision = judges.judge(question(flow));
        flow.decided(decision);
        return decision;
    }

    /** Policy has changed: a flow that may no longer be is cut, every other one goes on undisturbed. */
    public void again(LiveFlow flow) {
        if (flow.live() && judge(flow).ends()) {
            flow.stop(CloseReason.BLOCKED);
        }
    }

    private static Question question(LiveFlow flow) {
        return new Question(
                flow.tag(),
                flow.destination().name(),
                flow.recognised().claimedName(),
                flow.remote().map(InetSocketAddress::getAddress),
                flow.destination().port(),
                Optional.of(flow.recognised().protocol()),
                flow.recognised().basis());
    }
}
