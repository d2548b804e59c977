package io.postern.analytics.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.detect.Finding.Activity;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.flow.FlowEvent.Outcome;
import io.postern.analytics.flow.Protocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ByTheHourTest {

    private static final long MINUTE = 60_000;
    private static final long HOUR = 60 * MINUTE;

    private final List<Finding> findings = new ArrayList<>();
    private final ByTheHour hourly = new ByTheHour(
            "count", Duration.ofHours(2), 20, (connections, from, to) -> Math.min(100, 10 * connections.count()));

    @Test
    void aFindingComesUpGrowsAndEnds() {
        for (int i = 0; i < 3; i++) {
            closed("a.example", i * MINUTE, Outcome.CARRIED);
        }
        hourly.reached(HOUR, findings::add);
        for (int i = 0; i < 3; i++) {
            closed("a.example", HOUR + i * MINUTE, Outcome.FAILED_UPSTREAM);
        }
        hourly.reached(2 * HOUR, findings::add);
        hourly.reached(6 * HOUR, findings::add);

        // After three hours the first three are out of its window, then all.
        assertThat(findings)
                .extracting(Finding::activity)
                .containsExactly(Activity.CREATE, Activity.UPDATE, Activity.UPDATE, Activity.CLOSE);
        assertThat(findings).extracting(Finding::score).containsExactly(30.0, 60.0, 30.0, 0.0);
        assertThat(findings).extracting(Finding::uid).containsOnly("count/d/work/app/a.example");
        assertThat(findings.get(1).checkIns()).isEqualTo(6);
    }

    @Test
    void whatTheGatewayRefusedIsNoCheckIn() {
        for (int i = 0; i < 5; i++) {
            closed("a.example", i * MINUTE, Outcome.REFUSED);
        }
        hourly.reached(HOUR, findings::add);

        assertThat(findings).isEmpty();
    }

    @Test
    void tellsWhatEveryPairCameTo() {
        closed("a.example", 0, Outcome.CARRIED);
        closed("b.example", MINUTE, Outcome.CARRIED);
        hourly.reached(HOUR, findings::add);
        List<Score> scores = new ArrayList<>();

        hourly.scores(scores::add);

        assertThat(scores).extracting(Score::destination).containsExactlyInAnyOrder("a.example", "b.example");
        assertThat(scores).extracting(Score::score).containsOnly(10.0);
    }

    @Test
    void remembersSoManyPairs() {
        for (int i = 0; i <= ByTheHour.MOST_PAIRS; i++) {
            closed("h" + i + ".example", i, Outcome.CARRIED);
        }
        List<Score> scores = new ArrayList<>();

        hourly.scores(scores::add);

        assertThat(scores).hasSize(ByTheHour.MOST_PAIRS);
        assertThat(scores).extracting(Score::destination).doesNotContain("h0.example");
    }

    @Test
    void aPairHoldsSoManyConnections() {
        Connections connections = new Connections();
        for (int i = 0; i <= Connections.MOST; i++) {
            connections.add(i, 1, 1);
        }

        assertThat(connections.count()).isEqualTo(Connections.MOST);
        assertThat(connections.atMillis(0)).isEqualTo(1);
    }

    private void closed(String host, long at, Outcome outcome) {
        AppTag tag = new AppTag("d", "work", "app", DeviceAssurance.TAG_VERIFIED, AppAssurance.DEVICE_ASSERTED);
        Flow flow = new Flow(
                "f" + at,
                tag,
                at,
                Flow.Transport.TCP,
                new Destination(host, host, "192.0.2.1", 443),
                Protocol.TLS,
                Basis.BYTES,
                Set.of("generic-https"),
                Optional.empty(),
                Optional.empty());
        hourly.observe(new FlowEvent.Closed(flow, at, 100, 100, outcome), findings::add);
    }
}
