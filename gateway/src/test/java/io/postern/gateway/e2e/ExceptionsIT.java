package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingAdmin.json;
import static io.postern.gateway.e2e.TestingClient.tunnel;
import static io.postern.gateway.e2e.TestingSource.lock;
import static io.postern.gateway.e2e.TestingSource.taken;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.gateway.analytics.Detecting;
import io.postern.gateway.analytics.HomeSettings;
import io.postern.gateway.detect.FlowListener;
import io.postern.gateway.quarantine.FullDisk;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Each row of the exceptions, forced; what a client meets, and that records, metrics and explain say which row it was. */
class ExceptionsIT {

    private static final String APP = TestingClient.APP;
    private static final String PATIENT = "sniff: {server-first: 10s, timeout: 1m}\n";

    @TempDir
    Path dir;

    private static String table(String condition, String outcome) {
        return "exceptions: {" + condition + ": " + outcome + "}\n";
    }

    private static String rule(String condition, String outcome) {
        return "exception:" + condition + ":" + outcome;
    }

    private static String counter(String condition, String outcome) {
        return "postern_exceptions_total{condition=\"" + condition + "\",outcome=\"" + outcome + "\"}";
    }

    private static JsonNode expectRecord(TestingGateway gateway, String condition, String outcome) {
        JsonNode line = gateway.record(one -> names(one).contains(rule(condition, outcome)));
        gateway.awaitMetricAtLeast(counter(condition, outcome), 1);
        return line;
    }

    private static List<String> names(JsonNode line) {
        List<String> names = new ArrayList<>();
        line.at("/unmapped/postern/rules")
                .forEach(one -> names.add(one.get("name").asString()));
        return names;
    }

    /** What a flow shows by its first bytes. */
    private static byte[] first(String condition) throws Exception {
        return switch (condition) {
            case "parse-error" -> {
                byte[] hello = TestingHello.bytes("intranet.acme.example");
                // The length of the legacy session id, beyond the 32 of RFC 8446 section 4.1.2.
                hello[5 + 4 + 2 + 32] = (byte) 0xFF;
                yield hello;
            }
            case "sniff-cap" -> Arrays.copyOf(TestingHello.large(10_000), 5_000);
            case "unknown-protocol" -> new byte[] {0, 1, 2, 3};
            // A hello of padding and no server name, to an address.
            case "hidden-name" -> TestingHello.large(300);
            default -> throw new IllegalArgumentException(condition);
        };
    }

    private static String settings(String condition) {
        return condition.equals("sniff-cap")
                ? "sniff: {max-bytes: 1KiB, max-hello-bytes: 2KiB, timeout: 1m, server-first: 10s}\n"
                : PATIENT;
    }

    @ParameterizedTest
    @ValueSource(strings = {"parse-error", "sniff-cap", "unknown-protocol", "hidden-name"})
    void whatIsAllowedGoesOnAndIsNoted(String condition) throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, settings(condition), "");
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = tunnel(gateway, origin.authority());
                TestingConnection server = origin.accept()) {
            byte[] first = first(condition);
            client.send(first);
            assertThat(server.socket().getInputStream().readNBytes(first.length))
                    .isEqualTo(first);
            client.close();
            server.close();
            JsonNode line = expectRecord(gateway, condition, "allow-uninspected");
            assertThat(line.at("/unmapped/postern/verdict").asString()).isEqualTo("allow");
            assertThat(gateway.metric(counter(condition, "allow-uninspected"))).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "parse-error, reject, 21",
        "parse-error, drop, 6",
        "sniff-cap, reject, 21",
        "unknown-protocol, reject, 21",
        "unknown-protocol, drop, 6",
        "hidden-name, reject, 21",
        "hidden-name, drop, 6"
    })
    void whatIsNotAllowedEndsBeforeItsServerHearsOfIt(String condition, String outcome, int disposition)
            throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, settings(condition) + table(condition, outcome), "");
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = tunnel(gateway, origin.authority());
                TestingConnection server = origin.accept()) {
            client.send(first(condition));
            String told = client.untilGone();
            assertThat(server.untilGone()).isEmpty();
            if (condition.equals("hidden-name") && outcome.equals("reject")) {
                // RFC 8446 section 6: fatal, access_denied.
                assertThat(told).isEqualTo("\u0015\u0003\u0001\0\u0002\u00021");
            } else if (outcome.equals("drop")) {
                assertThat(told).isEmpty();
            }
            JsonNode line = expectRecord(gateway, condition, outcome);
            assertThat(line.at("/firewall_rule/name").asString()).isEqualTo(rule(condition, outcome));
            assertThat(line.at("/disposition_id").asInt()).isEqualTo(disposition);
            var explained = TestingAdmin.of(gateway)
                    .send(
                            "GET",
                            "/v1/explain/" + line.at("/connection_info/uid").asString(),
                            "");
            assertThat(json(explained).get("rule").asString()).isEqualTo(rule(condition, outcome));
            gateway.awaitNothingLeft();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"parse-error", "sniff-cap", "unknown-protocol", "hidden-name"})
    void whatIsQuarantinedContainsItsApp(String condition) throws Exception {
        try (TestingGateway gateway =
                        TestingGateway.start(dir, settings(condition) + table(condition, "quarantine"), "");
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = tunnel(gateway, origin.authority());
                TestingConnection server = origin.accept()) {
            client.send(first(condition));
            client.untilGone();
            assertThat(server.untilGone()).isEmpty();
            gateway.awaitMetric("postern_quarantine_active{scope=\"app\"}", 1);
            assertThat(expectRecord(gateway, condition, "quarantine")
                            .at("/disposition_id")
                            .asInt())
                    .isEqualTo(3);
            assertThat(answer(gateway, origin.authority(), APP)).startsWith("HTTP/1.1 403 ");
            JsonNode one = json(TestingAdmin.of(gateway).send("GET", "/v1/quarantine", ""))
                    .at("/quarantines/0");
            assertThat(one.get("actor").asString()).isEqualTo("rule:" + rule(condition, "quarantine"));
        }
    }

    @Test
    void thatMemoryForFirstBytesIsFull() throws Exception {
        String little = "sniff: {memory: 1MiB, server-first: 10s, timeout: 1m}\n" + table("memory-budget", "reject");
        List<TestingConnection> clients = new ArrayList<>();
        try (TestingGateway gateway = TestingGateway.start(dir, little, "");
                TestingOrigin origin = new TestingOrigin()) {
            byte[] part = Arrays.copyOf(TestingHello.large(64_000), 60_000);
            for (int i = 0; i < 20; i++) {
                clients.add(tunnel(gateway, origin.authority()).send(part));
            }
            JsonNode line = expectRecord(gateway, "memory-budget", "reject");
            assertThat(line.at("/unmapped/postern/basis").asString()).isEqualTo("limit");
            assertThat(line.at("/firewall_rule/name").asString()).isEqualTo(rule("memory-budget", "reject"));
        } finally {
            for (TestingConnection client : clients) {
                client.close();
            }
        }
    }

    private static String answer(TestingGateway gateway, String target, String app) throws IOException {
        try (TestingConnection client = TestingClient.to(gateway)) {
            String head = client.send(TestingClient.connect(target, app)).head();
            return head.startsWith("HTTP/1.1 403 ") ? head + client.rest() : head;
        }
    }

    /** One that takes whoever comes: of those that nobody takes the kernel queues only so many. */
    private static TestingOrigin welcoming() throws IOException {
        TestingOrigin origin = new TestingOrigin();
        TestingOrigin.behind(() -> {
            while (true) {
                origin.accept().close();
            }
        });
        return origin;
    }

    private void expectAtOpen(TestingGateway gateway, TestingOrigin origin, String condition, String outcome) {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            String told = answer(gateway, origin.authority(), APP);
            return switch (outcome) {
                case "reject" ->
                    told.startsWith("HTTP/1.1 403 ") && told.contains("\nReason: " + rule(condition, outcome) + "\n");
                case "drop" -> told.equals("<end>");
                default -> gateway.metric(counter(condition, outcome)) > 0 && told.startsWith("HTTP/1.1 200 ");
            };
        });
        // What goes on may live for a while yet, and has no record until it ends.
        if (!outcome.equals("allow-uninspected")) {
            assertThat(expectRecord(gateway, condition, outcome)
                            .at("/disposition_id")
                            .asInt())
                    .isEqualTo(outcome.equals("drop") ? 6 : 2);
        }
    }

    private TestingGateway detecting(String settings, Runnable what) throws IOException {
        HomeSettings small = new HomeSettings(1, 16, 1_000, 1_000, Duration.ofMinutes(5), Duration.ofDays(1));
        return TestingGateway.start(
                dir,
                settings,
                Clock.systemUTC(),
                new Detecting(small, seed -> new FlowListener(event -> what.run()), finding -> {}));
    }

    @ParameterizedTest
    @ValueSource(strings = {"allow-uninspected", "reject", "drop"})
    void thatDetectionHasNoRoomToHearOfMore(String outcome) throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        try (TestingGateway gateway = detecting(table("analytics-queue", outcome), () -> {
                    try {
                        stuck.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
                TestingOrigin origin = welcoming()) {
            try {
                expectAtOpen(gateway, origin, "analytics-queue", outcome);
                await().atMost(Duration.ofSeconds(30)).until(() -> {
                    // One that was let through counts when it ends.
                    answer(gateway, origin.authority(), APP);
                    return TestingAdmin.of(gateway).get("/v1/coverage").body().contains("\"detection-full\"");
                });
            } finally {
                stuck.countDown();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"allow-uninspected", "reject", "drop"})
    void thatDetectionThrows(String outcome) throws Exception {
        try (TestingGateway gateway = detecting(table("analytics-crash", outcome), () -> {
                    throw new IllegalStateException("as the test asks");
                });
                TestingOrigin origin = welcoming()) {
            expectAtOpen(gateway, origin, "analytics-crash", outcome);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"allow-uninspected", "reject", "drop"})
    void thatNothingCanBeStored(String outcome) throws Exception {
        AtomicReference<FullDisk> made = new AtomicReference<>();
        try (TestingGateway gateway = TestingGateway.onDisk(dir, table("store-down", outcome), store -> {
                    FullDisk fresh = new FullDisk(store);
                    made.set(fresh);
                    return fresh;
                });
                TestingOrigin origin = welcoming()) {
            assertThat(answer(gateway, origin.authority(), APP)).startsWith("HTTP/1.1 200 ");
            FullDisk disk = Objects.requireNonNull(made.get());
            disk.fill(true);
            assertThat(contain(gateway)).isEqualTo(500);
            expectAtOpen(gateway, origin, "store-down", outcome);
            disk.fill(false);
            // Nobody writes anything, and it is noticed all the same.
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> answer(gateway, origin.authority(), APP).startsWith("HTTP/1.1 200 "));
            assertThat(contain(gateway)).isEqualTo(201);
        }
    }

    /** Another device, so that it matters to nobody. */
    private static int contain(TestingGateway gateway) throws Exception {
        return TestingAdmin.of(gateway)
                .send(
                        "POST",
                        "/v1/quarantine",
                        "{\"device\": \"LC99\", \"reason\": \"r\"}",
                        "content-type",
                        "application/json")
                .statusCode();
    }

    @ParameterizedTest
    @CsvSource({"reject, HTTP/1.1 504 ", "drop, <end>"})
    void thatNoResolverAnswers(String outcome, String told) throws Exception {
        try (DatagramSocket silent = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                TestingGateway gateway = TestingGateway.start(
                        dir, """
                        dns: {upstreams: ['127.0.0.1:%d'], timeout: 200ms}
                        """.formatted(silent.getLocalPort()) + table("dns-down", outcome), "")) {
            assertThat(answer(gateway, "a.example:443", APP)).startsWith(told);
            JsonNode line = expectRecord(gateway, "dns-down", outcome);
            assertThat(line.at("/disposition_id").asInt()).isEqualTo(outcome.equals("drop") ? 6 : 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"allow-uninspected", "reject", "drop", "quarantine"})
    void thatNobodyKnowsAnythingOfTheDevice(String outcome) throws Exception {
        try (TestingGateway gateway = TestingGateway.start(
                        dir,
                        table("context-missing", outcome)
                                + """
                context:
                  bind: "127.0.0.1:0"
                  sources: [{name: agent, token-file: %s, devices: ["*"], reports: %s}]
                """.formatted(TestingSource.tokenFile(dir, "agent"), TestingSource.ALL),
                        "");
                TestingOrigin origin = welcoming()) {
            if (outcome.equals("quarantine")) {
                assertThat(answer(gateway, origin.authority(), APP)).startsWith("HTTP/1.1 403 ");
                gateway.awaitMetric("postern_quarantine_active{scope=\"app\"}", 1);
                return;
            }
            expectAtOpen(gateway, origin, "context-missing", outcome);
            taken(TestingSource.of(gateway, "agent").events(lock("e1", Instant.now(), "LC01", false)), 1, 0, 0);
            await().until(() -> answer(gateway, origin.authority(), APP).startsWith("HTTP/1.1 200 "));
        }
    }

    @Test
    void aRowWeighsAsAWrittenRuleAndTheKillSwitchStandsAboveIt() throws Exception {
        String policy = "rules: [{name: fine, when: {app: " + APP + "}, action: allow, mode: enforce}]\n";
        try (TestingGateway gateway = TestingGateway.start(
                        dir,
                        PATIENT + table("unknown-protocol", "reject") + "response: {kill-switch: true}\n",
                        policy);
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = tunnel(gateway, origin.authority());
                TestingConnection server = origin.accept()) {
            client.send(first("unknown-protocol"));
            assertThat(server.read(4)).hasSize(4);
            client.close();
            server.close();
            JsonNode line = expectRecord(gateway, "unknown-protocol", "reject");
            assertThat(line.at("/unmapped/postern/verdict").asString()).isEqualTo("alert");
            assertThat(line.at("/firewall_rule/name").asString()).isEqualTo("kill-switch");
        }
        try (TestingGateway gateway = TestingGateway.start(dir, PATIENT + "exceptions: {all: reject}\n", policy);
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = tunnel(gateway, origin.authority());
                TestingConnection server = origin.accept()) {
            client.send(first("unknown-protocol"));
            assertThat(client.untilGone()).isEmpty();
            assertThat(server.untilGone()).isEmpty();
        }
    }

    @Test
    void whatIsNeverBrokenIsNotBrokenByARow() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingGateway gateway = TestingGateway.start(
                        dir,
                        PATIENT + table("unknown-protocol", "quarantine")
                                + "response: {never-break: [{hosts: ['127.0.0.0/8'], ports: [" + origin.port()
                                + "]}]}\n",
                        "");
                TestingConnection client = tunnel(gateway, origin.authority());
                TestingConnection server = origin.accept()) {
            client.send(first("unknown-protocol"));
            assertThat(server.read(4)).hasSize(4);
            client.close();
            server.close();
            assertThat(expectRecord(gateway, "unknown-protocol", "quarantine")
                            .at("/unmapped/postern/verdict")
                            .asString())
                    .isEqualTo("allow");
            assertThat(gateway.metric("postern_quarantine_active{scope=\"app\"}"))
                    .isZero();
        }
    }
}
