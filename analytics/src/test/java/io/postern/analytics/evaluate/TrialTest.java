package io.postern.analytics.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.detect.Detection;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.detect.Score;
import io.postern.analytics.fleet.Cause;
import io.postern.analytics.fleet.Happening;
import io.postern.analytics.fleet.Implant;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.flow.FlowEvent.Outcome;
import io.postern.analytics.flow.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class TrialTest {

    private static final long MINUTE = 60_000;
    private static final Implant IMPLANT = new Implant("i", "sleep", Set.of("AN1793"), "app", 0, 0, true);

    private final List<Happening> happenings = new ArrayList<>();

    @Test
    void knowsHowManyCheckInsMinutesAndBytesItTook() {
        for (int i = 0; i < 6; i++) {
            flow("evil.example", MINUTE * 10 * i, Optional.of(IMPLANT));
        }

        Tally tally = new Trial(List.of(new Subject(List.of("AN1793"), () -> new TestingDetection(3, 50))))
                .run(happenings.iterator(), 2);

        assertThat(tally.alarms()).isEmpty();
        assertThat(tally.deviceDays()).isEqualTo(2);
        Case caught = tally.cases().get(0);
        assertThat(caught.caught()).isTrue();
        assertThat(caught.checkIns()).isEqualTo(3);
        assertThat(caught.caughtMillis()).isEqualTo(20 * MINUTE);
        // Two whole flows, and nothing yet of the third.
        assertThat(caught.bytesOut()).isEqualTo(2 * 700);
    }

    @Test
    void knowsWhenItMayBeBlocked() {
        for (int i = 0; i < 6; i++) {
            flow("evil.example", MINUTE * 10 * i, Optional.of(IMPLANT));
        }

        Case blocked = new Trial(List.of(new Subject(List.of("AN1793"), () -> new TestingDetection(2, 75, 4))))
                .run(happenings.iterator(), 2)
                .cases()
                .get(0);

        assertThat(blocked.caughtMillis()).isEqualTo(10 * MINUTE);
        assertThat(blocked.mayBlock()).isTrue();
        assertThat(blocked.blockMillis()).isEqualTo(30 * MINUTE);
        assertThat(blocked.blockBytes()).isEqualTo(3 * 700);
    }

    @Test
    void aLowFindingCatchesNobody() {
        for (int i = 0; i < 4; i++) {
            flow("evil.example", MINUTE * 10 * i, Optional.of(IMPLANT));
        }

        Case missed = new Trial(List.of(new Subject(List.of("AN1793"), () -> new TestingDetection(3, 39))))
                .run(happenings.iterator(), 1)
                .cases()
                .get(0);

        assertThat(missed.caught()).isFalse();
        assertThat(missed.score()).isEqualTo(39);
    }

    @Test
    void whatMeansNoHarmIsAnAlarmWithItsCause() {
        for (int i = 0; i < 4; i++) {
            flow("fine.example", i * MINUTE, Optional.empty());
        }

        Tally tally = new Trial(List.of(new Subject(List.of("AN1793"), () -> new TestingDetection(3, 50))))
                .run(happenings.iterator(), 1);

        assertThat(tally.cases()).isEmpty();
        assertThat(tally.alarms())
                .containsExactly(new Alarm(
                        "AN1793", new Cause("app", "Syncs", Optional.empty()), "fine.example", 50, false, false));
    }

    private void flow(String host, long at, Optional<Implant> implant) {
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
        Cause cause = new Cause("app", "Syncs", implant);
        happenings.add(new Happening.Flowed(new FlowEvent.Opened(flow, at), cause));
        happenings.add(new Happening.Flowed(new FlowEvent.Exchanged(flow, at, 500, 100), cause));
        happenings.add(new Happening.Flowed(new FlowEvent.Exchanged(flow, at + 100, 200, 100), cause));
        happenings.add(new Happening.Flowed(new FlowEvent.Closed(flow, at + 200, 700, 200, Outcome.CARRIED), cause));
    }

    /** Says so at the n-th flow to anywhere. */
    private static final class TestingDetection implements Detection {
        private final int flows;
        private final double score;
        private final int blocks;
        private int seen;

        TestingDetection(int flows, double score) {
            this(flows, score, Integer.MAX_VALUE);
        }

        /** @param blocks the flow at which it may be blocked */
        TestingDetection(int flows, double score, int blocks) {
            this.flows = flows;
            this.score = score;
            this.blocks = blocks;
        }

        @Override
        public void observe(FlowEvent event, Consumer<Finding> findings) {
            if (event instanceof FlowEvent.Opened opened && (++seen == flows || seen == blocks)) {
                findings.accept(Finding.of(
                                "AN1793",
                                opened.flow().key(),
                                opened.flow().destination().name())
                        .uid("f")
                        .score(score)
                        .at(event.atMillis())
                        .seen(seen, 0)
                        .mayBlock(seen >= blocks)
                        .finding());
            }
        }

        @Override
        public void told(ContextEvent event, Consumer<Finding> findings) {}

        @Override
        public void reached(long atMillis, Consumer<Finding> findings) {}

        @Override
        public void scores(Consumer<Score> scores) {}
    }
}
