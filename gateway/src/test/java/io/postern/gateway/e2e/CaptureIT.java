package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingAdmin.json;
import static io.postern.gateway.e2e.TestingAdmin.problem;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.analytics.Verdict;
import io.postern.gateway.cli.TestingTerminal;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the app of a finding sends next, and nobody else's. */
class CaptureIT {

    private static final String APP = "com.acme.app";
    private static final TestingFinding FINDING = TestingFinding.of("LC01");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String HOSTS =
            "upstream: {allow-networks: ['127.0.0.0/8'], hosts: {c2.evil.example: 127.0.0.1}}\n";
    private static final String ON =
            HOSTS + "evidence: {capture: {purpose: case 17, approver: dpo, until: 2099-12-31%s}}\n";

    @TempDir
    Path dir;

    @Test
    void theNextFlowsOfItsAppAreInTheFileThatReplayReads() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, ON.formatted(""), "");
                TestingOrigin origin = new TestingOrigin()) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            talk(gateway, origin, APP, "before it\n", "early");
            found(gateway, admin);
            talk(
                    gateway,
                    origin,
                    APP,
                    "GET /one HTTP/1.1\r\nHost: c2.evil.example\r\n\r\n",
                    "HTTP/1.1 204 No Content\r\n\r\n");
            talk(gateway, origin, "com.acme.other", "another's\n", "none");
            gateway.awaitMetricAtLeast("postern_capture_bytes_total", 5 * 40 + 66);

            Path file = dir.resolve("capture.pcapng");
            Files.write(file, capture(admin).body());
            String text = Files.readString(file, ISO_8859_1);
            assertThat(text)
                    .contains("Synthesised by a gateway", "purpose=case 17", "approver=dpo", "finding=" + FINDING.uid())
                    .contains("device=LC01 profile=work app=" + APP, "GET /one", "204 No Content")
                    .doesNotContain("another's", "before it", "com.acme.other");

            TestingTerminal replay = new TestingTerminal();
            assertThat(replay.run("replay", "--out", dir.resolve("out").toString(), file.toString()))
                    .as(replay::err)
                    .isZero();
            List<JsonNode> flows = Files.readAllLines(dir.resolve("out/flows.ndjson")).stream()
                    .map(line -> JsonMapper.shared().readTree(line))
                    .toList();
            assertThat(flows).hasSize(1);
            assertThat(flows.get(0).at("/app_name").asString()).isEqualTo("http");
            assertThat(flows.get(0).at("/traffic/bytes_out").asInt()).isEqualTo(44);
            assertThat(flows.get(0).at("/traffic/bytes_in").asInt()).isEqualTo(27);
            assertThat(flows.get(0).at("/dst_endpoint/port").asInt()).isEqualTo(origin.port());

            JsonNode listed = json(admin.get("/v1/captures")).at("/captures/0");
            assertThat(listed.get("finding").asString()).isEqualTo(FINDING.uid());
            assertThat(listed.get("bytes").asLong()).isEqualTo(Files.size(file));
            assertThat(Files.readString(dir.resolve("var/audit.ndjson")))
                    .contains(
                            "\"evidence.capture\"",
                            "until 2099-12-31; case 17",
                            "/v1/findings/" + FINDING.uid() + "/capture");
            Path kept;
            try (Stream<Path> all = Files.list(dir.resolve("var/captures"))) {
                kept = all.findFirst().orElseThrow();
            }
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void isBoundedInBytesAndInFlows() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, ON.formatted(", bytes: 64KiB, flows: 2"), "");
                TestingOrigin origin = new TestingOrigin()) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            found(gateway, admin);
            talk(gateway, origin, APP, "first\n", "x");
            talk(gateway, origin, APP, "s".repeat(70_000), "x");
            talk(gateway, origin, APP, "third\n", "x");
            gateway.awaitMetricAtLeast("postern_capture_bytes_total", 40_000);

            assertThat(capture(admin).body()).hasSizeLessThanOrEqualTo(64 << 10).hasSizeGreaterThan(40_000);
            assertThat(new String(capture(admin).body(), ISO_8859_1))
                    .contains("first")
                    .doesNotContain("third");
        }
    }

    @Test
    void isDeletedWhenItsTimeIsOver() throws Exception {
        TestingClock clock = new TestingClock(Instant.now());
        try (TestingGateway gateway = TestingGateway.start(dir, ON.formatted(", within: 1m, kept: 2d"), "", clock);
                TestingOrigin origin = new TestingOrigin()) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            found(gateway, admin);
            talk(gateway, origin, APP, "first\n", "x");
            gateway.awaitMetricAtLeast("postern_captures", 1);
        }
        clock.pass(Duration.ofDays(2));
        try (TestingGateway gateway = TestingGateway.start(dir, ON.formatted(", within: 1m, kept: 2d"), "", clock)) {
            assertThat(json(TestingAdmin.of(gateway).get("/v1/captures")).toString())
                    .isEqualTo("{\"captures\":[]}");
        }
    }

    @Test
    void nothingIsCapturedUnlessItIsSwitchedOn() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, HOSTS, "");
                TestingOrigin origin = new TestingOrigin()) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            known(gateway, admin);
            talk(gateway, origin, APP, "first\n", "x");
            problem(admin.get("/v1/findings/" + FINDING.uid() + "/capture"), 404);
            assertThat(dir.resolve("var/captures")).doesNotExist();
        }
    }

    private static void talk(TestingGateway gateway, TestingOrigin origin, String app, String out, String in)
            throws Exception {
        try (TestingConnection client = TestingClient.tunnel(gateway, "c2.evil.example:" + origin.port(), app);
                TestingConnection server = origin.accept()) {
            client.send(out);
            assertThat(server.read(out.length())).isEqualTo(out);
            server.send(in);
            assertThat(client.read(in.length())).isEqualTo(in);
        }
    }

    private static void found(TestingGateway gateway, TestingAdmin admin) {
        known(gateway, admin);
        gateway.awaitMetric("postern_capture_armed", 1);
    }

    private static void known(TestingGateway gateway, TestingAdmin admin) {
        gateway.gateway().findings().found(FINDING.at(System.currentTimeMillis()), Verdict.Action.ALERT, "");
        await().atMost(PATIENCE)
                .until(() -> admin.get("/v1/findings/" + FINDING.uid()).statusCode() == 200);
    }

    private static HttpResponse<byte[]> capture(TestingAdmin admin) throws Exception {
        return TestingAdmin.HTTP.send(
                admin.request("/v1/findings/" + FINDING.uid() + "/capture").build(), BodyHandlers.ofByteArray());
    }
}
