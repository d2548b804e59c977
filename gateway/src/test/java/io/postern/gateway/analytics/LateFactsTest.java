package io.postern.gateway.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Tracked.Count;
import io.postern.analytics.attack.FiveAnalytics;
import io.postern.analytics.attack.Settings;
import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.flow.Protocol;
import io.postern.config.GatewaySettings.RecordFile;
import io.postern.config.ListenSettings.Ingress;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.privacy.Pseudonyms;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.records.DropReason;
import io.postern.gateway.records.Exchanges;
import io.postern.gateway.records.FlowRecord;
import io.postern.gateway.records.FlowRecords;
import io.postern.gateway.records.Origin;
import io.postern.gateway.records.Retention;
import io.postern.gateway.records.Transport;
import io.postern.gateway.state.EmbeddedStore;
import io.postern.gateway.state.Store;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LateFactsTest {

    private static final String APP = "com.acme.notes";
    private static final int FLOWS = 8;

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final Clock clock = Clock.fixed(now, ZoneOffset.UTC);

    @TempDir
    Path dir;

    @Test
    void aFactOfHalfADayAgoIsPutBesideTheFlowsOfThen() throws Exception {
        try (Meters meters = new Meters();
                Store store = EmbeddedStore.open(dir.resolve("store"));
                Homes homes = homes(store, meters)) {
            homes.start();
            try (FlowRecords records = records(4_096, meters)) {
                for (String device : List.of("LC01", "LC02")) {
                    for (int i = 0; i < FLOWS; i++) {
                        FlowRecord record = flow(device, i, Duration.ofMinutes(600 - 15L * i));
                        homes.flow(record, 0, List.of());
                        records.write(record);
                    }
                    homes.flow(flow(device, FLOWS, Duration.ofSeconds(10)), 0, List.of());
                }
            }
            LateFacts late = late(homes, meters);
            ContextEvent locked = locked(Duration.ofHours(11));
            late.told(locked);
            homes.told(locked);
            assertThat(quiet(homes, "LC01")).isZero();

            late.round();
            // The last one too, which is at hand and not in the log: the device has been locked since.
            assertThat(quiet(homes, "LC01")).isEqualTo(2 * (FLOWS + 1));
            assertThat(quiet(homes, "LC02")).isZero();
            late.told(locked(Duration.ofHours(11)));
            late.round();
            assertThat(quiet(homes, "LC01")).as("told twice").isEqualTo(2 * (FLOWS + 1));
        }
    }

    /** The log has devices' pseudonyms. */
    @Test
    void aLogThatCallsDevicesOtherwiseIsReadAllTheSame() throws Exception {
        Path key = Files.write(dir.resolve("p1"), new byte[32]);
        Pseudonyms names = Pseudonyms.by(List.of(key), (pseudonym, device) -> {}, device -> device);
        try (Store store = EmbeddedStore.open(dir.resolve("store"))) {
            try (Meters meters = new Meters();
                    Homes homes = homes(store, meters);
                    FlowRecords records = FlowRecords.start(
                            file(1 << 20),
                            "test",
                            meters.recordsDropped("flow", DropReason.class, DropReason::label),
                            Retention.NONE,
                            names::of)) {
                homes.start();
                flowsOfTwoHours(homes, records);
            }
            assertThat(Files.readString(dir.resolve("flows.ndjson"))).contains("\"uid\":\"pd-");
            try (Meters meters = new Meters();
                    Homes homes = homes(store, meters)) {
                homes.start();
                LateFacts late = new LateFacts(
                        dir.resolve("flows.ndjson"), 9, homes, name -> "acme.example", names::all, clock, meters);
                toldLocked(late, homes);

                late.round();
                assertThat(quiet(homes, "LC01")).isEqualTo(2 * FLOWS);
            }
        }
    }

    @Test
    void aFactOfTwoHoursAgoIsPutBesideTheFlowsOfBeforeARestart() throws Exception {
        try (Store store = EmbeddedStore.open(dir.resolve("store"))) {
            try (Meters meters = new Meters();
                    Homes homes = homes(store, meters);
                    FlowRecords records = records(1 << 20, meters)) {
                homes.start();
                flowsOfTwoHours(homes, records);
            }
            try (Meters meters = new Meters();
                    Homes homes = homes(store, meters)) {
                homes.start();
                LateFacts late = late(homes, meters);
                toldLocked(late, homes);

                late.round();
                assertThat(quiet(homes, "LC01")).isEqualTo(2 * FLOWS);
            }
        }
    }

    @Test
    void whatIsStillAtHandCountsOnce() throws Exception {
        try (Meters meters = new Meters();
                Store store = EmbeddedStore.open(dir.resolve("store"));
                Homes homes = homes(store, meters)) {
            homes.start();
            try (FlowRecords records = records(1 << 20, meters)) {
                flowsOfTwoHours(homes, records);
            }
            LateFacts late = late(homes, meters);
            toldLocked(late, homes);

            late.round();
            homes.flow(flow("LC01", FLOWS, Duration.ofSeconds(10)), 0, List.of());
            assertThat(quiet(homes, "LC01")).isBetween(2 * FLOWS, 2 * FLOWS + 2);
        }
    }

    /** Of more devices than a round takes, each tells late things all the time, as sources do that tell in batches. */
    @Test
    void everyDeviceHasItsTurn() throws Exception {
        int devices = 3 * Pace.FIRST_DEVICES;
        try (Meters meters = new Meters();
                Store store = EmbeddedStore.open(dir.resolve("store"));
                Homes homes = homes(store, meters)) {
            homes.start();
            try (FlowRecords records = records(1 << 20, meters)) {
                for (int i = 0; i < devices; i++) {
                    FlowRecord record = flow("LC" + i, 0, Duration.ofHours(10));
                    homes.flow(record, 0, List.of());
                    homes.flow(flow("LC" + i, 1, Duration.ofSeconds(10)), 0, List.of());
                    records.write(record);
                }
            }
            LateFacts late = late(homes, meters);
            // A round takes an eighth of the heap's room for devices, 16 at least.
            int rounds = devices
                            / Math.min(
                                    Pace.FIRST_DEVICES,
                                    Pace.mostDevices(Runtime.getRuntime().maxMemory()))
                    + 1;
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < devices; i++) {
                    ContextEvent locked =
                            locked("LC" + i, "e" + round, Duration.ofHours(11).minusMinutes(round));
                    late.told(locked);
                    homes.told(locked);
                }
                late.round();
            }
            for (int i = 0; i < devices; i++) {
                assertThat(quiet(homes, "LC" + i)).as("LC" + i).isEqualTo(4);
            }
        }
    }

    private RecordFile file(int maxBytes) {
        return new RecordFile(Optional.of(dir.resolve("flows.ndjson")), maxBytes, 9, 1_024);
    }

    private FlowRecords records(int maxBytes, Meters meters) throws Exception {
        return FlowRecords.start(
                file(maxBytes), "test", meters.recordsDropped("flow", DropReason.class, DropReason::label));
    }

    private void flowsOfTwoHours(Homes homes, FlowRecords records) throws Exception {
        for (int i = 0; i < FLOWS; i++) {
            FlowRecord record = flow("LC01", i, Duration.ofMinutes(110 - 5L * i));
            homes.flow(record, 0, List.of());
            records.write(record);
        }
    }

    private LateFacts late(Homes homes, Meters meters) {
        return new LateFacts(dir.resolve("flows.ndjson"), 9, homes, name -> "acme.example", clock, meters);
    }

    /** Before all of those. */
    private void toldLocked(LateFacts late, Homes homes) {
        ContextEvent locked = locked(Duration.ofHours(2));
        late.told(locked);
        homes.told(locked);
    }

    private Homes homes(Store store, Meters meters) throws Exception {
        return Homes.open(
                HomeSettings.DEFAULTS,
                seed -> new FiveAnalytics(Settings.DEFAULTS.seeded(seed)),
                name -> "acme.example",
                finding -> {},
                store,
                clock,
                meters);
    }

    /** A connect and an exchange count each. */
    private static int quiet(Homes homes, String device) throws Exception {
        return homes.ask(
                        device,
                        detection -> ((FiveAnalytics) detection)
                                .state(device)
                                .flatMap(state -> state.find("work", APP, "api.acme.example"))
                                .map(seen -> seen.count(Count.QUIET))
                                .orElse(-1))
                .get(10, TimeUnit.SECONDS);
    }

    private ContextEvent locked(Duration ago) {
        return locked("LC01", "e1", ago);
    }

    private ContextEvent locked(String device, String id, Duration ago) {
        return new ContextEvent(
                id,
                now.minus(ago).toEpochMilli(),
                device,
                "work",
                Optional.empty(),
                new ContextEvent.Locked(true),
                "agent",
                true);
    }

    private FlowRecord flow(String device, int number, Duration ago) throws Exception {
        Instant start = now.minus(ago);
        return FlowRecord.builder(
                        device + "-" + number,
                        Origin.listener(Ingress.HTTP_CONNECT, "apps"),
                        Transport.TCP,
                        new InetSocketAddress(InetAddress.getByAddress(new byte[] {10, 0, 0, 1}), 40_000),
                        start)
                .tag(new AppTag(device, "work", APP, DeviceAssurance.TAG_VERIFIED, AppAssurance.DEVICE_ASSERTED))
                .destination(Optional.of("api.acme.example"), 443)
                .setup(Duration.ofMillis(3))
                .recognised(Protocol.UNKNOWN, Basis.NO_MATCH)
                .traffic(10, 20, Exchanges.of(new long[] {5, 10, 20}, 1))
                .serviceClasses(List.of("generic-https"))
                .ended(CloseReason.CLIENT_CLOSED, start.plusMillis(100));
    }
}
