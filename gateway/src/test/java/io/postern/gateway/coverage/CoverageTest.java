package io.postern.gateway.coverage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextEvent.App;
import io.postern.analytics.context.ContextEvent.Heartbeat;
import io.postern.analytics.context.ContextEvent.Installed;
import io.postern.analytics.context.ContextEvent.Lifecycle;
import io.postern.analytics.context.ContextEvent.Locked;
import io.postern.analytics.context.ContextEvent.Said;
import io.postern.analytics.context.FactKind;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.config.Bind;
import io.postern.config.ContextSettings;
import io.postern.gateway.context.DeviceContexts;
import io.postern.gateway.context.Known;
import io.postern.gateway.coverage.Coverage.Analytic;
import io.postern.gateway.coverage.Coverage.Missing;
import io.postern.gateway.coverage.Coverage.Report;
import io.postern.gateway.e2e.TestingClock;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A fleet with known gaps: what is reported is exactly those. */
class CoverageTest {

    private static final Set<FactKind> AGENT = EnumSet.of(
            FactKind.LOCK,
            FactKind.APP_STATE,
            FactKind.INTERACTION,
            FactKind.BACKGROUND_START,
            FactKind.PROTECTED_RESOURCE,
            FactKind.STAGING,
            FactKind.INVENTORY);

    private final TestingClock clock = new TestingClock(Instant.parse("2026-10-09T08:15:00Z"));
    private final ContextSettings settings = settings(AGENT);
    private final DeviceContexts contexts = new DeviceContexts(settings);
    private final Map<FactKind, Map<Known, Integer>> visibility = new EnumMap<>(FactKind.class);
    private final Coverage coverage = coverage(Set.of());
    private int ids;

    /**
     * <pre>
     * flows   whose                          what is known
     * 40      seen, by an agent that lives   all but crypto, which no source reports
     * 30      silent: its agent has died     nothing any more
     * 20      bare: no source speaks of it   nothing
     * 10      nobody's                       nothing
     * </pre>
     */
    @Test
    void reportsExactlyTheGapsThereAre() {
        tellAll("silent");
        clock.pass(Duration.ofHours(1));
        tellAll("seen");
        flows(40, tag("seen", "com.acme.mail"));
        flows(30, tag("silent", "com.acme.mail"));
        flows(20, tag("bare", "com.acme.mail"));
        flows(10, AppTag.UNATTRIBUTED);

        Report report = coverage.report();

        assertThat(report.at()).isEqualTo(clock.instant());
        assertThat(report.spans()).extracting(Coverage.Span::name).containsExactly("last-24h", "since-start");
        assertThat(report.spans()).allSatisfy(span -> assertThat(span.flows()).isEqualTo(100));
        for (Coverage.Span span : report.spans()) {
            shares(span, "AN1770", 0.4, 0, 0.6);
            shares(span, "AN1793", 0.4, 0.5, 0.1);
            shares(span, "AN1827", 0.4, 0.5, 0.1);
            shares(span, "AN1681", 0.4, 0.5, 0.1);
            shares(span, "AN1716", 0, 0.4, 0.6);
            assertThat(analytic(span, "AN1793").missing())
                    .containsExactlyInAnyOrder(
                            new Missing("lock", "source-silent", 30),
                            new Missing("lock", "device-without-source", 20),
                            new Missing("lock", "unattributed", 10),
                            new Missing("app-state", "source-silent", 30),
                            new Missing("app-state", "device-without-source", 20),
                            new Missing("app-state", "unattributed", 10));
            assertThat(analytic(span, "AN1716").missing())
                    .contains(
                            new Missing("crypto", "never-reported", 90),
                            new Missing("crypto", "unattributed", 10),
                            new Missing("staging", "source-silent", 30));
        }
        assertThat(visibility.get(FactKind.LOCK))
                .containsExactlyInAnyOrderEntriesOf(Map.of(Known.FRESH, 40, Known.STALE, 30, Known.ABSENT, 30));
        assertThat(visibility.get(FactKind.CRYPTO)).containsExactlyInAnyOrderEntriesOf(Map.of(Known.ABSENT, 100));
    }

    private Coverage coverage(Set<String> off) {
        return coverage(contexts, settings, off);
    }

    private Coverage coverage(DeviceContexts contexts, ContextSettings settings, Set<String> off) {
        return new Coverage(
                Optional.of(contexts),
                Optional.of(settings),
                off,
                (fact, known) -> visibility
                        .computeIfAbsent(fact, unused -> new EnumMap<>(Known.class))
                        .merge(known, 1, Integer::sum),
                clock);
    }

    /** However much was known of its device. */
    @Test
    void whatDetectionHadNoRoomForWasJudgedByNone() {
        tellAll("seen");
        flows(6, tag("seen", "com.acme.mail"));
        for (int i = 0; i < 4; i++) {
            coverage.unheard(coverage.opened(tag("seen", "com.acme.mail")), false);
        }
        for (Coverage.Span span : coverage.report().spans()) {
            assertThat(span.flows()).isEqualTo(10);
            shares(span, "AN1793", 0.6, 0, 0.4);
            shares(span, "AN1827", 0.6, 0, 0.4);
            shares(span, "AN1716", 0, 0.6, 0.4);
            assertThat(analytic(span, "AN1793").missing()).containsExactly(new Missing("flow", "detection-full", 4));
        }
    }

    @Test
    void whatItHeardAPartOfWasJudgedInPart() {
        tellAll("seen");
        coverage.unheard(coverage.opened(tag("seen", "com.acme.mail")), true);
        coverage.unheard(coverage.opened(AppTag.UNATTRIBUTED), true);
        Coverage.Span span = coverage.report().spans().get(0);
        shares(span, "AN1793", 0, 0.5, 0.5);
        shares(span, "AN1716", 0, 0.5, 0.5);
        assertThat(analytic(span, "AN1793").missing()).contains(new Missing("flow", "detection-full", 2));
    }

    @Test
    void itCountsInTheHourInWhichTheFlowBegan() {
        tellAll("seen");
        long counted = coverage.opened(tag("seen", "com.acme.mail"));
        clock.pass(Duration.ofHours(3));
        tellAll("seen");
        flows(1, tag("seen", "com.acme.mail"));
        coverage.unheard(counted, false);
        long now = Coverage.hourOf(clock.instant());
        shares(coverage.hour(now, clock.instant()).orElseThrow(), "AN1793", 1, 0, 0);
        shares(coverage.hour(now - 3, clock.instant()).orElseThrow(), "AN1793", 0, 0, 1);
        clock.pass(Duration.ofDays(2));
        coverage.unheard(counted, false);
        assertThat(coverage.report().spans().get(0).flows()).isZero();
    }

    @Test
    void anAnalyticThatIsOffJudgesNothing() {
        tellAll("seen");
        Coverage without = coverage(Set.of("AN1793"));
        without.opened(tag("seen", "com.acme.mail"));
        without.unheard(without.opened(tag("seen", "com.acme.mail")), false);
        Coverage.Span span = without.report().spans().get(1);
        shares(span, "AN1793", 0, 0, 1);
        shares(span, "AN1681", 0.5, 0, 0.5);
        assertThat(analytic(span, "AN1793").missing()).containsExactly(new Missing("flow", "switched-off", 2));
    }

    /** Without an agent for cryptography, staging and protected resources the two that start from these see a part. */
    @Test
    void whoIsToldOfLockAndAppStateAloneIsJudgedInPartByThoseThatNeedMore() {
        ContextSettings little = settings(EnumSet.of(FactKind.LOCK, FactKind.APP_STATE));
        DeviceContexts told = new DeviceContexts(little);
        for (Said said : List.of(
                new Heartbeat(EnumSet.of(FactKind.LOCK, FactKind.APP_STATE)),
                new Locked(true),
                new Lifecycle(Lifecycle.State.BACKGROUND))) {
            tell(told, "managed", said);
        }
        Coverage coverage = coverage(told, little, Set.of());
        coverage.opened(tag("managed", "com.acme.mail"));
        Coverage.Span span = coverage.report().spans().get(1);
        shares(span, "AN1770", 0, 1, 0);
        shares(span, "AN1716", 0, 1, 0);
        shares(span, "AN1681", 1, 0, 0);
        assertThat(analytic(span, "AN1770").missing())
                .extracting(Missing::fact)
                .contains("background-start", "protected-resource", "staging");
        assertThat(analytic(span, "AN1716").missing()).extracting(Missing::fact).contains("crypto", "staging");
    }

    @Test
    void aFlowWhoseAppIsUnknownIsJudgedInPart() {
        tellAll("seen");
        flows(1, tag("seen", AppTag.NOBODY));
        Coverage.Span span = coverage.report().spans().get(1);
        shares(span, "AN1827", 0, 1, 0);
        assertThat(analytic(span, "AN1827").missing())
                .contains(new Missing("app-state", "app-unknown", 1))
                .doesNotContain(new Missing("lock", "app-unknown", 1));
    }

    @Test
    void whatIsADayOldLeavesTheWindow() {
        flows(3, tag("bare", "com.acme.mail"));
        clock.pass(Duration.ofHours(23));
        flows(2, tag("bare", "com.acme.mail"));
        assertThat(coverage.report().spans().get(0).flows()).isEqualTo(5);
        clock.pass(Duration.ofHours(1));
        assertThat(coverage.report().spans().get(0).flows()).isEqualTo(2);
        clock.pass(Duration.ofDays(2));
        assertThat(coverage.report().spans().get(0).flows()).isZero();
        assertThat(coverage.report().spans().get(1).flows()).isEqualTo(5);
    }

    /** A clock that is put back counts no flow twice, and loses none of the total. */
    @Test
    void aClockThatJumpsLosesNothing() {
        flows(3, tag("bare", "com.acme.mail"));
        clock.pass(Duration.ofDays(400));
        flows(1, tag("bare", "com.acme.mail"));
        clock.pass(Duration.ofDays(-400));
        flows(1, tag("bare", "com.acme.mail"));
        assertThat(coverage.report().spans().get(1).flows()).isEqualTo(5);
        assertThat(coverage.report().spans().get(0).flows()).isBetween(1L, 5L);
    }

    @Test
    void ofTooManyDevicesTheOneSilentLongestGoes() {
        for (int device = 0; device < settings.devices(); device++) {
            tell("d" + device, new Locked(true));
        }
        tell("d0", new Locked(false));
        tell("another", new Locked(true));
        assertThat(contexts.size()).isEqualTo(settings.devices());
        assertThat(contexts.evicted()).isEqualTo(1);
        assertThat(contexts.of("d1", context -> context)).isEmpty();
        assertThat(contexts.of("d0", context -> context.locked(clock.millis()).known()))
                .contains(true);
    }

    private void tellAll(String device) {
        tell(device, new Heartbeat(AGENT));
        tell(device, new Locked(true));
        tell(device, new Lifecycle(Lifecycle.State.BACKGROUND));
        tell(
                device,
                new Installed(
                        true, Optional.empty(), "1", "", "", OptionalLong.empty(), OptionalLong.empty(), Set.of()));
    }

    private void tell(String device, Said said) {
        tell(contexts, device, said);
    }

    private void tell(DeviceContexts contexts, String device, Said said) {
        boolean ofApp = said instanceof Lifecycle || said instanceof Installed;
        contexts.tell(new ContextEvent(
                "e" + ids++,
                clock.millis(),
                device,
                "work",
                ofApp
                        ? Optional.of(new App("com.acme.mail", OptionalLong.empty(), OptionalLong.empty()))
                        : Optional.empty(),
                said,
                "agent",
                false));
    }

    private void flows(int count, AppTag tag) {
        for (int i = 0; i < count; i++) {
            coverage.opened(tag);
        }
    }

    private static AppTag tag(String device, String app) {
        return new AppTag(device, "work", app, DeviceAssurance.TAG_VERIFIED, AppAssurance.DEVICE_ASSERTED);
    }

    private static void shares(Coverage.Span span, String name, double full, double degraded, double blind) {
        Analytic analytic = analytic(span, name);
        assertThat(analytic.full()).as(name + " full").isCloseTo(full, within(1e-9));
        assertThat(analytic.degraded()).as(name + " degraded").isCloseTo(degraded, within(1e-9));
        assertThat(analytic.blind()).as(name + " blind").isCloseTo(blind, within(1e-9));
    }

    private static Analytic analytic(Coverage.Span span, String name) {
        return span.analytics().stream()
                .filter(each -> each.analytic().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static ContextSettings settings(Set<FactKind> reports) {
        return new ContextSettings(
                new Bind(InetAddress.getLoopbackAddress(), 0),
                Optional.empty(),
                Duration.ofMinutes(2),
                Duration.ofDays(3),
                1 << 24,
                Duration.ofMinutes(15),
                Duration.ofHours(26),
                50,
                List.of(new ContextSettings.Source(
                        "agent",
                        Optional.of(Path.of("token")),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of("*"),
                        reports,
                        1_000,
                        "work")));
    }
}
