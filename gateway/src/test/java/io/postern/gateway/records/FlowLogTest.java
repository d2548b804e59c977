package io.postern.gateway.records;

import static io.postern.gateway.records.TestingFlows.END;
import static io.postern.gateway.records.TestingFlows.accepted;
import static io.postern.gateway.records.TestingFlows.relayed;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class FlowLogTest {
    @Test
    void oneLineTellsTheStory() {
        assertThat(FlowLog.line(relayed().ended(CloseReason.CLIENT_CLOSED, END)))
                .isEqualTo("flow=f-01 device=3a1f9c profile=work app=com.acme.mail ingress=http-connect"
                        + " client=10.77.3.21 host=api.acme.example address=203.0.113.9 port=443 transport=tcp"
                        + " protocol=tls basis=bytes verdict=allow rule=default close=client-closed"
                        + " out=47100 in=1113 ms=30336");
    }

    @Test
    void aPeerCanForgeNoKey() {
        String line = FlowLog.line(accepted(Transport.TCP)
                .destination(Optional.of("a b=c\" verdict=allow\n\u001b\u009b\\"), 1)
                .ended(CloseReason.REFUSED, END));

        assertThat(line).contains(" host=\"a b=c\\u0022 verdict=allow\\u000a\\u001b\\u009b\\u005c\" address=- ");
    }

    @Test
    void aLongNameIsCut() {
        String line = FlowLog.line(accepted(Transport.TCP)
                .destination(Optional.of("x".repeat(100_000)), 1)
                .ended(CloseReason.REFUSED, END));

        assertThat(line).hasSizeLessThan(800).contains(" host=\"" + "x".repeat(255) + "\" ");
    }
}
