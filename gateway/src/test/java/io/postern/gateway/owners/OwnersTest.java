package io.postern.gateway.owners;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.postern.analytics.Evidence;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.config.Bind;
import io.postern.config.ListenSettings;
import io.postern.config.ListenSettings.Ingress;
import io.postern.gateway.e2e.TestingClock;
import io.postern.gateway.flows.Destination;
import io.postern.gateway.flows.Flows;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.flows.Witness;
import io.postern.gateway.owners.OwnerReport.Source;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.records.Transport;
import io.postern.wire.ip.HostText;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OwnersTest {

    private static final String MAIL = "com.acme.mail";
    private static final String CHAT = "com.acme.chat";

    private final TestingClock clock = new TestingClock(Instant.parse("2026-11-21T08:00:00Z"));
    private final List<String> results = new ArrayList<>();
    private final Owners owners =
            new Owners(clock, (source, result) -> results.add(source.label() + " " + result.label()));
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Flows flows = new Flows(1_000, clock, new Witness() {
        @Override
        public void reached(LiveFlow flow) {
            owners.reached(flow);
        }

        @Override
        public void ended(LiveFlow flow) {
            owners.ended(flow);
        }
    });

    @Test
    void anAgentsWordNamesAFlowOfAnUnknownAppAndItIsJudgedAgain() {
        LiveFlow flow = flow(AppTag.NOBODY, 40_000);
        AtomicInteger judged = new AtomicInteger();
        flow.onLearnt(judged::incrementAndGet);
        report(Source.AGENT, 40_000, MAIL);
        assertThat(flow.tag().app()).isEqualTo(MAIL);
        assertThat(flow.tag().appAssurance()).isEqualTo(AppAssurance.AGENT_REPORTED);
        assertThat(flow.tag().deviceAssurance()).isEqualTo(DeviceAssurance.ADDRESS);
        assertThat(judged).hasValue(1);
        report(Source.OS, 40_000, MAIL);
        assertThat(flow.tag().appAssurance()).isEqualTo(AppAssurance.OS_AUDITED);
        assertThat(results).containsExactly("agent named", "os confirmed");
    }

    @Test
    void aReportMayComeFirst() {
        report(Source.AGENT, 40_000, MAIL);
        assertThat(results).isEmpty();
        LiveFlow flow = flow(AppTag.NOBODY, 40_000);
        channel.runPendingTasks();
        assertThat(flow.tag().app()).isEqualTo(MAIL);
        assertThat(results).containsExactly("agent named");
    }

    @Test
    void whatTheDeviceSaysIsConfirmed() {
        LiveFlow flow = proxied(MAIL);
        report(Source.OS, -1, MAIL);
        assertThat(flow.tag())
                .isEqualTo(new AppTag("LC01", "work", MAIL, DeviceAssurance.ADDRESS, AppAssurance.OS_AUDITED));
        assertThat(flow.background().evidence()).isEmpty();
        report(Source.AGENT, -1, MAIL);
        assertThat(flow.tag().appAssurance()).as("the better word stays").isEqualTo(AppAssurance.OS_AUDITED);
    }

    @Test
    void anotherAppIsEvidenceAndNeverTakesTheFlow() {
        LiveFlow flow = flow(CHAT, 40_000);
        report(Source.OS, 40_000, MAIL);
        assertThat(flow.tag().app()).isEqualTo(CHAT);
        assertThat(flow.tag().appAssurance()).isEqualTo(AppAssurance.DEVICE_ASSERTED);
        assertThat(flow.background().evidence())
                .containsExactly(new Evidence(Evidence.Family.TAG, "another-app-by-os", 1, 1, Owners.WEIGHT_OS, true));
        assertThat(results).containsExactly("os conflict");
    }

    @Test
    void withoutALocalPortAContradictionWaitsForAFlowItMaySpeakOf() {
        LiveFlow chat = proxied(CHAT);
        report(Source.OS, -1, MAIL);
        LiveFlow mail = proxied(MAIL);
        channel.runPendingTasks();
        assertThat(mail.tag().appAssurance()).isEqualTo(AppAssurance.OS_AUDITED);
        assertThat(chat.background().evidence()).isEmpty();

        report(Source.OS, -1, "com.acme.other");
        assertThat(results).containsExactly("os confirmed");
        clock.pass(Owners.WINDOW);
        owners.look();
        channel.runPendingTasks();
        assertThat(chat.background().evidence()).as("the one flow left").hasSize(1);
        assertThat(results).containsExactly("os confirmed", "os conflict");
    }

    @Test
    void flowsOfOneAppAreNamedInTheOrderTheyBegan() {
        LiveFlow one = proxied(AppTag.NOBODY);
        LiveFlow other = proxied(AppTag.NOBODY);
        report(Source.AGENT, -1, MAIL);
        report(Source.AGENT, -1, MAIL);
        assertThat(List.of(one.tag().app(), other.tag().app())).containsOnly(MAIL);
        assertThat(results).containsExactly("agent named", "agent named");
    }

    @Test
    void ofSeveralAppsNobodyKnowsWhichIsMeant() {
        report(Source.OS, -1, MAIL);
        report(Source.OS, -1, CHAT);
        LiveFlow one = proxied(AppTag.NOBODY);
        LiveFlow other = proxied(AppTag.NOBODY);
        clock.pass(Owners.WINDOW);
        owners.look();
        channel.runPendingTasks();
        assertThat(List.of(one.tag().app(), other.tag().app())).containsOnly(AppTag.NOBODY);
        assertThat(results).containsExactly("os ambiguous", "os ambiguous");
    }

    @Test
    void whereFlowsSayTheirAppsOneThatDoesNotIsNamedOnlyAfterAWhile() {
        proxied(CHAT).end(CloseReason.CLIENT_CLOSED);
        report(Source.AGENT, -1, CHAT);
        clock.pass(Owners.WINDOW.multipliedBy(2));
        LiveFlow nobodys = proxied(AppTag.NOBODY);
        report(Source.AGENT, -1, MAIL);
        assertThat(nobodys.tag().app()).as("the app's own flow may still come").isEqualTo(AppTag.NOBODY);
        clock.pass(Owners.GRACE);
        owners.look();
        channel.runPendingTasks();
        assertThat(nobodys.tag().app()).isEqualTo(MAIL);
    }

    @Test
    void aUidOfSeveralPackagesNamesNone() {
        LiveFlow flow = flow(AppTag.NOBODY, 40_000);
        report(Source.OS, 40_000, MAIL, CHAT);
        assertThat(flow.tag().app()).isEqualTo(AppTag.NOBODY);
        assertThat(results).containsExactly("os shared");
        LiveFlow shared = flow(CHAT + "+" + MAIL, 40_001);
        report(Source.OS, 40_001, MAIL, CHAT);
        report(Source.AGENT, 40_001, MAIL);
        assertThat(shared.background().evidence()).isEmpty();
        assertThat(shared.tag().app()).isEqualTo(CHAT + "+" + MAIL);
        assertThat(results).containsExactly("os shared", "os shared", "agent shared");
    }

    @Test
    void whatComesAfterTheEndIsCountedAsSuch() {
        flow(MAIL, 40_000).end(CloseReason.CLIENT_CLOSED);
        flow(CHAT, 40_001).end(CloseReason.CLIENT_CLOSED);
        flow(AppTag.NOBODY, 40_002).end(CloseReason.CLIENT_CLOSED);
        long began = clock.millis();
        clock.pass(Duration.ofHours(2));
        for (int port = 40_000; port <= 40_002; port++) {
            owners.reported(report(Source.OS, began, "LC01", port, "192.0.2.7", MAIL));
        }
        assertThat(results).containsExactly("os late-confirmed", "os late-conflict", "os late-named");
    }

    @Test
    void onlyWhatAgreesInEverythingIsJoined() {
        LiveFlow flow = flow(AppTag.NOBODY, 40_000);
        long now = clock.millis();
        owners.reported(report(Source.AGENT, now, "LC02", 40_000, "192.0.2.7", MAIL));
        owners.reported(report(Source.AGENT, now, "LC01", 40_001, "192.0.2.7", MAIL));
        owners.reported(report(Source.AGENT, now, "LC01", 40_000, "192.0.2.8", MAIL));
        owners.reported(report(Source.AGENT, now - Owners.WINDOW.toMillis() - 1, "LC01", 40_000, "192.0.2.7", MAIL));
        clock.pass(Owners.WINDOW);
        owners.look();
        channel.runPendingTasks();
        assertThat(flow.tag().app()).isEqualTo(AppTag.NOBODY);
        assertThat(results).hasSize(4).containsOnly("agent unmatched");
    }

    @Test
    void aReportOfTheFutureWaitsNoLongerThanOthers() {
        LiveFlow flow = proxied(AppTag.NOBODY);
        long tomorrow = clock.millis() + Duration.ofDays(1).toMillis();
        owners.reported(report(Source.AGENT, tomorrow, "LC01", -1, "192.0.2.8", MAIL));
        owners.reported(report(Source.AGENT, tomorrow, "LC01", -1, "192.0.2.7", MAIL));
        channel.runPendingTasks();
        assertThat(flow.tag().app()).isEqualTo(MAIL);
        clock.pass(Owners.WINDOW);
        owners.look();
        assertThat(results).containsExactly("agent named", "agent unmatched");
    }

    @Test
    void whatIsLongOverIsForgottenThoughItsEndIsInUse() {
        long began = clock.millis();
        flow(AppTag.NOBODY, 40_000).end(CloseReason.CLIENT_CLOSED);
        for (int hour = 1; hour <= 6; hour++) {
            clock.pass(Duration.ofHours(1));
            flow(AppTag.NOBODY, 40_000 + hour).end(CloseReason.CLIENT_CLOSED);
        }
        owners.reported(report(Source.OS, began, "LC01", 40_000, "192.0.2.7", MAIL));
        clock.pass(Duration.ofMillis(1));
        owners.reported(report(Source.AGENT, began, "LC01", 40_000, "192.0.2.7", MAIL));
        assertThat(results).containsExactly("os late-named", "agent unmatched");
    }

    @Test
    void whatWaitsWhereNobodyLooksIsTold() {
        report(Source.AGENT, -1, MAIL);
        clock.pass(Owners.KEPT);
        flow(AppTag.NOBODY, 40_000);
        assertThat(results).containsExactly("agent unmatched");
    }

    @Test
    void holdsNoMoreThanItMay() {
        Owners few = new Owners(clock, (source, result) -> results.add(result.label()), 10);
        for (int port = 1; port <= 1_000; port++) {
            few.reported(new OwnerReport(
                    Source.AGENT,
                    "LC01",
                    "work",
                    clock.millis(),
                    Transport.TCP,
                    OptionalInt.empty(),
                    InetAddress.getLoopbackAddress(),
                    port,
                    List.of(MAIL)));
        }
        assertThat(few.size()).isLessThanOrEqualTo(10);
        assertThat(few.evicted()).isEqualTo(990);
        assertThat(results).as("what waited there").hasSize(990).containsOnly("unmatched");
        results.clear();
        for (int i = 0; i < 100; i++) {
            report(Source.AGENT, -1, MAIL);
        }
        assertThat(results).as("for one end").hasSize(68).containsOnly("agent unmatched");
    }

    private LiveFlow flow(String app, int port) {
        return flow(app, Ingress.TRANSPARENT, port);
    }

    private LiveFlow proxied(String app) {
        return flow(app, Ingress.HTTP_CONNECT, 50_000);
    }

    private LiveFlow flow(String app, Ingress ingress, int port) {
        AppTag tag = new AppTag(
                "LC01",
                "work",
                app,
                DeviceAssurance.ADDRESS,
                app.equals(AppTag.NOBODY) ? AppAssurance.NONE : AppAssurance.DEVICE_ASSERTED);
        LiveFlow flow = flows.on(channel.eventLoop())
                .open(
                        new ListenSettings(
                                "any", ingress, new Bind(InetAddress.getLoopbackAddress(), 1), Optional.empty(), false),
                        Transport.TCP,
                        new InetSocketAddress(address("10.77.0.2"), port),
                        tag,
                        new Destination(new HostText.Literal(address("192.0.2.7")), 443))
                .orElseThrow();
        flow.opened(new InetSocketAddress(address("192.0.2.7"), 443));
        return flow;
    }

    /** @param port negative where it is not known */
    private void report(Source source, int port, String... packages) {
        owners.reported(report(source, clock.millis(), "LC01", port, "192.0.2.7", packages));
        channel.runPendingTasks();
    }

    private static OwnerReport report(
            Source source, long at, String device, int port, String remote, String... packages) {
        return new OwnerReport(
                source,
                device,
                "work",
                at,
                Transport.TCP,
                port < 0 ? OptionalInt.empty() : OptionalInt.of(port),
                address(remote),
                443,
                List.of(packages));
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
