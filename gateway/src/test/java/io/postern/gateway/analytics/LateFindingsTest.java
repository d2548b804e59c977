package io.postern.gateway.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Evidence;
import io.postern.analytics.attack.FiveAnalytics;
import io.postern.analytics.attack.Settings;
import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextEvent.Lifecycle;
import io.postern.analytics.context.FactKind;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.flow.Protocol;
import io.postern.config.GatewaySettings.RecordFile;
import io.postern.config.ListenSettings.Ingress;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.meters.ScrapeFormat;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.records.DropReason;
import io.postern.gateway.records.Exchanges;
import io.postern.gateway.records.FlowRecord;
import io.postern.gateway.records.FlowRecords;
import io.postern.gateway.records.Origin;
import io.postern.gateway.records.Transport;
import io.postern.gateway.state.EmbeddedStore;
import io.postern.gateway.state.Store;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told a day late, as findings: through the flow log, into what detection remembers. */
class LateFindingsTest {

    private static final String APP = "com.acme.notes";
    private static final String DEVICE = "LC01";
    private static final String DROP = "drop.example";
    /** Odd by its letters: of what nothing is odd no analytic makes a finding. */
    private static final String ODD = "qzxvkjwpfhbt.example";

    private static final long MUCH = 300_000;

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final Clock clock = Clock.fixed(now, ZoneOffset.UTC);
    private final List<Finding> findings = new CopyOnWriteArrayList<>();

    @TempDir
    Path dir;

    private Meters meters;
    private Store store;
    private Homes homes;
    private FlowRecords records;
    private LateFacts late;
    private int flows;
    private int facts;

    @BeforeEach
    void start() throws Exception {
        meters = new Meters();
        store = EmbeddedStore.open(dir.resolve("store"));
        homes = Homes.open(
                HomeSettings.DEFAULTS,
                seed -> new FiveAnalytics(Settings.DEFAULTS.seeded(seed)),
                name -> name,
                findings::add,
                store,
                clock,
                meters);
        homes.start();
        records = FlowRecords.start(
                new RecordFile(Optional.of(dir.resolve("flows.ndjson")), 1 << 20, 9, 4_096),
                "test",
                meters.recordsDropped("flow", DropReason.class, DropReason::label));
        late = new LateFacts(dir.resolve("flows.ndjson"), 9, homes, name -> name, clock, meters);
    }

    @AfterEach
    void stop() throws Exception {
        homes.close();
        store.close();
        meters.close();
    }

    @Test
    void cryptographyThatIsToldADayLateFindsItsUpload() throws Exception {
        flow("api.example", Duration.ofHours(60), 300);
        flow(DROP, Duration.ofHours(30), MUCH);
        for (int ago = 28; ago > 0; ago -= 3) {
            flow(DROP, Duration.ofHours(ago), 300);
        }
        settled();
        assertThat(findings).isEmpty();
        encryptsBefore(Duration.ofHours(30));

        round();
        Finding found = last("AN1716");
        assertThat(features(found)).contains("crypto-before", "staging-before", "upload");
        assertThat(found.atMillis())
                .isBetween(
                        now.minus(Duration.ofHours(30)).toEpochMilli(),
                        now.minus(Duration.ofHours(29)).toEpochMilli());
        int told = findings.size();
        round();
        assertThat(findings).as("nothing was told since").hasSize(told);
    }

    @Test
    void cryptographyThatIsToldADayLateIsNotHeldAgainstWhatWentBefore() throws Exception {
        flow("api.example", Duration.ofHours(70), 300);
        flow(DROP, Duration.ofHours(50), MUCH);
        flow(DROP, Duration.ofHours(30), 300);
        flow(DROP, Duration.ofHours(2), 300);
        encryptsBefore(Duration.ofHours(30));

        round();
        assertThat(findings)
                .flatExtracting(Finding::evidence)
                .extracting(Evidence::feature)
                .doesNotContain("crypto-before", "staging-before");
    }

    @Test
    void aLockThatIsToldADayLateCountsForAKeyOfTwoWeeks() throws Exception {
        alive(Duration.ofDays(15), EnumSet.of(FactKind.LOCK));
        onTime(new ContextEvent.Locked(true), Optional.empty(), Duration.ofDays(14));
        for (int ago = 14 * 24; ago > 4 * 24; ago -= 2) {
            flow(ODD, Duration.ofHours(ago), 300);
        }
        onTime(new ContextEvent.Locked(false), Optional.empty(), Duration.ofDays(4));
        for (int ago = 4 * 24; ago > 24; ago -= 2) {
            flow(ODD, Duration.ofHours(ago), 300);
        }
        encrypts(Duration.ofHours(24).plusMinutes(3));
        flow(ODD, Duration.ofHours(24), MUCH);
        flow("api.example", Duration.ofHours(1), 300);
        settled();
        Finding before = last("AN1716");
        assertThat(features(before)).contains("crypto-before").doesNotContain("device-locked");
        late(new ContextEvent.Locked(true), Optional.empty(), Duration.ofHours(26));
        late(new ContextEvent.Locked(false), Optional.empty(), Duration.ofHours(23));

        round();
        assertThat(features(last("AN1716"))).contains("crypto-before", "device-locked");
        assertThat(last("AN1716").score()).isGreaterThan(before.score());
    }

    @Test
    void thatTheAppWasInFrontTakesBackWhatWasUnseen() throws Exception {
        alive(Duration.ofDays(3), EnumSet.of(FactKind.LOCK, FactKind.APP_STATE));
        onTime(new Lifecycle(Lifecycle.State.BACKGROUND), app(), Duration.ofHours(60));
        onTime(new ContextEvent.Locked(false), Optional.empty(), Duration.ofHours(60));
        encrypts(Duration.ofHours(30).plusMinutes(3));
        for (int i = 4; i > 0; i--) {
            flow(ODD, Duration.ofHours(30).plusMinutes(2).plusSeconds(20L * i), 300);
        }
        flow(ODD, Duration.ofHours(30), MUCH);
        settled();
        flow("api.example", Duration.ofHours(2), 300);
        settled();
        Finding before = last("AN1716");
        assertThat(features(before)).contains("background-share");
        late(new Lifecycle(Lifecycle.State.FOREGROUND), app(), Duration.ofHours(31));
        late(new Lifecycle(Lifecycle.State.BACKGROUND), app(), Duration.ofHours(29));

        round();
        assertThat(features(last("AN1716"))).doesNotContain("background-share", "in-background");
        assertThat(last("AN1716").score()).isLessThan(before.score());
    }

    @Test
    void aLogThatBeginsAfterTheFactIsCounted() throws Exception {
        records.close();
        records = FlowRecords.start(
                new RecordFile(Optional.of(dir.resolve("flows.ndjson")), 4_096, 1, 1_024),
                "test",
                meters.recordsDropped("flow", DropReason.class, DropReason::label));
        for (int ago = 40; ago > 0; ago--) {
            flow(DROP, Duration.ofHours(ago), 300);
        }
        try (Meters own = new Meters()) {
            late = new LateFacts(dir.resolve("flows.ndjson"), 1, homes, name -> name, clock, own);
            encryptsBefore(Duration.ofHours(30));
            round();
            assertThat(own.scrape(ScrapeFormat.PROMETHEUS))
                    .contains("postern_analytic_rejudged_total 1.0")
                    .contains("postern_analytic_rejudged_short_total 1.0")
                    .containsPattern("postern_analytic_log_reach_seconds [1-9]");
        }
    }

    private void encryptsBefore(Duration ago) {
        late(
                new ContextEvent.Staged(MUCH, OptionalDouble.empty(), ContextEvent.Staged.Location.PRIVATE),
                app(),
                ago.plusMinutes(4));
        late(crypto(), app(), ago.plusMinutes(3));
    }

    private void encrypts(Duration ago) {
        onTime(new ContextEvent.Staged(MUCH, OptionalDouble.empty(), ContextEvent.Staged.Location.PRIVATE), app(), ago);
        onTime(crypto(), app(), ago);
    }

    private static ContextEvent.Said crypto() {
        return new ContextEvent.UsedCrypto(ContextEvent.UsedCrypto.Operation.ENCRYPT, "AES", OptionalLong.empty());
    }

    private void alive(Duration since, Set<FactKind> reports) {
        for (Duration ago = since; !ago.isNegative(); ago = ago.minusHours(12)) {
            onTime(new ContextEvent.Heartbeat(reports), Optional.empty(), ago);
        }
    }

    private static Optional<ContextEvent.App> app() {
        return Optional.of(new ContextEvent.App(APP, OptionalLong.empty(), OptionalLong.empty()));
    }

    private void onTime(ContextEvent.Said said, Optional<ContextEvent.App> app, Duration ago) {
        homes.told(event(said, app, ago));
    }

    private void late(ContextEvent.Said said, Optional<ContextEvent.App> app, Duration ago) {
        ContextEvent event = event(said, app, ago);
        late.told(event);
        homes.told(event);
    }

    private ContextEvent event(ContextEvent.Said said, Optional<ContextEvent.App> app, Duration ago) {
        return new ContextEvent("e" + facts++, now.minus(ago).toEpochMilli(), DEVICE, "work", app, said, "agent", true);
    }

    private void flow(String to, Duration ago, long bytesOut) throws Exception {
        Instant start = now.minus(ago);
        FlowRecord record = FlowRecord.builder(
                        "f" + flows++,
                        Origin.listener(Ingress.HTTP_CONNECT, "apps"),
                        Transport.TCP,
                        new InetSocketAddress(InetAddress.getByAddress(new byte[] {10, 0, 0, 1}), 40_000),
                        start)
                .tag(new AppTag(DEVICE, "work", APP, DeviceAssurance.TAG_VERIFIED, AppAssurance.DEVICE_ASSERTED))
                .destination(Optional.of(to), 443)
                .setup(Duration.ofMillis(3))
                .recognised(Protocol.UNKNOWN, Basis.NO_MATCH)
                .traffic(bytesOut, 200, Exchanges.of(new long[] {5, bytesOut, 200}, 1))
                .serviceClasses(List.of("generic-https"))
                .ended(CloseReason.CLIENT_CLOSED, start.plusMillis(100));
        homes.flow(record, 0, List.of());
        records.write(record);
    }

    private void round() throws Exception {
        records.close();
        late.round();
        settled();
    }

    /** All that was said before has been judged. */
    private void settled() throws Exception {
        homes.ask(DEVICE, detection -> true).get(10, TimeUnit.SECONDS);
    }

    private Finding last(String analytic) {
        List<Finding> some =
                findings.stream().filter(one -> one.analytic().equals(analytic)).toList();
        assertThat(some).as("findings of %s among %s", analytic, findings).isNotEmpty();
        return some.get(some.size() - 1);
    }

    private static List<String> features(Finding finding) {
        return finding.evidence().stream().map(Evidence::feature).toList();
    }
}
