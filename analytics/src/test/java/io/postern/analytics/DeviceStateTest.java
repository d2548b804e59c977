package io.postern.analytics;

import static io.postern.analytics.Flows.DAY;
import static io.postern.analytics.Flows.HOUR;
import static io.postern.analytics.Flows.MINUTE;
import static io.postern.analytics.Flows.SECOND;
import static io.postern.analytics.Flows.START;
import static io.postern.analytics.Flows.opened;
import static io.postern.analytics.Flows.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.analytics.Tracked.Count;
import io.postern.analytics.Tracked.Precedent;
import io.postern.analytics.Tracked.Stream;
import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextLimits;
import io.postern.analytics.context.FactKind;
import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.flow.Protocol;
import io.postern.analytics.instrument.Cadence;
import io.postern.analytics.instrument.Novelty;
import io.postern.analytics.instrument.Usual;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceStateTest {

    private static final StateLimits SMALL =
            new StateLimits(256, 32, 64, 8, Duration.ofMinutes(5), 3, ContextLimits.DEFAULTS);
    private static final String IMPLANT = "com.example.implant";
    private static final String HOME = "home.example";

    private final DeviceState state = new DeviceState(SMALL, Usual.UNKNOWN);

    @ParameterizedTest(name = "the flood comes from {0}")
    @ValueSource(strings = {"com.example.other", IMPLANT})
    void aDailyBeaconSurvivesAMonthOfFloods(String flooding) {
        Random random = new Random(1);
        for (int day = 0; day < 35; day++) {
            long beacon = START + day * DAY + 3 * HOUR + random.nextInt((int) (2 * HOUR));
            for (int i = 0; i < 3_000; i++) {
                long at = START + day * DAY + 28 * SECOND * i;
                if (at <= beacon && beacon < at + 28 * SECOND) {
                    state.observe(opened(IMPLANT, HOME, beacon));
                }
                state.observe(opened(flooding, "f" + day + "-" + i + ".example", at));
            }
        }
        Tracked tracked = state.find("0", IMPLANT, HOME).orElseThrow();
        assertThat(tracked.checkIns()).isGreaterThanOrEqualTo(33);
        assertThat(tracked.cadence(tracked.lastMillis())).isGreaterThan(Cadence.CLOCK);
        assertThat(tracked.daysActive(state.reachedMillis())).isGreaterThanOrEqualTo(29);
        assertThat(state.keys()).isEqualTo(256);
        assertThat(state.saturated()).isPositive();
    }

    @Test
    void whatADetectorHoldsIsForgottenLast() {
        state.observe(opened(IMPLANT, HOME, START)).hold(true);
        for (int i = 0; i < 2_000; i++) {
            for (int hour = 0; hour < 2; hour++) {
                state.observe(opened("com.example.other", "f" + i + ".example", START + i * MINUTE + hour * HOUR));
            }
        }
        assertThat(state.find("0", IMPLANT, HOME)).isPresent();
        assertThat(state.evictedRecurrent()).isPositive();
    }

    @Test
    void manyHostsOfOneDomainCountAsOne() {
        for (int i = 0; i < 500; i++) {
            state.observe(new FlowEvent.Opened(
                    to(IMPLANT, "x" + i + ".tunnel.example", "tunnel.example"), START + 5 * MINUTE * i));
        }
        Tracked folded = state.find("0", IMPLANT, "*.tunnel.example").orElseThrow();
        assertThat(folded.checkIns()).isGreaterThan(480);
        assertThat(folded.cadence(folded.lastMillis())).isGreaterThan(Cadence.CLOCK);
        assertThat(folded.domain()).isEqualTo("tunnel.example");
        assertThat(state.keys()).isLessThanOrEqualTo(10);
        assertThat(state.folded()).isGreaterThan(480);
    }

    @Test
    void aBeaconUnderUseStandsOutInTheQuietStream() {
        Random random = new Random(4);
        ContextEvent.App app = new ContextEvent.App(IMPLANT, OptionalLong.empty(), OptionalLong.empty());
        for (int hour = 0; hour < 12; hour++) {
            boolean locked = hour % 2 == 0;
            long began = START + hour * HOUR;
            state.tell(told("l" + hour, began, Optional.empty(), new ContextEvent.Locked(locked)));
            state.tell(told(
                    "a" + hour,
                    began,
                    Optional.of(app),
                    new ContextEvent.Lifecycle(
                            locked
                                    ? ContextEvent.Lifecycle.State.BACKGROUND
                                    : ContextEvent.Lifecycle.State.FOREGROUND)));
            for (int i = 0; i < 12; i++) {
                long at = began + 5 * MINUTE * i;
                state.tell(told(
                        "h" + hour + "." + i,
                        at,
                        Optional.empty(),
                        new ContextEvent.Heartbeat(EnumSet.of(FactKind.LOCK, FactKind.APP_STATE))));
                state.observe(opened(IMPLANT, HOME, at + 1 + random.nextInt(30_000)));
                for (int use = 0; !locked && use < 8; use++) {
                    state.observe(opened(IMPLANT, HOME, at + MINUTE + random.nextInt(200) * SECOND));
                }
            }
        }
        Tracked tracked = state.find("0", IMPLANT, HOME).orElseThrow();
        assertThat(tracked.cadence(Stream.QUIET_CONNECTS, state.reachedMillis()))
                .isGreaterThan(Cadence.CLOCK);
        assertThat(tracked.cadence(Stream.CONNECTS, state.reachedMillis())).isLessThan(Cadence.CLOCK);
        assertThat(tracked.count(Count.QUIET)).isEqualTo(72);
        assertThat(tracked.count(Count.IN_USE)).isPositive();
        assertThat(tracked.count(Count.UNKNOWN_STATE)).isZero();
    }

    @Test
    void countsCheckInsSoonAfterFacts() {
        ContextEvent.App app = new ContextEvent.App(IMPLANT, OptionalLong.empty(), OptionalLong.empty());
        state.tell(told(
                "s",
                START,
                Optional.of(app),
                new ContextEvent.Staged(4_000_000, OptionalDouble.of(7.9), ContextEvent.Staged.Location.PRIVATE)));
        state.observe(opened(IMPLANT, HOME, START + MINUTE));
        state.observe(opened("com.example.other", HOME, START + MINUTE));
        Tracked tracked = state.observe(opened(IMPLANT, HOME, START + 10 * MINUTE));
        assertThat(tracked.preceded(Precedent.STAGING)).isEqualTo(1);
        assertThat(tracked.preceded(Precedent.CRYPTO)).isZero();
        assertThat(state.find("0", "com.example.other", HOME).orElseThrow().preceded(Precedent.STAGING))
                .isZero();
    }

    /** Of each check-in there is one kind, whatever is told of it afterwards. */
    @Test
    void whatIsToldLateOfCheckInsInUseCountsAmongThem() {
        for (int i = 0; i < 20; i++) {
            state.observe(opened(IMPLANT, HOME, START + HOUR + i * MINUTE));
        }
        Tracked tracked = state.find("0", IMPLANT, HOME).orElseThrow();
        assertThat(tracked.count(Count.UNKNOWN_STATE)).isEqualTo(20);
        ContextEvent.App app = new ContextEvent.App(IMPLANT, OptionalLong.empty(), OptionalLong.empty());
        for (int i = 0; i < 30; i++) {
            state.tell(told(
                    "h" + i,
                    START + HOUR - 5 * MINUTE + i * MINUTE,
                    Optional.empty(),
                    new ContextEvent.Heartbeat(EnumSet.of(FactKind.LOCK, FactKind.APP_STATE))));
        }
        state.tell(told("l", START + HOUR - MINUTE, Optional.empty(), new ContextEvent.Locked(false)));
        state.tell(told(
                "a",
                START + HOUR - MINUTE,
                Optional.of(app),
                new ContextEvent.Lifecycle(ContextEvent.Lifecycle.State.FOREGROUND)));
        state.tell(told("m", START + HOUR + 15 * MINUTE - SECOND, Optional.empty(), new ContextEvent.Locked(true)));
        state.late().settle(changed -> {});
        tracked = state.find("0", IMPLANT, HOME).orElseThrow();
        assertThat(tracked.count(Count.UNKNOWN_STATE)).isZero();
        assertThat(tracked.count(Count.IN_USE)).isEqualTo(15);
        assertThat(tracked.count(Count.QUIET)).isEqualTo(5);
    }

    @Test
    void bytesOfAFlowCountOnce() {
        Flow flow = to(IMPLANT, HOME, HOME);
        state.observe(new FlowEvent.Opened(flow, START));
        state.observe(new FlowEvent.Exchanged(flow, START + SECOND, 1_000, 200));
        state.observe(new FlowEvent.Exchanged(flow, START + 20 * SECOND, 1_000, 200));
        Tracked tracked =
                state.observe(new FlowEvent.Closed(flow, START + MINUTE, 2_500, 450, FlowEvent.Outcome.CARRIED));
        assertThat(tracked.bytesOut()).isEqualTo(2_500);
        assertThat(tracked.bytesIn()).isEqualTo(450);
        assertThat(tracked.sizesSeen()).isEqualTo(2);
        Flow plain = to(IMPLANT, HOME, HOME);
        state.observe(new FlowEvent.Opened(plain, START + HOUR));
        tracked = state.observe(new FlowEvent.Closed(plain, START + HOUR, 100, 50, FlowEvent.Outcome.CARRIED));
        assertThat(tracked.bytesOut()).isEqualTo(2_600);
        assertThat(tracked.sizesSeen()).isEqualTo(3);
    }

    @Test
    void whatIsRefusedIsNoCheckInAndWhatFailsUpstreamIs() {
        Flow refused = to(IMPLANT, "refused.example", "refused.example");
        Tracked tracked = state.observe(new FlowEvent.Closed(refused, START, 0, 0, FlowEvent.Outcome.REFUSED));
        assertThat(tracked.checkIns()).isZero();
        Flow dead = to(IMPLANT, "dead.example", "dead.example");
        state.observe(new FlowEvent.Opened(dead, START));
        tracked = state.observe(new FlowEvent.Closed(dead, START, 0, 0, FlowEvent.Outcome.FAILED_UPSTREAM));
        assertThat(tracked.checkIns()).isEqualTo(1);
        assertThat(tracked.count(Count.FAILED_UPSTREAM)).isEqualTo(1);
    }

    @Test
    void tellsWhatIsNewToAnAppAndOutsideItsBaseline() {
        DeviceState judged = new DeviceState(
                SMALL, (tag, aspect, value) -> Truth.of(!value.contains("home") && !value.equals("tls/8443")));
        int fresh = judged.observe(new FlowEvent.Opened(to("a", "api.usual.example", "usual.example"), START))
                .fresh();
        assertThat(fresh)
                .isEqualTo(Novelty.DESTINATION
                        | Novelty.DOMAIN
                        | Novelty.SERVICE_CLASS
                        | Novelty.PORT
                        | Novelty.FINGERPRINT);
        Tracked second = judged.observe(new FlowEvent.Opened(to("a", "cdn.usual.example", "usual.example"), START));
        assertThat(second.fresh()).isEqualTo(Novelty.DESTINATION);
        assertThat(second.unusual()).isZero();
        Tracked odd = judged.observe(
                new FlowEvent.Opened(to("a", "home.example", "home.example", Protocol.TLS, 8443), START));
        assertThat(odd.unusual()).isEqualTo(Novelty.DESTINATION | Novelty.DOMAIN | Novelty.PORT);
        assertThat(odd.port()).isEqualTo(8443);
        assertThat(odd.protocol()).isEqualTo(Protocol.TLS);
    }

    @Test
    void tellsAClockOfItsOwnFromOneOfTheDevice() {
        Random random = new Random(2);
        for (int wake = 0; wake < 60; wake++) {
            long at = START + 15 * MINUTE * wake;
            for (String app : new String[] {"mail", "chat", "news", "backup"}) {
                state.observe(opened(app, app + ".example", at + random.nextInt(3_000)));
            }
            state.observe(opened(IMPLANT, HOME, at + 5 * MINUTE + random.nextInt(60_000)));
        }
        assertThat(state.find("0", "news", "news.example").orElseThrow().wakeShare())
                .isGreaterThan(0.9);
        assertThat(state.find("0", IMPLANT, HOME).orElseThrow().wakeShare()).isLessThan(0.1);
        assertThat(state.usualWakeShare()).isBetween(0.7, 0.9);
    }

    @Test
    void tellsWhatWasAskedAndNeverConnectedTo() {
        Flow resolver = to("-", "dns.example", "dns.example", Protocol.DNS, 53);
        Random random = new Random(1);
        for (int i = 0; i < 400; i++) {
            String label = Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
            state.observe(
                    new FlowEvent.Asked(resolver, START + i * SECOND, label + ".t.example", "t.example", 16, 0, 200));
        }
        state.observe(opened("com.example.app", "www.example.org", START));
        int slot = state.questions().find(state.app("0", "-"), "t.example");
        assertThat(slot).isNotNegative();
        assertThat(state.connected("t.example")).isFalse();
        assertThat(state.connected("www.example.org")).isTrue();
    }

    @Test
    void anAppTooManyIsTrackedAllTheSame() {
        for (int i = 0; i < 100; i++) {
            state.observe(opened("app" + i, "host" + i + ".example", START + i));
        }
        assertThat(state.keys()).isEqualTo(100);
        assertThat(state.find("-", "-", "host99.example")).isPresent();
        assertThat(state.saturated()).isPositive();
    }

    @Test
    void isReadAsItWasWritten() throws IOException {
        DeviceState before = lived(5);
        DeviceState after = again(before);
        assertThat(figures(after)).isEqualTo(figures(before));
        FlowEvent next = opened(IMPLANT, HOME, before.reachedMillis() + 5 * MINUTE);
        assertThat(after.observe(next).checkIns())
                .isEqualTo(before.observe(next).checkIns());
        assertThat(figures(after)).isEqualTo(figures(before));
        assertThat(after.evicted()).isEqualTo(before.evicted());
    }

    @Test
    void joiningIsTheSameEitherWayAndOnlyOnce() throws IOException {
        DeviceState one = lived(5);
        DeviceState other = lived(6);
        DeviceState joined = again(one);
        joined.join(again(other));
        DeviceState theOtherWay = again(other);
        theOtherWay.join(again(one));
        assertThat(figures(joined)).isEqualTo(figures(theOtherWay));
        Map<String, String> once = figures(joined);
        joined.join(again(other));
        assertThat(figures(joined)).isEqualTo(once);
    }

    @Test
    void refusesWhatIsCutShortOrOfAnotherVersion() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        lived(1).writeTo(new DataOutputStream(bytes));
        byte[] whole = bytes.toByteArray();
        for (int cut = 0; cut < whole.length; cut += 97) {
            byte[] part = Arrays.copyOf(whole, cut);
            assertThatThrownBy(() -> read(part)).isInstanceOf(IOException.class);
        }
        whole[0]++;
        assertThatThrownBy(() -> read(whole)).isInstanceOf(IOException.class).hasMessageContaining("version");
    }

    /** What is known of the last hours goes with the rest of a device that is at work only when the device does. */
    @Test
    void whatCameOnceMakesRoomWithoutWhatMattersForHours() throws IOException {
        for (int day = 0; day < 3; day++) {
            state.observe(opened(IMPLANT, HOME, START + day * DAY));
        }
        state.observe(opened(IMPLANT, "once.example", START + 2 * DAY + HOUR));
        DeviceState stored = again(state);
        assertThat(stored.recurrent(stored.reachedMillis() + HOUR))
                .as("of what is read there is nothing of the last hours")
                .isNotSameAs(stored);

        assertThat(state.recurrent(state.reachedMillis() + HOUR)).isSameAs(state);
        assertThat(state.keys()).isEqualTo(1);
        state.observe(opened(IMPLANT, "another.example", state.reachedMillis() + HOUR));
        assertThat(state.recurrent(state.reachedMillis() + 4 * HOUR)).isNotSameAs(state);
    }

    private static DeviceState lived(long seed) {
        DeviceState state = new DeviceState(SMALL, Usual.UNKNOWN);
        Random random = new Random(seed);
        for (int i = 0; i < 400; i++) {
            long at = START + 5 * MINUTE * i + random.nextInt(60_000);
            state.observe(opened(IMPLANT, HOME, at));
            Flow flow = to("app" + random.nextInt(5), "h" + random.nextInt(30) + ".example", "example");
            state.observe(new FlowEvent.Opened(flow, at));
            state.observe(new FlowEvent.Exchanged(flow, at + 10, random.nextInt(5000), 100));
            state.observe(new FlowEvent.Closed(flow, at + 100, 9_000, 500, FlowEvent.Outcome.CARRIED));
            state.observe(new FlowEvent.Asked(flow, at, "n" + random.nextInt(50) + ".example", "example", 1, 0, 90));
            if (i % 10 == 0) {
                state.tell(told(seed + "l" + i, at, Optional.empty(), new ContextEvent.Locked(random.nextBoolean())));
            }
        }
        return state;
    }

    private static Map<String, String> figures(DeviceState state) {
        Map<String, String> figures = new TreeMap<>();
        long now = state.reachedMillis();
        state.each(one -> figures.put(
                one.app() + " " + one.destination(),
                String.join(
                        " ",
                        "" + one.checkIns(),
                        "" + one.cadence(now),
                        "" + one.cadence(Stream.QUIET_CONNECTS, now),
                        "" + one.periodMillis(Stream.CONNECTS),
                        "" + one.bytesOut(),
                        "" + one.bytesIn(),
                        "" + one.usualUp(),
                        "" + one.sameDown(),
                        "" + one.firstMillis(),
                        "" + one.lastMillis(),
                        "" + one.hoursActive(now),
                        "" + one.count(Count.QUIET),
                        "" + one.port(),
                        "" + one.protocol(),
                        "" + one.shape(),
                        "" + one.fresh(),
                        one.domain())));
        figures.put("locked", "" + state.context().locked(now));
        figures.put("asked", "" + state.questions().size());
        return figures;
    }

    private static DeviceState again(DeviceState state) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        state.writeTo(new DataOutputStream(bytes));
        return read(bytes.toByteArray());
    }

    private static DeviceState read(byte[] bytes) throws IOException {
        return DeviceState.readFrom(new DataInputStream(new ByteArrayInputStream(bytes)), SMALL, Usual.UNKNOWN);
    }

    private static ContextEvent told(String id, long at, Optional<ContextEvent.App> app, ContextEvent.Said said) {
        return new ContextEvent(id, at, "device", "0", app, said, "agent", false);
    }
}
