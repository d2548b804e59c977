package io.postern.gateway.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.flow.FlowEvent.Outcome;
import io.postern.analytics.flow.Protocol;
import io.postern.gateway.records.Exchanges;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TellingTest {

    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long START = 1_760_000_000_000L;

    private final TestingDetection detection = new TestingDetection();
    private final Deque<ContextEvent> facts = new ArrayDeque<>();
    private final Telling telling =
            new Telling(detection, new FlowFacts(name -> "acme.example"), this::fact, finding -> {});

    @Test
    void aLineIsToldAsItHappened() {
        telling.begin(Duration.ofHours(1));
        telling.line(line("a", 0, 9_000, Outcome.CARRIED, 0, 10, 20, 5_000, 30, 40)
                .asking(List.of(new FlowLine.Question(START + 1_000, "x.acme.example", 1, 0, 7))));
        telling.end();

        assertThat(told())
                .containsExactly(
                        "Opened a 0", "Exchanged a 0 10/20", "Asked a 1000", "Exchanged a 5000 30/40", "Closed a 9000");
        assertThat(detection.events.get(2))
                .isInstanceOfSatisfying(
                        FlowEvent.Asked.class,
                        asked -> assertThat(asked.domain()).isEqualTo("acme.example"));
    }

    /** By seeds: lines in the order of their ends are told in the order of their beginnings. */
    @Test
    void linesComeWhenFlowsEndAndAreToldWhenTheyBegan() {
        Random random = new Random(7);
        List<FlowLine> lines = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            long start = random.nextInt(1_000_000);
            lines.add(line("f" + i, start, start + random.nextInt((int) HOUR), Outcome.CARRIED, 3, 1, 1));
        }
        lines.sort((one, other) -> Long.compare(one.atMillis(), other.atMillis()));

        telling.begin(Duration.ofHours(1));
        lines.forEach(telling::line);
        telling.end();

        assertThat(detection.events).hasSize(1_500);
        assertThat(detection.events).extracting(FlowEvent::atMillis).isSorted();
        assertThat(telling.late()).isZero();
        assertThat(detection.reached).isGreaterThan(detection.events.get(1_499).atMillis());
    }

    @Test
    void whatIsToldOfAFlowThatLivesIsToldOnce() {
        telling.begin(Duration.ofHours(1));
        telling.line(line("a", 0, HOUR, null, 0, 1, 1));
        telling.line(line("b", 10, 20, Outcome.CARRIED));
        telling.line(line("a", 0, 2 * HOUR, null, HOUR + 5, 2, 2));
        telling.line(line("a", 0, 3 * HOUR, Outcome.CARRIED));
        telling.end();

        assertThat(told())
                .containsExactly(
                        "Opened a 0",
                        "Exchanged a 0 1/1",
                        "Opened b 10",
                        "Closed b 20",
                        "Exchanged a " + (HOUR + 5) + " 2/2",
                        "Closed a " + 3 * HOUR);
    }

    @Test
    void aFlowThatTurnsOutToBeSomethingElseIsLearnt() {
        telling.begin(Duration.ofHours(1));
        telling.line(line("a", 0, HOUR, null));
        FlowLine turned = line("a", 0, 2 * HOUR, Outcome.CARRIED);
        Flow flow = turned.flow();
        telling.line(new FlowLine(
                new Flow(
                        flow.uid(),
                        flow.tag(),
                        flow.startMillis(),
                        flow.transport(),
                        flow.destination(),
                        Protocol.WEBSOCKET,
                        flow.basis(),
                        flow.serviceClasses(),
                        flow.tls(),
                        flow.http()),
                turned.outcome(),
                turned.atMillis(),
                0,
                0,
                Exchanges.NONE,
                List.of()));
        telling.end();

        assertThat(told()).containsExactly("Opened a 0", "Learnt a " + 2 * HOUR, "Closed a " + 2 * HOUR);
    }

    @Test
    void whatWeRefusedWasNeverOpened() {
        telling.begin(Duration.ofHours(1));
        telling.line(line("a", 0, 1, Outcome.REFUSED));
        telling.line(line("b", 2, 3, Outcome.FAILED_UPSTREAM));
        telling.end();

        assertThat(told()).containsExactly("Closed a 1", "Opened b 2", "Closed b 3");
    }

    @Test
    void whatComesTooLateIsToldAtOnceAndCounted() {
        telling.begin(Duration.ofMinutes(10));
        for (int i = 0; i < 10; i++) {
            telling.line(line("n" + i, i * HOUR / 4, i * HOUR / 4, Outcome.CARRIED));
        }
        telling.line(line("late", 0, 5, Outcome.CARRIED));
        telling.end();

        assertThat(telling.late()).isEqualTo(1);
        assertThat(told()).contains("Opened late 0", "Closed late 5");
        assertThat(told().indexOf("Opened late 0")).isLessThan(told().indexOf("Opened n9 " + 9 * HOUR / 4));
    }

    /** A clock that was wrong once does not make everything behind it late. */
    @Test
    void oneLineOfAnotherCenturyMovesNothing() {
        telling.begin(Duration.ofHours(1));
        telling.line(line("a", 0, 100, Outcome.CARRIED));
        telling.line(line("far", 90_000 * HOUR, 90_000 * HOUR, Outcome.CARRIED));
        telling.line(line("c", 300, 400, Outcome.CARRIED));
        telling.line(line("b", 200, 500, Outcome.CARRIED));
        telling.end();

        assertThat(telling.late()).isZero();
        assertThat(told())
                .extracting(each -> each.split(" ", 3)[1])
                .containsExactly("a", "a", "b", "c", "c", "b", "far", "far");
    }

    @Test
    void aClockThatIsSetRightIsFollowed() {
        telling.begin(Duration.ofMinutes(1));
        telling.line(line("a", 0, 100, Outcome.CARRIED));
        telling.line(line("b", 1_000 * HOUR, 1_000 * HOUR, Outcome.CARRIED));
        telling.line(line("c", 1_001 * HOUR, 1_001 * HOUR, Outcome.CARRIED));

        assertThat(told()).contains("Closed a 100", "Closed b " + 1_000 * HOUR);
    }

    @Test
    void anOlderInputHasAClockOfItsOwn() {
        telling.begin(Duration.ofHours(1));
        telling.line(line("new", 100 * HOUR, 100 * HOUR + 5, Outcome.CARRIED));
        telling.begin(Duration.ofHours(1));
        telling.line(line("x", 1_000, 2_000, Outcome.CARRIED));
        telling.line(line("y", 500, 3_000, Outcome.CARRIED));
        telling.end();

        assertThat(told())
                .containsExactly(
                        "Opened new " + 100 * HOUR,
                        "Closed new " + (100 * HOUR + 5),
                        "Opened y 500",
                        "Opened x 1000",
                        "Closed x 2000",
                        "Closed y 3000");
    }

    @Test
    void noMoreIsHeldThanThereIsRoomFor() {
        telling.begin(Duration.ofDays(300));
        for (int i = 0; i < Telling.MOST_HELD + 10; i++) {
            // Each has more to tell than the one before it has told when this one comes.
            telling.line(line("f" + i, i, i + 1_000_000, Outcome.CARRIED, 500_000, 1, 1));
        }

        assertThat(detection.events)
                .filteredOn(FlowEvent.Closed.class::isInstance)
                .as("each line beyond has one told to its end")
                .hasSize(10);
    }

    @Test
    void factsAreToldWhenTheyWere() {
        facts.add(locked(5));
        facts.add(locked(50));
        facts.add(locked(500));
        telling.begin(Duration.ofHours(1));
        telling.line(line("a", 10, 100, Outcome.CARRIED));
        telling.end();

        assertThat(detection.all)
                .extracting(
                        each -> each instanceof ContextEvent fact ? fact.timeMillis() : ((FlowEvent) each).atMillis())
                .isSorted()
                .hasSize(5);
    }

    @Test
    void exchangesOutOfOrderStayInTheirFlow() {
        telling.begin(Duration.ofHours(1));
        telling.line(line("a", 0, 50, Outcome.CARRIED, 40, 1, 1, 20, 2, 2, 900, 3, 3));
        telling.end();

        assertThat(detection.events).extracting(FlowEvent::atMillis).isSorted();
        assertThat(told()).endsWith("Closed a 50").hasSize(5);
    }

    @Test
    void aLineIsSeenBeforeOnce() {
        SeenBefore seen = new SeenBefore();
        for (int i = 0; i < 3 * SeenBefore.MOST; i++) {
            assertThat(seen.test("n" + i)).isFalse();
        }
        for (int i = 3 * SeenBefore.MOST - 1; i >= 2 * SeenBefore.MOST; i -= 1_000) {
            assertThat(seen.test("n" + i)).isTrue();
        }
    }

    private @Nullable ContextEvent fact(long until) {
        ContextEvent next = facts.peek();
        return next == null || next.timeMillis() > until ? null : facts.poll();
    }

    private static ContextEvent locked(long at) {
        return new ContextEvent(
                "e" + at, START + at, "d", "work", Optional.empty(), new ContextEvent.Locked(true), "mdm", false);
    }

    private List<String> told() {
        return detection.events.stream().map(TellingTest::text).toList();
    }

    private static String text(FlowEvent event) {
        String bytes = event instanceof FlowEvent.Exchanged moved ? " " + moved.bytesOut() + "/" + moved.bytesIn() : "";
        return event.getClass().getSimpleName() + " " + event.flow().uid() + " " + (event.atMillis() - START) + bytes;
    }

    /** @param exchanges offset, out and in, and again */
    private static FlowLine line(String uid, long start, long end, @Nullable Outcome outcome, long... exchanges) {
        return new FlowLine(
                new Flow(
                        uid,
                        AppTag.UNATTRIBUTED,
                        START + start,
                        Flow.Transport.TCP,
                        new Destination("a.example", "a.example", "192.0.2.1", 443),
                        Protocol.TLS,
                        Basis.BYTES,
                        Set.of("generic-https"),
                        Optional.empty(),
                        Optional.empty()),
                Optional.ofNullable(outcome),
                START + end,
                1,
                2,
                Exchanges.of(exchanges, exchanges.length / 3),
                List.of());
    }
}
