package io.postern.gateway.records;

import static io.postern.gateway.records.TestingFlows.END;
import static io.postern.gateway.records.TestingFlows.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.config.GatewaySettings.RecordFile;
import io.postern.config.ListenSettings.Ingress;
import io.postern.gateway.meters.Counters;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.meters.Scrape;
import io.postern.gateway.meters.ScrapeFormat;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class FlowRecordsTest {
    @TempDir
    private Path folder;

    private final Meters meters = new Meters();
    private final Counters<DropReason> dropped = meters.recordsDropped("flow", DropReason.class, DropReason::label);

    @AfterEach
    void close() {
        meters.close();
    }

    @Test
    void aRecordIsInTheFileSoonAfterItsFlow() {
        try (FlowRecords records = start(1 << 20, 1, 64)) {
            records.write(flow("f-1"));

            await().ignoreExceptions().until(() -> uids(path()).equals(List.of("f-1")));
        }
    }

    @Test
    void closingWritesWhatIsQueued() throws IOException {
        List<String> uids = IntStream.range(0, 5_000).mapToObj(n -> "f-" + n).toList();
        try (FlowRecords records = start(1 << 26, 1, 8_192)) {
            uids.forEach(uid -> records.write(flow(uid)));
        }

        assertThat(uids(path())).isEqualTo(uids);
        assertThat(drops()).isZero();
    }

    @Test
    void manyLoopsLoseAndMixNothing() throws InterruptedException, IOException {
        List<Thread> loops = new ArrayList<>();
        try (FlowRecords records = start(1 << 26, 1, 8_192)) {
            for (int loop = 0; loop < 4; loop++) {
                String prefix = "f-" + loop + "-";
                loops.add(new Thread(() -> IntStream.range(0, 1_000).forEach(n -> records.write(flow(prefix + n)))));
            }
            loops.forEach(Thread::start);
            for (Thread loop : loops) {
                loop.join();
            }
        }

        assertThat(uids(path())).hasSize(4_000).doesNotHaveDuplicates();
    }

    @Test
    void rotationLosesNoRecord() throws IOException {
        try (FlowRecords records = start(16 * 1024, 100, 1_024)) {
            IntStream.range(0, 200).forEach(n -> records.write(flow("f-" + n)));
        }

        List<String> uids = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                assertThat(Files.size(file)).isLessThanOrEqualTo(16 * 1024 + 2_048);
                uids.addAll(uids(file));
            }
        }
        assertThat(uids).hasSize(200).doesNotHaveDuplicates();
        assertThat(path().resolveSibling("flows.ndjson.1")).exists();
    }

    @Test
    void anUnwritableFileCostsNothingUntilTheQueueIsFull() throws IOException {
        Files.createDirectory(path());
        try (FlowRecords records = start(1 << 20, 1, 64)) {
            records.write(flow("f-first"));
            await("the writer holds the first one").until(() -> {
                IntStream.range(0, 100).forEach(n -> records.write(flow("f-more")));
                return dropsFor("unwritable") > 0;
            });
            Files.delete(path());

            await().until(() -> Files.exists(path()) && uids(path()).contains("f-more"));
            assertThat(uids(path())).startsWith("f-first").hasSizeGreaterThan(64);
        }
        assertThat(dropsFor("queue-full") + dropsFor("fault")).isZero();
    }

    @Test
    void whatCannotBeWrittenAtTheEndIsCounted() throws IOException {
        Files.createDirectory(path());
        FlowRecords records = start(1 << 20, 1, 64);
        IntStream.range(0, 10).forEach(n -> records.write(flow("f-" + n)));

        records.close(Duration.ofMillis(100));

        assertThat(dropsFor("unwritable")).isEqualTo(10);
        records.write(flow("f-late"));
        assertThat(dropsFor("stopped")).isEqualTo(1);
    }

    @Test
    void aRecordThatCannotBeRenderedTakesNoOtherAlong() throws IOException {
        FlowRecord broken = FlowRecord.builder(
                        "f-broken",
                        Origin.listener(Ingress.HTTP_CONNECT, "apps"),
                        Transport.TCP,
                        InetSocketAddress.createUnresolved("client.example", 1),
                        START)
                .ended(CloseReason.CLIENT_CLOSED, END);
        try (FlowRecords records = start(1 << 20, 1, 64)) {
            records.write(flow("f-before"));
            records.write(broken);
            records.write(flow("f-after"));
        }

        assertThat(uids(path())).containsExactly("f-before", "f-after");
        assertThat(dropsFor("fault")).isEqualTo(1);
    }

    @Test
    void withoutAFileNothingIsWrittenAndNothingDropped() {
        RecordFile none = new RecordFile(Optional.empty(), 1 << 20, 1, 64);
        try (FlowRecords records = FlowRecords.start(none, "0.1.0", dropped)) {
            IntStream.range(0, 10).forEach(n -> records.write(flow("f-" + n)));
        }

        assertThat(folder).isEmptyDirectory();
        assertThat(drops()).isZero();
    }

    private FlowRecords start(long maxSize, int keep, int queue) {
        return FlowRecords.start(new RecordFile(Optional.of(path()), maxSize, keep, queue), "0.1.0", dropped);
    }

    private Path path() {
        return folder.resolve("flows.ndjson");
    }

    private static FlowRecord flow(String uid) {
        return FlowRecord.builder(
                        uid,
                        Origin.listener(Ingress.HTTP_CONNECT, "apps"),
                        Transport.TCP,
                        new InetSocketAddress(TestingFlows.ip("10.0.0.1"), 40_000),
                        START)
                .destination(Optional.of("api.acme.example"), 443)
                .ended(CloseReason.CLIENT_CLOSED, END);
    }

    private static List<String> uids(Path file) throws IOException {
        JsonMapper json = JsonMapper.shared();
        return Files.readAllLines(file).stream()
                .map(line -> json.readTree(line).at("/connection_info/uid").asString())
                .toList();
    }

    private double drops() {
        return Stream.of(DropReason.values())
                .mapToDouble(reason -> dropsFor(reason.label()))
                .sum();
    }

    private double dropsFor(String reason) {
        return new Scrape(meters.scrape(ScrapeFormat.PROMETHEUS))
                .value("postern_records_dropped_total{reason=\"" + reason + "\",record=\"flow\"}");
    }
}
