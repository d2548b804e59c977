package io.postern.gateway.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.flow.FlowEvent.Outcome;
import io.postern.analytics.flow.Protocol;
import io.postern.gateway.detect.FlowLine.Question;
import io.postern.gateway.detect.Unfolding.Before;
import io.postern.gateway.records.Exchanges;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UnfoldingTest {

    private static final long START = 1_760_000_000_000L;
    private static final Flow FLOW = new Flow(
            "a",
            AppTag.UNATTRIBUTED,
            START,
            Flow.Transport.TCP,
            new Destination("api.acme.example", "acme.example", "", 443),
            Protocol.TLS,
            Basis.BYTES,
            Set.of("generic-https"),
            Optional.empty(),
            Optional.empty());

    private final Unfolding unfolding = new Unfolding(new FlowFacts(name -> "acme.example"));

    @Test
    void whatWasRefusedWasNeverOpen() {
        assertThat(told(line(Outcome.REFUSED), Before.NOTHING, 0)).containsExactly("Closed 9000");
        assertThat(told(line(Outcome.FAILED_UPSTREAM), Before.NOTHING, 0)).containsExactly("Opened 0", "Closed 9000");
    }

    @Test
    void aLineOfAFlowThatLivesDoesNotCloseIt() {
        assertThat(told(line(null, 0, 4_000), Before.NOTHING, 0))
                .containsExactly("Opened 0", "Exchanged 0", "Exchanged 4000");
    }

    @Test
    void whatWasToldIsNotToldAgain() {
        FlowLine line = line(Outcome.CARRIED, 0, 4_000).asking(List.of(question(0), question(3_000), question(5_000)));
        assertThat(told(line, Before.SAME, 1))
                .containsExactly("Asked 3000", "Exchanged 4000", "Asked 5000", "Closed 9000");
        assertThat(told(line, Before.OTHERWISE, 2))
                .containsExactly("Learnt 3000", "Asked 3000", "Asked 5000", "Closed 9000");
    }

    /** A wall clock that is set back while a flow lives. */
    @Test
    void nothingIsLaterThanTheLine() {
        assertThat(told(line(Outcome.CARRIED, 0, 20_000), Before.NOTHING, 0))
                .containsExactly("Opened 0", "Exchanged 0", "Exchanged 9000", "Closed 9000");
    }

    private List<String> told(FlowLine line, Before before, int toldExchanges) {
        List<String> told = new ArrayList<>();
        unfolding.tell(line, before, toldExchanges, event -> told.add(text(event)));
        return told;
    }

    private static String text(FlowEvent event) {
        return event.getClass().getSimpleName() + " " + (event.atMillis() - START);
    }

    private static Question question(long offset) {
        return new Question(START + offset, "x.acme.example", 16, 0, 80);
    }

    private static FlowLine line(@Nullable Outcome outcome, long... exchangesAt) {
        long[] tape = new long[3 * exchangesAt.length];
        for (int i = 0; i < exchangesAt.length; i++) {
            tape[3 * i] = exchangesAt[i];
        }
        return new FlowLine(
                FLOW,
                Optional.ofNullable(outcome),
                START + 9_000,
                0,
                0,
                Exchanges.of(tape, exchangesAt.length),
                List.of());
    }
}
