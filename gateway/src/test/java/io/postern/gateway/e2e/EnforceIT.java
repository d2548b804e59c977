package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingAdmin.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.postern.analytics.Verdict;
import io.postern.gateway.state.BusyDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a finding of an analytic in {@code enforce} does to the flows it is about, at each point of their lives. */
class EnforceIT {

    private static final String APP = "com.acme.app";
    private static final String C2 = "c2.evil.example";
    private static final TestingFinding FINDING = TestingFinding.of("LC01");
    private static final String HOSTS =
            "upstream: {allow-networks: ['127.0.0.0/8'], hosts: {c2.evil.example: 127.0.0.1, other.example: 127.0.0.1}}\n";
    private static final String WAIVED = "analytics: {AN1793: {mode: enforce,"
            + " enforce-without: {reason: trial, approver: ciso, until: 2099-12-31}}}\n";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path dir;

    private TestingGateway start(String more) throws IOException {
        return TestingGateway.start(dir, HOSTS + more, "");
    }

    @Test
    void aTunnelIsCutAndTheNextRefused() throws Exception {
        try (TestingGateway gateway = start(WAIVED);
                TestingOrigin origin = new TestingOrigin()) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            String target = C2 + ":" + origin.port();
            try (TestingConnection client = TestingClient.tunnel(gateway, target, APP);
                    TestingConnection server = origin.accept()) {
                talk(client, server);
                found(gateway, FINDING);
                client.untilGone();
                server.untilGone();
            }
            JsonNode cut = gateway.record(verdict("block"));
            assertThat(cut.at("/firewall_rule/name").asString()).isEqualTo("AN1793");
            assertThat(cut.at("/disposition_id").asInt()).isEqualTo(21);
            assertThat(cut.at("/unmapped/postern/rules/0").toString())
                    .isEqualTo("{\"name\":\"AN1793\",\"action\":\"block\",\"mode\":\"enforce\",\"effect\":\"block\"}");
            assertThat(cut.at("/unmapped/postern/findings/0").asString()).isEqualTo(FINDING.uid());

            try (TestingConnection again = TestingClient.to(gateway).send(TestingClient.connect(target, APP))) {
                assertThat(again.rest()).startsWith("HTTP/1.1 403 ").contains("AN1793");
            }
            assertThat(origin.untouched()).isTrue();
            String refused = gateway.record(line -> line.at("/activity_id").asInt() == 5)
                    .at("/connection_info/uid")
                    .asString();
            assertThat(admin.get("/v1/explain/" + refused, "accept", "text/plain")
                            .body())
                    .startsWith("flow " + refused + ": block, by AN1793\n")
                    .contains("AN1793: asks for block, mode enforce, so block");

            await().atMost(PATIENCE)
                    .until(() -> json(admin.get("/v1/findings/" + FINDING.uid()))
                            .at("/unmapped/postern/verdict")
                            .asString()
                            .equals("block"));
            JsonNode finding = json(admin.get("/v1/findings/" + FINDING.uid()));
            assertThat(finding.at("/disposition_id").asInt()).isEqualTo(2);
            assertThat(finding.at("/unmapped/postern/bytes_out_before_verdict").asLong())
                    .isEqualTo(10_000);
            assertThat(admin.get("/v1/explain/" + FINDING.uid(), "accept", "text/plain")
                            .body())
                    .contains("it ends its flows");
            passes(gateway, origin, "other.example", APP);
            passes(gateway, origin, C2, "com.acme.other");
        }
    }

    @Test
    void aDiskThatIsBusyHoldsUpNoCut() throws Exception {
        AtomicReference<BusyDisk> made = new AtomicReference<>();
        try (TestingGateway gateway = TestingGateway.onDisk(dir, HOSTS + WAIVED, store -> {
                    BusyDisk fresh = new BusyDisk(store);
                    made.set(fresh);
                    return fresh;
                });
                TestingOrigin origin = new TestingOrigin()) {
            BusyDisk disk = Objects.requireNonNull(made.get());
            try (TestingConnection client = TestingClient.tunnel(gateway, C2 + ":" + origin.port(), APP);
                    TestingConnection server = origin.accept()) {
                talk(client, server);
                disk.keepBusy();
                found(gateway, FINDING);
                client.untilGone();
                server.untilGone();
                assertThat(gateway.record(verdict("block"))
                                .at("/unmapped/postern/findings/0")
                                .asString())
                        .isEqualTo(FINDING.uid());
            } finally {
                disk.free();
            }
        }
    }

    @Test
    void blocksOutliveARestartFromTheFirstFlowOn() throws Exception {
        try (TestingGateway gateway = start(WAIVED)) {
            found(gateway, FINDING);
            await().atMost(PATIENCE)
                    .until(() -> lines().stream().anyMatch(line -> line.contains("\"verdict\":\"block\"")));
        }
        try (TestingGateway gateway = start(WAIVED);
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client =
                        TestingClient.to(gateway).send(TestingClient.connect(C2 + ":" + origin.port(), APP))) {
            assertThat(client.rest()).startsWith("HTTP/1.1 403 ");
            assertThat(origin.untouched()).isTrue();
        }
    }

    @Test
    void socksIsCutAndTheNextRefused() throws Exception {
        try (TestingGateway gateway = start(TestingSocks.LISTENER + WAIVED);
                TestingOrigin origin = new TestingOrigin()) {
            String target = C2 + ":" + origin.port();
            try (TestingConnection client = TestingSocks.tunnel(TestingClient.to(gateway), APP, target);
                    TestingConnection server = origin.accept()) {
                talk(client, server);
                found(gateway, FINDING);
                client.untilGone();
                server.untilGone();
            }
            try (TestingConnection again = TestingClient.to(gateway).send(TestingSocks.all(APP, target))) {
                assertThat(again.rest()).isEqualTo(TestingSocks.heard(TestingSocks.reply(2)));
            }
            assertThat(origin.untouched()).isTrue();
        }
    }

    @Test
    void plainHttpAndWhatItWasUpgradedToEnd() throws Exception {
        try (TestingGateway gateway = start(WAIVED);
                TestingOrigin origin = new TestingOrigin()) {
            String request = TestingClient.get(origin, "/", APP).replace(origin.authority(), C2 + ":" + origin.port());
            try (TestingConnection idle = TestingClient.to(gateway).send(request);
                    TestingConnection one = origin.accept();
                    TestingConnection chat = TestingClient.to(gateway).send(upgrade(request));
                    TestingConnection other = origin.accept()) {
                one.head();
                one.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                assertThat(idle.message()).endsWith("ok");
                other.head();
                other.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
                assertThat(chat.head()).startsWith("HTTP/1.1 101 ");
                found(gateway, FINDING);
                idle.untilGone();
                chat.untilGone();
                other.untilGone();
            }
            try (TestingConnection again = TestingClient.to(gateway).send(request)) {
                assertThat(again.rest()).startsWith("HTTP/1.1 403 ").contains("AN1793");
            }
            assertThat(origin.untouched()).isTrue();
        }
    }

    @Test
    void aNameThatIsClaimedLaterEndsTheFlowBeforeItSpeaks() throws Exception {
        try (TestingGateway gateway = start(WAIVED);
                TestingOrigin origin = new TestingOrigin()) {
            found(gateway, FINDING);
            await().atMost(PATIENCE)
                    .until(() -> lines().stream().anyMatch(line -> line.contains("\"verdict\":\"block\"")));
            try (TestingConnection client = TestingClient.tunnel(gateway, origin.authority(), APP);
                    TestingConnection server = origin.accept();
                    SSLSocket tls = TestingClient.tls(client, C2, List.of("h2"))) {
                assertThatThrownBy(tls::startHandshake)
                        .isInstanceOf(SSLException.class)
                        .hasMessageContaining("access_denied");
                assertThat(server.untilGone()).isEmpty();
            }
            assertThat(gateway.record(origin).at("/firewall_rule/name").asString())
                    .isEqualTo("AN1793");
        }
    }

    @Test
    void datagramsGoNoFurther() throws Exception {
        try (TestingGateway gateway = TestingAssociation.gateway(dir, HOSTS + WAIVED, "");
                TestingDatagrams server = new TestingDatagrams();
                TestingAssociation client = TestingAssociation.open(gateway, APP)) {
            client.send(C2, server.port(), "before");
            assertThat(server.receive().text()).isEqualTo("before");
            found(gateway, FINDING);
            assertThat(gateway.record(verdict("block")).at("/disposition_id").asInt())
                    .isEqualTo(6);
            client.send(C2, server.port(), "after");
            gateway.awaitMetric(TestingAssociation.dropped("forbidden"), 1);
            client.send("other.example", server.port(), "elsewhere");
            assertThat(server.receive().text()).isEqualTo("elsewhere");
        }
    }

    @Test
    void withoutWhatEnforceNeedsItAlertsAndSaysWhy() throws Exception {
        try (TestingGateway gateway = start("analytics: {AN1793: {mode: enforce}}\n");
                TestingOrigin origin = new TestingOrigin()) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            found(gateway, FINDING);
            gateway.awaitMetric("postern_findings_demoted{reason=\"coverage\"}", 1);
            passes(gateway, origin, C2, APP);
            JsonNode flow = gateway.record(origin);
            assertThat(flow.at("/unmapped/postern/verdict").asString()).isEqualTo("alert");
            assertThat(flow.at("/unmapped/postern/rules/0").toString())
                    .isEqualTo("{\"name\":\"AN1793, coverage too low\",\"action\":\"block\",\"mode\":\"alert\","
                            + "\"effect\":\"alert\"}");
            assertThat(admin.get("/v1/explain/" + FINDING.uid(), "accept", "text/plain")
                            .body())
                    .contains("alerts instead of what it would do (ends its flows): coverage too low");
            assertThat(gateway.metric("postern_would_block_total{rule=\"AN1793\"}"))
                    .isEqualTo(1);
            JsonNode row = json(admin.get("/v1/policy/shadow")).at("/rows/0");
            assertThat(row.at("/rule").asString()).isEqualTo("AN1793");
            assertThat(row.at("/app").asString()).isEqualTo(APP);
            assertThat(row.at("/because").asString()).isEqualTo("coverage too low");
            assertThat(row.at("/devices").asInt()).isEqualTo(1);
        }
    }

    @Test
    void inShadowNothingHappensButACount() throws Exception {
        try (TestingGateway gateway = start("analytics: {AN1793: {mode: shadow}}\n");
                TestingOrigin origin = new TestingOrigin()) {
            found(gateway, FINDING);
            gateway.awaitMetric("postern_analytic_keys{table=\"open-findings\"}", 1);
            passes(gateway, origin, C2, APP);
            assertThat(gateway.record(origin).at("/unmapped/postern/verdict").asString())
                    .isEqualTo("allow");
            assertThat(gateway.metric("postern_would_block_total{rule=\"AN1793\"}"))
                    .isEqualTo(1);
        }
    }

    @Test
    void tooManyWrongOnesLetAllAlertUntilAnswersBringThemBack() throws Exception {
        String more = WAIVED + "findings: {false-positive-budget: {share: 0.4, answers: 1}}\n";
        TestingFinding wrong = TestingFinding.of("LC02").to("cdn.acme.example");
        try (TestingGateway gateway = start(more);
                TestingOrigin origin = new TestingOrigin()) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            found(gateway, FINDING);
            found(gateway, wrong);
            await().atMost(PATIENCE).until(() -> refused(gateway, origin));
            answer(admin, wrong, "false-positive");
            gateway.awaitMetric("postern_findings_demoted{reason=\"budget\"}", 1);
            assertThat(gateway.metric("postern_false_positive_budget_spent{rule=\"AN1793\"}"))
                    .isEqualTo(2.5);
            assertThat(json(admin.get("/v1/findings")).at("/demoted/AN1793").asString())
                    .isEqualTo("false-positive budget exceeded, 100 % of 1 answers, 40 % may be");
            assertThat(refused(gateway, origin)).isFalse();
            answer(admin, wrong, "true-positive");
            await().atMost(PATIENCE).until(() -> refused(gateway, origin));
            assertThat(json(admin.get("/v1/findings")).at("/demoted").size()).isZero();
        }
    }

    private static boolean refused(TestingGateway gateway, TestingOrigin origin) throws IOException {
        try (TestingConnection client =
                TestingClient.to(gateway).send(TestingClient.connect(C2 + ":" + origin.port(), APP))) {
            boolean no = client.head().startsWith("HTTP/1.1 403 ");
            if (!no) {
                origin.accept().close();
            }
            return no;
        }
    }

    private static void answer(TestingAdmin admin, TestingFinding finding, String verdict) throws Exception {
        assertThat(admin.send(
                                "PATCH",
                                "/v1/findings/" + finding.uid(),
                                "{\"status\": \"closed\", \"verdict\": \"" + verdict + "\", \"reason\": \"looked\"}",
                                "content-type",
                                "application/json")
                        .statusCode())
                .isEqualTo(200);
    }

    private static void found(TestingGateway gateway, TestingFinding finding) {
        gateway.gateway().findings().found(finding.blocking(System.currentTimeMillis()), Verdict.Action.ALERT, "");
    }

    private static void passes(TestingGateway gateway, TestingOrigin origin, String host, String app)
            throws IOException {
        try (TestingConnection client = TestingClient.tunnel(gateway, host + ":" + origin.port(), app);
                TestingConnection server = origin.accept()) {
            talk(client, server);
        }
    }

    private static void talk(TestingConnection client, TestingConnection server) throws IOException {
        client.send("\0ping");
        assertThat(server.read(5)).isEqualTo("\0ping");
        server.send("pong");
        assertThat(client.read(4)).isEqualTo("pong");
    }

    private static String upgrade(String request) {
        return request.replace(
                "\r\n\r\n",
                "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    }

    private static Predicate<JsonNode> verdict(String wanted) {
        return line -> line.at("/unmapped/postern/verdict").asString().equals(wanted);
    }

    private List<String> lines() throws IOException {
        Path file = dir.resolve("var/findings.ndjson");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }
}
