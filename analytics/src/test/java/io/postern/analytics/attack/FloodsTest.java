package io.postern.analytics.attack;

import static io.postern.analytics.attack.Stage.APP;
import static io.postern.analytics.attack.Stage.DAY;
import static io.postern.analytics.attack.Stage.DEVICE;
import static io.postern.analytics.attack.Stage.HOUR;
import static io.postern.analytics.attack.Stage.MINUTE;
import static io.postern.analytics.attack.Stage.SECOND;
import static io.postern.analytics.attack.Stage.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.detect.Finding.Activity;
import io.postern.analytics.detect.Finding.Severity;
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
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad input: too much of it, at the wrong time, again, and untrue. */
class FloodsTest {

    private static final String ID = "AN1793";
    private static final String OTHER = "com.example.lamp";
    private static final int DEVICES = 50;
    private static final int FINDINGS = 10;
    private static final Beat TEN_MINUTES = Beat.every(Duration.ofMinutes(10)).jitter(0.2);

    private final Stage stage = stage(Knobs.small(DEVICES, FINDINGS));

    private static Stage stage(Settings settings) {
        Stage stage = new Stage(settings);
        return stage.learnt(10, stage.flows(APP, "api.torch.example").of("app-backend"));
    }

    private Traffic home() {
        return stage.flows(APP, "home.example");
    }

    private void implantIsFound() {
        assertThat(stage.told())
                .anyMatch(one -> one.analytic().equals(ID) && one.destination().equals("home.example"));
    }

    private int keys() {
        return stage.five().state(DEVICE).orElseThrow().keys();
    }

    /** A table that says what went for want of room, and not how full it is, looks empty. */
    @Test
    void everyTableTellsWhatItHolds() {
        assertThat(stage.five().held().keySet())
                .containsAll(stage.five().saturated().keySet());
    }

    @ParameterizedTest(name = "by {0}")
    @ValueSource(strings = {APP, OTHER})
    void aFloodOfDestinationsHidesNoImplant(String flooding) {
        home().by(TEN_MINUTES, START, START + 12 * HOUR);
        for (int i = 0; i < 20_000; i++) {
            stage.flows(flooding, "f" + i + ".example").at(START + i * (2 * SECOND));
        }
        stage.play();
        implantIsFound();
        assertThat(keys()).isLessThanOrEqualTo(256);
        assertThat(stage.five().saturated().get("keys")).isPositive();
        assertThat(stage.five().held().get("check-ins")).isBetween(1L, 512L);
        assertThat(stage.five().saturated().get("check-ins")).isPositive();
    }

    @Test
    void aFloodOfAppsHidesNoImplantThatWasThereBefore() {
        home().by(TEN_MINUTES, START, START + 12 * HOUR);
        for (int i = 0; i < 10_000; i++) {
            stage.flows("com.example.a" + i, "www.a" + i + ".example").at(START + MINUTE + i * (4 * SECOND));
        }
        stage.play();
        implantIsFound();
        assertThat(keys()).isLessThanOrEqualTo(256);
        assertThat(stage.five().saturated().get("keys")).isPositive();
    }

    @Test
    void aFloodOfDevicesHidesNoImplantThatGoesOn() {
        home().by(TEN_MINUTES, START, START + 12 * HOUR);
        for (int i = 0; i < 2_000; i++) {
            stage.flows(OTHER, "www.lamp.example").ofDevice("D" + i).at(START + i * (21 * SECOND));
        }
        stage.play();
        implantIsFound();
        assertThat(stage.five().devices()).hasSize(DEVICES);
        assertThat(stage.five().saturated().get("devices")).isPositive();
    }

    @Test
    void aFloodOfFindingsClosesThoseThatWereQuietLongest() {
        for (int i = 0; i < 100; i++) {
            stage.flows(APP, "relay" + i + ".example")
                    .speaking(Protocol.TLS, 8443)
                    .ofDevice("D" + i % DEVICES)
                    .at(START + i * MINUTE);
        }
        stage.play();
        assertThat(stage.five().openFindings()).isLessThanOrEqualTo(FINDINGS);
        assertThat(stage.five().saturated().get("findings")).isPositive();
        assertThat(stage.told().stream()
                        .filter(one -> one.activity() == Activity.CREATE)
                        .count())
                .isEqualTo(100);
        assertThat(stage.told().stream().filter(one -> one.activity() == Activity.CLOSE))
                .hasSize(100 - FINDINGS)
                .extracting(Finding::uid)
                .doesNotHaveDuplicates();
    }

    @Test
    void aFloodOfQuestionsIsBounded() {
        Traffic resolver = stage.flows("netd", "10.0.0.53").speaking(Protocol.DNS, 53);
        for (int i = 0; i < 5_000; i++) {
            resolver.asks(List.of("a.d" + i + ".example"), "d" + i + ".example", 16, START + i * SECOND);
        }
        stage.play();
        assertThat(stage.five().saturated().get("keys")).isPositive();
        stage.isSilent();
    }

    @Test
    void floodsOfFactsAreBoundedAndHideNoImplant() {
        home().by(TEN_MINUTES, START, START + 12 * HOUR);
        Agent agent = stage.agent().alive(START, START + 12 * HOUR);
        for (int i = 0; i < 10_000; i++) {
            long at = START + i * (4 * SECOND);
            agent.locked(at, i % 2 == 0)
                    .inFront(APP, at + 1)
                    .inBackground(APP, at + 2)
                    .used(at + 3);
            agent.stages(OTHER, at);
        }
        stage.play();
        implantIsFound();
        assertThat(stage.five().saturated().get("keys")).isPositive();
    }

    @Test
    void nothingIsSaturatedBeforeItIs() {
        home().by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        assertThat(stage.five().saturated().values()).containsOnly(0L);
    }

    // Clocks.

    @ParameterizedTest(name = "{0} days")
    @ValueSource(ints = {-400, -3, -1, 1, 3, 40})
    void aClockThatIsSetHidesNoImplantForLong(int days) {
        home().by(TEN_MINUTES, START, START + HOUR);
        stage.agent().unattended(START, START + HOUR);
        stage.play();
        long then = START + HOUR + days * DAY;
        home().by(TEN_MINUTES, then, then + 12 * HOUR);
        stage.agent().unattended(then, then + 12 * HOUR);
        stage.play();
        implantIsFound();
    }

    @Test
    void aClockThatJumpsToAndFroThrowsNothing() {
        Random random = new Random(1);
        for (int i = 0; i < 5_000; i++) {
            long at = random.nextInt(3) == 0 ? random.nextLong() : START + i * MINUTE;
            long bounded = Math.max(0, Math.min(at, Long.MAX_VALUE - DAY));
            stage.put(
                    START + i,
                    detection -> detection.observe(new FlowEvent.Opened(home().flow(bounded), bounded), finding -> {}));
        }
        stage.play();
        assertThat(keys()).isPositive();
    }

    @Test
    void historyThatIsReplayedMakesNoSecondFinding() {
        for (int time = 0; time < 3; time++) {
            home().speaking(Protocol.TLS, 8443).by(TEN_MINUTES, START, START + DAY);
            stage.agent().unattended(START, START + DAY);
            stage.play();
        }
        assertThat(stage.told().stream().filter(one -> one.activity() == Activity.CREATE))
                .extracting(Finding::analytic)
                .doesNotHaveDuplicates();
    }

    // Untrue.

    @Test
    void factsOfTheFutureCountForNothingNow() {
        long far = START + 3_000 * DAY;
        stage.agent(DEVICE, "liar")
                .late(Duration.ofDays(-3_000))
                .alive(far, far + HOUR)
                .locked(far, true)
                .stages(APP, far)
                .encrypts(APP, far);
        stage.agent().unattended(START, START + HOUR);
        home().about(400_000, 900).at(START + MINUTE);
        stage.play().isSilent("AN1716");
    }

    @Test
    void whoAlwaysSaysThatTheAppIsInUseHidesNoClock() {
        home().by(TEN_MINUTES, START, START + 2 * DAY);
        stage.agent().inUse(APP, START, START + 2 * DAY);
        stage.play();
        assertThat(stage.score("AN1793", APP)).as("lower, not nothing").isPositive();
        home().speaking(Protocol.TLS, 8443).by(TEN_MINUTES, START + 2 * DAY, START + 3 * DAY);
        stage.agent().inUse(APP, START + 2 * DAY, START + 3 * DAY);
        stage.play();
        stage.finds("AN1827").inSpiteOf("app-in-use");
    }

    @Test
    void absurdSizesAndNamesAreTakenAsTheyAre() {
        AppTag tag = new AppTag(DEVICE, "", "", DeviceAssurance.NONE, AppAssurance.NONE);
        String name = "a".repeat(60_000) + ".example";
        List<Long> sizes = List.of(0L, -1L, Long.MIN_VALUE, Long.MAX_VALUE, 1L);
        for (String host : List.of(name, ".", "..", "xn--", "\u0000", "1.2.3.4", "[::1]")) {
            for (long size : sizes) {
                Flow flow = new Flow(
                        stage.uid(),
                        tag,
                        Long.MIN_VALUE,
                        Flow.Transport.TCP,
                        new Destination(host, "", "", 0),
                        Protocol.UNKNOWN,
                        Basis.END,
                        Set.of(),
                        Optional.of(new Flow.TlsShape(name, false, "", "")),
                        Optional.of(new Flow.HttpShape("", "", "", "")));
                long at = START + size % HOUR;
                stage.happens(new FlowEvent.Opened(flow, at));
                stage.happens(new FlowEvent.Learnt(flow, at));
                stage.happens(new FlowEvent.Exchanged(flow, at, size, size));
                stage.happens(new FlowEvent.Asked(flow, at, host, host, -1, 99, Integer.MIN_VALUE));
                stage.happens(new FlowEvent.Closed(flow, at, size, size, Outcome.CARRIED));
            }
        }
        stage.agent()
                .tells(
                        START,
                        Optional.of(""),
                        new ContextEvent.Staged(
                                Long.MAX_VALUE, OptionalDouble.of(1e300), ContextEvent.Staged.Location.SHARED));
        stage.play();
        assertThat(stage.told()).allMatch(one -> one.score() >= 0 && one.severity() != Severity.CRITICAL);
    }

    /** Within the bounds of each device, and of devices, there may be more keys than any memory has room for. */
    @Test
    void keysOfAllDevicesTogetherAreBounded() {
        KeyRoom room = new KeyRoom(2_000);
        List<FiveAnalytics> homes = List.of(
                new FiveAnalytics(Knobs.small(DEVICES, FINDINGS), room),
                new FiveAnalytics(Knobs.small(DEVICES, FINDINGS), room));
        for (int day = 0; day < 3; day++) {
            opened(homes.get(0), "VICTIM", "home.example", START + day * DAY);
        }
        long at = START + 3 * DAY;
        for (int device = 0; device < 40; device++) {
            for (int i = 0; i < 200; i++) {
                opened(homes.get(device % 2), "F" + device, "h" + i + ".flood" + i + ".example", at += SECOND);
                assertThat(room.held()).isLessThanOrEqualTo(2_000);
            }
        }
        assertThat(room.held())
                .isEqualTo(homes.stream()
                        .mapToLong(home -> home.held().get("keys"))
                        .sum());
        assertThat(room.evicted()).isEqualTo(1 + 40 * 200 - room.held());
        homes.forEach(home -> home.devices().forEach(home::forget));
        assertThat(room.held()).isZero();
    }

    /** A counter that falls is a reset to whoever reads it, and hides what was lost. */
    @Test
    void whatWasLostStaysCountedWhenItsDeviceIsForgotten() {
        FiveAnalytics home = new FiveAnalytics(Knobs.small(DEVICES, FINDINGS), new KeyRoom(100_000));
        for (int i = 0; i < 400; i++) {
            opened(home, "FLOODED", "h" + i + ".flood" + i + ".example", START + i * SECOND);
        }
        long lost = home.saturated().getOrDefault("keys", 0L);
        assertThat(lost).isPositive();
        home.forget("FLOODED");
        assertThat(home.saturated().get("keys")).isEqualTo(lost);
    }

    /** Of a device that was heard of least lately, what came once goes first. */
    @Test
    void whatComesBackOutlivesWhatCameOnceWhenKeysMakeRoom() {
        KeyRoom room = new KeyRoom(300);
        FiveAnalytics home = new FiveAnalytics(Knobs.small(DEVICES, FINDINGS), room);
        for (int day = 0; day < 3; day++) {
            opened(home, "VICTIM", "home.example", START + day * DAY);
        }
        for (int i = 0; i < 20; i++) {
            opened(home, "VICTIM", "once" + i + ".example", START + 3 * DAY + i * SECOND);
        }
        for (int i = 0; i < 290; i++) {
            opened(home, "F" + i / 150, "h" + i + ".flood.example" + i, START + 4 * DAY + i * SECOND);
        }
        assertThat(home.state("VICTIM").orElseThrow().find("work", APP, "home.example"))
                .isPresent();
        assertThat(home.state("VICTIM").orElseThrow().keys()).isEqualTo(1);
        assertThat(room.evicted()).isEqualTo(20);
    }

    private void opened(FiveAnalytics home, String device, String host, long at) {
        Flow flow = new Flow(
                stage.uid(),
                new AppTag(device, "work", APP, DeviceAssurance.TAG_VERIFIED, AppAssurance.DEVICE_ASSERTED),
                at,
                Flow.Transport.TCP,
                Destination.named(host, host, 443),
                Protocol.UNKNOWN,
                Basis.END,
                Set.of("generic-https"),
                Optional.empty(),
                Optional.empty());
        home.observe(new FlowEvent.Opened(flow, at), finding -> {});
    }
}
