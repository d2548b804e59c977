package io.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextEvent.Interacted;
import io.postern.analytics.context.ContextEvent.Locked;
import io.postern.analytics.context.ContextEvent.Said;
import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.config.Bind;
import io.postern.config.ListenSettings;
import io.postern.config.policy.Facts.Posture;
import io.postern.config.policy.Policy;
import io.postern.config.policy.PolicyReader;
import io.postern.gateway.e2e.TestingClock;
import io.postern.gateway.flows.Destination;
import io.postern.gateway.flows.Flows;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.flows.Witness;
import io.postern.gateway.judge.Verdicts;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.records.Transport;
import io.postern.gateway.rules.FactSource;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.rules.Rules;
import io.postern.wire.ip.EgressRanges;
import io.postern.wire.ip.HostText;
import io.postern.wire.ip.OwnAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Live flows under a rule that asks whether the device is locked; the devices asked for are those that are judged. */
class FactWatchTest {

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final EgressRanges EGRESS = new EgressRanges(List.of(), List.of(), OwnAddresses.NONE);
    private static final String ASKS =
            "rules: [{name: r, when: {device: {locked: true}}, action: block, mode: enforce}]";

    @TempDir
    Path dir;

    private final TestingClock clock = new TestingClock(NOON);
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Flows flows = new Flows(10, clock, new Witness() {});
    private final Meters meters = new Meters();
    private final Asked asked = new Asked();
    private Judges judges = new Judges(EGRESS, new Rules(Policy.EMPTY), clock, asked);

    @BeforeEach
    void rules() throws IOException {
        judges = new Judges(EGRESS, rules(ASKS), clock, asked);
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
        meters.close();
    }

    @Test
    void theFlowsOfADeviceAreJudgedOnceForAllThatWasToldOfIt() {
        open("LC01");
        open("LC02");
        FactWatch watch = new FactWatch(judges, clock);
        watch.told(event("LC01", new Locked(true), NOON));
        watch.told(event("LC01", new Locked(false), NOON));
        look(watch);
        assertThat(asked.take()).containsExactly("LC01");
        look(watch);
        assertThat(asked.take()).isEmpty();
    }

    @Test
    void whoWasRefusedIsAskedAgainOnceSomethingWasToldAndNotEachSecond() {
        FactWatch watch = new FactWatch(judges, clock);
        Object before = judges.standing("LC01");
        Object other = judges.standing("LC02");
        look(watch);
        assertThat(judges.standing("LC01")).isEqualTo(before);
        watch.told(event("LC01", new Locked(false), NOON));
        look(watch);
        assertThat(judges.standing("LC01")).isNotEqualTo(before);
        assertThat(judges.standing("LC02")).isEqualTo(other);
    }

    @Test
    void aFlowThatMayNotBeAnyMoreIsEnded() {
        LiveFlow locked = open("LC01");
        LiveFlow other = open("LC02");
        FactWatch watch = new FactWatch(judges, clock);
        asked.locked = "LC01";
        watch.told(event("LC01", new Locked(true), NOON));
        watch.told(event("LC02", new Locked(false), NOON));
        look(watch);
        assertThat(locked.ended()).contains(CloseReason.BLOCKED);
        assertThat(other.live()).isTrue();
    }

    @Test
    void whatIsToldForLaterCountsThen() {
        open("LC01");
        FactWatch watch = new FactWatch(judges, clock);
        watch.told(event("LC01", new Locked(true), NOON.plusSeconds(60)));
        look(watch);
        assertThat(asked.take()).isEmpty();
        clock.pass(Duration.ofMinutes(1));
        look(watch);
        assertThat(asked.take()).containsExactly("LC01");
    }

    @Test
    void everyTenthLookIsAtAllFlowsForTimeChangesFactsToo() {
        open("LC01");
        open("LC02");
        FactWatch watch = new FactWatch(judges, clock);
        for (int i = 1; i < FactWatch.ALL_EACH; i++) {
            look(watch);
        }
        assertThat(asked.take()).isEmpty();
        look(watch);
        assertThat(asked.take()).containsExactlyInAnyOrder("LC01", "LC02");
    }

    @Test
    void whenMoreDevicesWaitThanThereIsRoomForAllFlowsAreJudged() {
        open("LC01");
        FactWatch watch = new FactWatch(judges, clock);
        for (int i = 0; i <= FactWatch.MOST; i++) {
            watch.told(event("D" + i, new Locked(true), NOON));
        }
        look(watch);
        assertThat(asked.take()).containsExactly("LC01");
    }

    @Test
    void whatChangesNoStateAndWhatNoRuleAsksForHasNothingJudged() throws Exception {
        open("LC01");
        FactWatch watch = new FactWatch(judges, clock);
        watch.told(event("LC01", new Interacted(), NOON));
        look(watch);
        judges.adopt(rules("rules: [{name: r, when: {port: 25}, action: block, mode: enforce}]"));
        watch.told(event("LC01", new Locked(true), NOON));
        for (int i = 0; i < FactWatch.ALL_EACH; i++) {
            look(watch);
        }
        assertThat(asked.take()).isEmpty();
    }

    private Rules rules(String text) throws IOException {
        Files.writeString(dir.resolve("p.yaml"), text);
        var reading = PolicyReader.read(List.of("p.yaml"), dir, Clock.fixed(NOON, ZoneOffset.UTC));
        assertThat(reading.problems()).isEmpty();
        return new Rules(reading.value().orElseThrow());
    }

    private void look(FactWatch watch) {
        watch.look(flows, new Verdicts(judges, meters));
        channel.runPendingTasks();
    }

    private static ContextEvent event(String device, Said said, Instant at) {
        return new ContextEvent(
                "e-" + device, at.toEpochMilli(), device, "work", Optional.empty(), said, "agent", false);
    }

    private LiveFlow open(String device) {
        LiveFlow flow = flows.on(channel.eventLoop())
                .open(
                        new ListenSettings(
                                "apps",
                                ListenSettings.Ingress.HTTP_CONNECT,
                                new Bind(LOOPBACK, 0),
                                Optional.empty(),
                                false),
                        Transport.TCP,
                        new InetSocketAddress(LOOPBACK, 4660),
                        new AppTag(
                                device,
                                "work",
                                "com.acme.mail",
                                DeviceAssurance.TAG_VERIFIED,
                                AppAssurance.DEVICE_ASSERTED),
                        new Destination(HostText.of("origin.test"), 443))
                .orElseThrow();
        flow.onStop(flow::end);
        return flow;
    }

    /** Of whom it was asked whether the device is locked. */
    private static final class Asked implements FactSource {

        private final List<String> devices = new ArrayList<>();
        private String locked = "";

        List<String> take() {
            List<String> taken = devices.stream().distinct().toList();
            devices.clear();
            return taken;
        }

        @Override
        public Truth truth(Kind kind, AppTag tag, long atMillis) {
            devices.add(tag.device());
            return Truth.of(tag.device().equals(locked));
        }

        @Override
        public Truth untouched(AppTag tag, Duration atLeast, long atMillis) {
            return Truth.UNKNOWN;
        }

        @Override
        public Set<Posture> posture(AppTag tag, long atMillis) {
            return Set.of(Posture.UNKNOWN);
        }
    }
}
