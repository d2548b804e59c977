package io.postern.gateway.judge;

import static io.postern.gateway.open.TestingStages.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.postern.analytics.flow.Basis;
import io.postern.config.policy.Policy;
import io.postern.gateway.e2e.TestingLog;
import io.postern.gateway.flows.Recognised;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.open.TestingClocks;
import io.postern.gateway.open.TestingSocket;
import io.postern.gateway.open.TestingStages;
import io.postern.gateway.open.Upstream;
import io.postern.gateway.recognise.Tap;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.rules.Rules;
import io.postern.gateway.sniff.Sniffed;
import io.postern.wire.ip.EgressRanges;
import io.postern.wire.ip.OwnAddresses;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JudgeHandlerTest {

    /** Nothing else would end it: whoever watched it has gone, and whoever relays is not there yet. */
    @Test
    void aFaultInJudgingEndsTheFlowAndIsLogged() {
        ByteBuf held = bytes("held");
        TestingSocket server = new TestingSocket();
        try (Meters meters = new Meters();
                TestingLog log = new TestingLog();
                TestingStages stages = new TestingStages(new JudgeHandler(new Verdicts(broken(), meters)))) {
            stages.client.writeInbound(new Sniffed(
                    stages.opened(server, new Nobody()),
                    Recognised.unknown(Basis.NO_MATCH),
                    Optional.of(held),
                    Optional.empty(),
                    Tap.NONE));

            assertThat(stages.ended).containsExactly(CloseReason.ERROR);
            assertThat(stages.client.isOpen()).isFalse();
            assertThat(server.isOpen()).isFalse();
            assertThat(held.refCnt()).isZero();
            log.expectStack("planted");
        }
    }

    private static Judges broken() {
        return new Judges(
                new EgressRanges(List.of(), List.of(), OwnAddresses.NONE),
                new Rules(Policy.EMPTY),
                TestingClocks.broken(() -> true));
    }

    private static final class Nobody implements Upstream.Listener {
        @Override
        public void upstreamSent(ByteBuf bytes) {
            bytes.release();
        }

        @Override
        public void upstreamGone() {}

        @Override
        public void upstreamBroke(Throwable cause) {}
    }
}
