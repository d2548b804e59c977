package io.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Verdict.Action;
import io.postern.analytics.finding.Kept;
import io.postern.analytics.finding.Status;
import io.postern.gateway.e2e.TestingFinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is told while findings are being listed. */
class FindingsInOrderTest {

    private final List<String> told = new ArrayList<>();
    private final FindingsInOrder order =
            new FindingsInOrder(kept -> told.add(kept.finding().destination() + " " + kept.version()));

    @Test
    void whatWasHeardMeanwhileFollowsTheListUnlessTheListKnewIt() {
        order.heard(kept("a.example", 2));
        order.heard(kept("a.example", 3));
        order.heard(kept("b.example", 1));
        assertThat(told).isEmpty();
        order.listed(List.of(kept("a.example", 2)));
        assertThat(told).containsExactly("a.example 2", "a.example 3", "b.example 1");
        order.heard(kept("c.example", 1));
        assertThat(told).endsWith("c.example 1");
    }

    private static Kept kept(String destination, long version) {
        return new Kept(
                TestingFinding.of("LC01").to(destination).at(3_600_000),
                "",
                1,
                Status.OPEN,
                Action.ALERT,
                "",
                "",
                "",
                Optional.empty(),
                Optional.empty(),
                new Kept.Times(1, 1, 1, 0, 0, 0),
                List.of(),
                version);
    }
}
