package io.postern.gateway.analytics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.flow.Protocol;
import io.postern.config.ListenSettings.Ingress;
import io.postern.gateway.analytics.TestingHunch.Heard;
import io.postern.gateway.detect.FlowLine.Question;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.meters.Scrape;
import io.postern.gateway.meters.ScrapeFormat;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.records.Exchanges;
import io.postern.gateway.records.FlowRecord;
import io.postern.gateway.records.FlowRecordBuilder;
import io.postern.gateway.records.Origin;
import io.postern.gateway.records.Transport;
import io.postern.gateway.state.EmbeddedStore;
import io.postern.gateway.state.Store;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomesTest {

    private static final Instant START = Instant.parse("2026-11-21T08:00:00Z");
    private static final String DROPPED = "postern_analytic_saturated_total{table=\"detection-queue\"}";

    @TempDir
    Path dir;

    private final Queue<Heard> heard = TestingHunch.hearing();
    private final Queue<Finding> findings = new ConcurrentLinkedQueue<>();
    private Meters meters = new Meters();
    private Store store;

    @BeforeEach
    void open() throws IOException {
        store = EmbeddedStore.open(dir.resolve("store"));
    }

    @AfterEach
    void close() {
        store.close();
        meters.close();
    }

    @Test
    void eachDeviceHasOneHomeAndItsFlowsAreToldInOrder() throws Exception {
        try (Homes homes = homes(HomeSettings.DEFAULTS.homes(4))) {
            homes.start();
            CompletableFuture<?>[] loops = new CompletableFuture<?>[8];
            for (int loop = 0; loop < loops.length; loop++) {
                String device = "LC" + loop;
                loops[loop] = CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 500; i++) {
                        homes.flow(ended(device, i), 0, List.of());
                    }
                });
            }
            CompletableFuture.allOf(loops).get(20, TimeUnit.SECONDS);
        }
        Map<String, List<Heard>> byDevice = heard.stream().collect(Collectors.groupingBy(Heard::device));
        assertThat(byDevice).hasSize(8);
        byDevice.forEach((device, all) -> {
            List<String> wanted = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                wanted.addAll(List.of("Opened f" + i, "Exchanged f" + i, "Closed f" + i));
            }
            assertThat(all).extracting(Heard::what).as(device).isEqualTo(wanted);
            assertThat(all.stream().map(Heard::thread).distinct()).hasSize(1);
        });
        assertThat(heard.stream().map(Heard::thread).distinct()).hasSizeGreaterThan(1);
    }

    @Test
    void aFlowThatIsNobodysIsKeptByItsAddressAndAtHomeThere() throws Exception {
        for (int round = 0; round < 2; round++) {
            try (Homes homes = homes(HomeSettings.DEFAULTS.homes(7))) {
                homes.start();
                homes.flow(
                        flow("f", AppTag.UNATTRIBUTED, 0).ended(CloseReason.CLIENT_CLOSED, START.plusMillis(9)),
                        0,
                        List.of());
                int before = 2 * round;
                await().until(
                                () -> homes.ask("10.0.0.1", detection -> ((TestingHunch) detection).count("10.0.0.1"))
                                        .get(),
                                count -> count == before + 2);
            }
        }
        assertThat(heard).extracting(Heard::device).containsOnly("10.0.0.1");
    }

    @Test
    void aLongFlowIsToldAsItGoesAndNothingTwice() throws Exception {
        try (Homes homes = homes(HomeSettings.DEFAULTS)) {
            homes.start();
            AppTag tag = tag("LC01");
            AppTag other = tag.of("com.acme.other", AppAssurance.OS_AUDITED);
            homes.flow(flow("a", tag, 0, 10).living(START.plusSeconds(3)), 0, List.of());
            homes.flow(flow("a", tag, 5_000).living(START.plusSeconds(6)), 0, List.of());
            homes.flow(flow("a", other, 8_000).living(START.plusSeconds(9)), 0, List.of());
            // As the log has it, with all exchanges since its last line.
            FlowRecord last = flow("a", other, 0, 10, 5_000, 8_000, 9_000)
                    .ended(CloseReason.CLIENT_CLOSED, START.plusSeconds(10));
            homes.flow(last, 4, List.of());
        }
        assertThat(heard)
                .extracting(each -> each.what() + " " + (each.atMillis() - START.toEpochMilli()))
                .containsExactly(
                        "Opened a 0",
                        "Exchanged a 0",
                        "Exchanged a 10",
                        "Exchanged a 5000",
                        "Learnt a 8000",
                        "Exchanged a 8000",
                        "Exchanged a 9000",
                        "Closed a 10000");
    }

    @Test
    void everyQuestionOfAFlowIsToldOnce() throws Exception {
        try (Homes homes = homes(HomeSettings.DEFAULTS)) {
            homes.start();
            AppTag tag = tag("LC01");
            homes.flow(flow("a", tag, 0).living(START.plusSeconds(3)), 0, asked(0, 100, 200));
            homes.flow(flow("a", tag, 4_000).living(START.plusSeconds(6)), 0, asked(4_000));
            FlowRecord last = flow("a", tag, 0, 4_000).ended(CloseReason.CLIENT_CLOSED, START.plusSeconds(9));
            homes.flow(last, 2, List.of());
        }
        assertThat(heard)
                .extracting(each -> each.what() + " " + (each.atMillis() - START.toEpochMilli()))
                .containsExactly(
                        "Opened a 0",
                        "Asked a 0",
                        "Exchanged a 0",
                        "Asked a 100",
                        "Asked a 200",
                        "Asked a 4000",
                        "Exchanged a 4000",
                        "Closed a 9000");
    }

    private static List<Question> asked(long... offsets) {
        return Arrays.stream(offsets)
                .mapToObj(offset -> new Question(START.toEpochMilli() + offset, "a.acme.example", 16, 0, 90))
                .toList();
    }

    @Test
    void whenTheQueueIsFullFlowsGoByAreCountedAndFactsAreStillTaken() throws Exception {
        HomeSettings small = new HomeSettings(1, 64, 100, 100, Duration.ofMinutes(5), Duration.ofDays(1));
        try (Homes homes = homes(small)) {
            homes.start();
            CountDownLatch busy = keepBusy(homes);
            int taken = 0;
            while (homes.flow(flow("f" + taken, tag("LC01")).living(START), 0, List.of())) {
                taken++;
            }
            assertThat(taken).isEqualTo(56);
            homes.flow(ended("LC01", 99), 0, List.of());
            assertThat(sample(DROPPED)).isEqualTo(2);

            homes.told(fact("e1"));
            busy.countDown();
            await().until(() -> heard.stream().anyMatch(each -> each.what().equals("told e1")));
            assertThat(heard.stream().filter(each -> each.what().startsWith("Opened")))
                    .hasSize(56);
            assertThat(sample(DROPPED)).isEqualTo(2);
        }
    }

    @Test
    void aDeviceWhoseDetectionThrowsBeginsAnewAndTheOthersGoOn() throws Exception {
        try (Homes homes = homes(HomeSettings.DEFAULTS)) {
            homes.start();
            homes.flow(ended("LC01", 0), 0, List.of());
            homes.flow(ended(TestingHunch.BROKEN, 1), 0, List.of());
            homes.flow(ended("LC01", 2), 0, List.of());

            assertThat(count(homes, "LC01")).isEqualTo(4);
            assertThat(homes.alive()).isTrue();
            assertThat(sample("postern_analytic_faults_total")).isEqualTo(1);
        }
    }

    @Test
    void whoCannotTakeAFindingOnBreaksNoDetection() throws Exception {
        FindingSink full = finding -> {
            throw new IllegalStateException("as it was asked to");
        };
        try (Homes homes = homes(HomeSettings.DEFAULTS, full)) {
            homes.start();
            for (int i = 0; i < 10; i++) {
                homes.flow(ended("LC01", i), 0, List.of());
            }
            assertThat(count(homes, "LC01")).isEqualTo(20);
            assertThat(sample("postern_analytic_faults_total")).isEqualTo(16);
        }
    }

    @Test
    void findingsComeOutAsTheyAreMade() throws Exception {
        try (Homes homes = homes(HomeSettings.DEFAULTS)) {
            homes.start();
            homes.flow(ended("LC01", 0), 0, List.of());
            homes.flow(ended("LC01", 1), 0, List.of());
            homes.flow(ended("LC01", 2), 0, List.of());
        }
        assertThat(findings)
                .extracting(Finding::activity)
                .containsExactly(Finding.Activity.CREATE, Finding.Activity.UPDATE);
    }

    @Test
    void stoppingTellsWhatWaitsAndTakesNothingMore() throws Exception {
        Homes homes = homes(HomeSettings.DEFAULTS);
        homes.start();
        CountDownLatch busy = keepBusy(homes);
        for (int i = 0; i < 1_000; i++) {
            homes.flow(ended("LC01", i), 0, List.of());
        }
        CompletableFuture<Void> closed = CompletableFuture.runAsync(homes::close);
        busy.countDown();
        closed.get(10, TimeUnit.SECONDS);

        assertThat(heard).hasSize(3_000);
        homes.flow(ended("LC01", 1), 0, List.of());
        assertThatThrownBy(() -> homes.ask("LC01", detection -> 1).get())
                .hasMessageContaining("too much to do, or has stopped");
        assertThat(heard).hasSize(3_000);
    }

    @Test
    void whatIsRememberedOutlivesARestart() throws Exception {
        try (Homes homes = homes(HomeSettings.DEFAULTS.homes(2))) {
            homes.start();
            for (int i = 0; i < 100; i++) {
                homes.flow(ended("LC" + i, i), 0, List.of());
            }
        }
        // Of another number of homes.
        try (Homes homes = homes(HomeSettings.DEFAULTS.homes(5))) {
            homes.start();
            for (int i = 0; i < 100; i++) {
                assertThat(count(homes, "LC" + i)).isEqualTo(2);
            }
        }
    }

    @Test
    void whatIsRememberedIsStoredWhileItRuns() throws Exception {
        HomeSettings often = new HomeSettings(1, 64, 100, 100, Duration.ofMillis(1), Duration.ofDays(1));
        try (Homes homes = homes(often)) {
            homes.start();
            homes.flow(ended("LC01", 1), 0, List.of());
            await().until(() -> store.table(DeviceStates.TABLE).size() == 1);
        }
    }

    @Test
    void aStateThatDoesNotReadBeginsAnewAndIsGone() throws Exception {
        try (Homes homes = homes(HomeSettings.DEFAULTS)) {
            homes.start();
            homes.flow(ended("LC01", 0), 0, List.of());
            homes.flow(ended("LC02", 0), 0, List.of());
        }
        Store.Table table = store.table(DeviceStates.TABLE);
        byte[] good = table.get("LC01".getBytes(UTF_8)).orElseThrow();
        byte[] cut = Arrays.copyOf(good, good.length - 1);
        table.put("LC01".getBytes(UTF_8), cut);
        table.put("LC03".getBytes(UTF_8), new byte[] {99});
        table.put("LC04".getBytes(UTF_8), new byte[] {1, 2, 3});
        try (Homes homes = homes(HomeSettings.DEFAULTS)) {
            homes.start();
            assertThat(sample("postern_analytic_states_unread_total")).isEqualTo(3);
            assertThat(table.size()).isEqualTo(1);
            assertThat(count(homes, "LC01")).isZero();
            assertThat(count(homes, "LC02")).isEqualTo(2);
        }
    }

    @Test
    void statesAreBoundedAndOldOnesGo() throws Exception {
        HomeSettings few = new HomeSettings(1, 1024, 100, 3, Duration.ofMinutes(5), Duration.ofDays(1));
        try (Homes homes = homes(few)) {
            homes.start();
            for (int i = 0; i < 10; i++) {
                homes.flow(ended("LC" + i, 0), 0, List.of());
            }
        }
        Store.Table table = store.table(DeviceStates.TABLE);
        assertThat(table.size()).isEqualTo(3);
        HomeSettings forgetful = new HomeSettings(1, 1024, 100, 3, Duration.ofMinutes(5), Duration.ofMillis(-1));
        homes(forgetful).close();
        assertThat(table.size()).isZero();
    }

    @Test
    void aStartByAClockThatIsMonthsAheadForgetsNoDevice() throws Exception {
        try (Homes homes = homes(HomeSettings.DEFAULTS)) {
            homes.start();
            homes.flow(ended("LC01", 0), 0, List.of());
        }
        Clock ahead = Clock.offset(Clock.systemUTC(), Duration.ofDays(200));
        for (Clock clock : List.of(ahead, ahead, Clock.systemUTC())) {
            try (Homes homes = homes(HomeSettings.DEFAULTS, findings::add, clock)) {
                homes.start();
                assertThat(count(homes, "LC01")).isEqualTo(2);
            }
        }
    }

    @Test
    void factsThatWereKeptAreToldBeforeAnyFlow() throws Exception {
        try (Homes homes = homes(HomeSettings.DEFAULTS)) {
            homes.told(fact("kept"));
            homes.start();
            homes.flow(ended("LC01", 0), 0, List.of());
        }
        assertThat(heard)
                .extracting(Heard::what)
                .containsExactly("told kept", "Opened f0", "Exchanged f0", "Closed f0");
    }

    private Homes homes(HomeSettings settings) throws IOException {
        return homes(settings, findings::add);
    }

    private Homes homes(HomeSettings settings, FindingSink sink) throws IOException {
        return homes(settings, sink, Clock.systemUTC());
    }

    private Homes homes(HomeSettings settings, FindingSink sink, Clock clock) throws IOException {
        meters.close();
        meters = new Meters();
        return Homes.open(settings, seed -> new TestingHunch(heard, 5), name -> "", sink, store, clock, meters);
    }

    private static int count(Homes homes, String device) throws Exception {
        return homes.ask(device, detection -> ((TestingHunch) detection).count(device))
                .get(10, TimeUnit.SECONDS);
    }

    /** Until the latch is counted down its homes do nothing else. */
    private static CountDownLatch keepBusy(Homes homes) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        CompletableFuture<List<Boolean>> busy = homes.askAll(detection -> {
            begun.countDown();
            try {
                return end.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(busy).isNotDone();
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        return end;
    }

    private static ContextEvent fact(String id) {
        return new ContextEvent(
                id,
                START.toEpochMilli(),
                "LC01",
                "work",
                Optional.empty(),
                new ContextEvent.Locked(true),
                "agent",
                false);
    }

    private static AppTag tag(String device) {
        return new AppTag(device, "work", "com.acme.mail", DeviceAssurance.TAG_VERIFIED, AppAssurance.DEVICE_ASSERTED);
    }

    private static FlowRecord ended(String device, int number) {
        return flow("f" + number, tag(device), 5).ended(CloseReason.CLIENT_CLOSED, START.plusMillis(100));
    }

    private static FlowRecordBuilder flow(String uid, AppTag tag, long... exchangesAt) {
        long[] tape = new long[3 * exchangesAt.length];
        for (int i = 0; i < exchangesAt.length; i++) {
            tape[3 * i] = exchangesAt[i];
            tape[3 * i + 1] = 10;
            tape[3 * i + 2] = 20;
        }
        return FlowRecord.builder(
                        uid,
                        Origin.listener(Ingress.HTTP_CONNECT, "apps"),
                        Transport.TCP,
                        new InetSocketAddress(address(), 40_000),
                        START)
                .tag(tag)
                .destination(Optional.of("api.acme.example"), 443)
                .setup(Duration.ofMillis(3))
                .recognised(Protocol.TLS, Basis.BYTES)
                .traffic(10L * exchangesAt.length, 20L * exchangesAt.length, Exchanges.of(tape, exchangesAt.length))
                .serviceClasses(List.of("generic-https"));
    }

    private static InetAddress address() {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, 0, 1});
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private double sample(String name) {
        return new Scrape(meters.scrape(ScrapeFormat.PROMETHEUS)).count(name);
    }
}
