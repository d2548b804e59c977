package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingSource.event;
import static io.postern.gateway.e2e.TestingSource.lock;
import static io.postern.gateway.e2e.TestingSource.taken;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.config.AdminRole;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What sources tell of devices, by real requests to the context listener. */
class ContextIT {

    private static final String ACCEPTED = "postern_context_events_total{event=\"%s\",result=\"%s\",source=\"%s\"}";

    @TempDir
    Path dir;

    @Test
    void whatIsTakenIsToldOfAndNotTwice() throws Exception {
        try (TestingGateway gateway = start()) {
            TestingSource agent = TestingSource.of(gateway, "agent");
            String one = lock("e1", Instant.now(), "LC01", true);
            String two = event("e2", Instant.now(), "LC01", "app.removed", "com.acme.mail", "");
            taken(agent.events(one + two), 2, 0, 0);
            taken(agent.events(one + two + lock("e3", Instant.now(), "LC02", false)), 1, 2, 0);
            taken(
                    agent.post(
                            "/v1/context/events",
                            "application/json",
                            ("[" + lock("e4", Instant.now(), "enterprises/e/devices/LC02", true) + "]")
                                    .getBytes(UTF_8)),
                    1,
                    0,
                    0);
            gateway.awaitMetric(ACCEPTED.formatted("device.lock", "accepted", "agent"), 3);
            gateway.awaitMetric(ACCEPTED.formatted("device.lock", "duplicate", "agent"), 1);
            gateway.awaitMetric(ACCEPTED.formatted("app.removed", "accepted", "agent"), 1);
            assertThat(gateway.metric("postern_context_lag_seconds{source=\"agent\"}"))
                    .isBetween(0.0, 60.0);
        }
    }

    @Test
    void whatIsWrongIsSaidByItsLine() throws Exception {
        try (TestingGateway gateway = start()) {
            Instant now = Instant.now();
            String body = lock("e1", now, "LC01", true)
                    + "no json\n"
                    + lock("e2", now.plus(Duration.ofMinutes(10)), "LC01", true)
                    + lock("e3", now.minus(Duration.ofHours(80)), "LC01", true)
                    + lock("e4", now.minus(Duration.ofHours(70)), "LC01", true)
                    + lock("e5", now, "LC01", true).replace("\"locked\"", "\"open\"")
                    + lock("e6", now, "LC01", true).replace("\"event\":\"device.lock\"", "\"event\":\"device.unlock\"");
            JsonNode errors = taken(TestingSource.of(gateway, "agent").events(body), 2, 0, 5)
                    .at("/errors");
            assertThat(errors.findValuesAsString("line")).containsExactly("2", "3", "4", "6", "7");
            assertThat(errors.findValuesAsString("pointer"))
                    .containsExactly("", "/time", "/time", "/attributes/locked", "/event");
            gateway.awaitMetric(ACCEPTED.formatted("device.lock", "future", "agent"), 1);
            gateway.awaitMetric(ACCEPTED.formatted("device.lock", "old", "agent"), 1);
            gateway.awaitMetric(ACCEPTED.formatted("other", "malformed", "agent"), 3);
        }
    }

    /** Whoever has the lab's token can say nothing of other devices, nor what the lab never reports. */
    @Test
    void aSourceSpeaksOnlyForItsDevicesAndOfWhatItReports() throws Exception {
        try (TestingGateway gateway = start()) {
            TestingSource lab = TestingSource.of(gateway, "lab");
            Instant now = Instant.now();
            JsonNode errors = taken(
                            lab.events(lock("e1", now, "LC01", true)
                                    + lock("e2", now, "lab-7", true)
                                    + event("e3", now, "lab-7", "device.user_interaction", "", "")
                                    + event("e4", now, "lab-7", "source.heartbeat", "", "\"reports\":[\"lock\"]")
                                    + event("e5", now, "lab-7", "source.heartbeat", "", "\"reports\":[\"crypto\"]")),
                            2,
                            0,
                            3)
                    .at("/errors");
            assertThat(errors.findValuesAsString("pointer")).containsExactly("/device/id", "/event", "/event");
            gateway.awaitMetric(ACCEPTED.formatted("device.lock", "foreign-device", "lab"), 1);
            gateway.awaitMetric(ACCEPTED.formatted("device.user_interaction", "undeclared", "lab"), 1);
            gateway.awaitMetric(ACCEPTED.formatted("source.heartbeat", "undeclared", "lab"), 1);
        }
    }

    @Test
    void onlySourcesAreLetInAndOnlyToWhatIsTheirs() throws Exception {
        try (TestingGateway gateway = start()) {
            TestingSource agent = TestingSource.of(gateway, "agent");
            byte[] body = lock("e1", Instant.now(), "LC01", true).getBytes(UTF_8);
            String path = "/v1/context/events";
            String type = "application/x-ndjson";
            assertThat(new TestingSource(agent.port(), "")
                            .post(path, type, body)
                            .statusCode())
                    .isEqualTo(401);
            assertThat(new TestingSource(agent.port(), "guess")
                            .post(path, type, body)
                            .statusCode())
                    .isEqualTo(401);
            assertThat(agent.post("/v1/flows", type, body).statusCode()).isEqualTo(404);
            assertThat(agent.post("/metrics", type, body).statusCode()).isEqualTo(404);
            assertThat(agent.post("/v1/context/mtd/agent", "application/json", body)
                            .statusCode())
                    .as("no webhook of that name, and nothing told of which there are")
                    .isEqualTo(401);
            assertThat(agent.post(path, "text/plain", body).statusCode()).isEqualTo(415);
            assertThat(agent.post(path, type, body, "content-encoding", "br").statusCode())
                    .isEqualTo(415);
            assertThat(agent.post(path, type, new byte[(4 << 20) + 1]).statusCode())
                    .isEqualTo(413);
            HttpResponse<String> guessed = agent.events("");
            for (int i = 0; i < 40; i++) {
                guessed = new TestingSource(agent.port(), "guess" + i).events("");
            }
            assertThat(guessed.statusCode()).isEqualTo(429);
            assertThat(guessed.headers().firstValue("retry-after")).isPresent();
        }
    }

    @Test
    void whatIsCompressedIsInflatedAndNoFurther() throws Exception {
        try (TestingGateway gateway = start()) {
            TestingSource agent = TestingSource.of(gateway, "agent");
            byte[] body = gzip(lock("e1", Instant.now(), "LC01", true).getBytes(UTF_8));
            String type = "application/x-ndjson";
            taken(agent.post("/v1/context/events", type, body, "content-encoding", "gzip"), 1, 0, 0);
            byte[] bomb = gzip(new byte[64 << 20]);
            assertThat(agent.post("/v1/context/events", type, bomb, "content-encoding", "gzip")
                            .statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void whoTellsTooMuchIsToldWhenToComeAgain() throws Exception {
        try (TestingGateway gateway = start()) {
            TestingSource lab = TestingSource.of(gateway, "lab");
            StringBuilder flood = new StringBuilder();
            for (int i = 0; i < 100; i++) {
                flood.append(lock("e" + i, Instant.now(), "lab-1", true));
            }
            taken(lab.events(flood.toString()), 100, 0, 0);
            HttpResponse<String> refused = lab.events(flood.toString());
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(Integer.parseInt(
                            refused.headers().firstValue("retry-after").orElseThrow()))
                    .isBetween(1, 60);
            taken(TestingSource.of(gateway, "agent").events(lock("e1", Instant.now(), "LC01", true)), 1, 0, 0);
        }
    }

    @Test
    void whatWasTakenIsStillKnownAfterARestart() throws Exception {
        String told = lock("e1", Instant.now(), "LC01", true);
        try (TestingGateway gateway = start()) {
            taken(TestingSource.of(gateway, "agent").events(told), 1, 0, 0);
        }
        try (TestingGateway gateway = start()) {
            taken(TestingSource.of(gateway, "agent").events(told), 0, 1, 0);
        }
    }

    @Test
    void anotherTokenCountsOnceItsFileHasIt() throws Exception {
        try (TestingGateway gateway = start()) {
            TestingFile.replace(dir.resolve("agent"), "rotated".repeat(8));
            TestingSource rotated = new TestingSource(gateway.address("context").getPort(), "rotated".repeat(8));
            await().until(() -> rotated.events("").statusCode() == 202);
            assertThat(TestingSource.of(gateway, "agent").events("").statusCode())
                    .isEqualTo(401);
        }
    }

    /** An agent names the app of a flow whose tag tells none. */
    @Test
    void aFlowsOwnerIsTold() throws Exception {
        try (TestingGateway gateway = start();
                TestingOrigin origin = new TestingOrigin()) {
            try (TestingConnection flow =
                    TestingClient.to(gateway).send(TestingClient.connect(origin.authority(), "-"))) {
                assertThat(flow.head()).startsWith("HTTP/1.1 200 ");
                taken(
                        TestingSource.of(gateway, "agent")
                                .events(event(
                                        "e1",
                                        Instant.now(),
                                        "LC01",
                                        "flow.owner",
                                        "",
                                        "\"protocol\":\"tcp\",\"remote_ip\":\"127.0.0.1\",\"remote_port\":"
                                                + origin.port() + ",\"packages\":[\"com.acme.mail\"]")),
                        1,
                        0,
                        0);
                gateway.awaitMetric("postern_owner_reports_total{result=\"named\",source=\"agent\"}", 1);
            }
        }
    }

    /** Coverage is told by the admin API to viewers, with a digest of what is told. */
    @Test
    void coverageIsToldOfWhatFlowsWereSeen() throws Exception {
        try (TestingGateway gateway = start();
                TestingOrigin origin = new TestingOrigin()) {
            taken(TestingSource.of(gateway, "agent").events(lock("e1", Instant.now(), "LC01", true)), 1, 0, 0);
            try (TestingConnection flow =
                    TestingClient.to(gateway).send(TestingClient.connect(origin.authority(), "com.acme.mail"))) {
                assertThat(flow.head()).startsWith("HTTP/1.1 200 ");
                TestingAdmin viewer = TestingAdmin.of(gateway).as("looker", AdminRole.VIEWER);
                HttpResponse<String> answer = viewer.get("/v1/coverage");
                assertThat(answer.statusCode()).isEqualTo(200);
                byte[] digest = MessageDigest.getInstance("SHA-256")
                        .digest(answer.body().getBytes(UTF_8));
                assertThat(answer.headers().firstValue("content-digest"))
                        .contains("sha-256=:" + Base64.getEncoder().encodeToString(digest) + ":");
                JsonNode span = TestingAdmin.json(answer).at("/spans/1");
                assertThat(span.at("/flows").intValue()).isEqualTo(1);
                assertThat(span.at("/analytics").findValuesAsString("analytic"))
                        .containsExactly("AN1770", "AN1793", "AN1827", "AN1681", "AN1716");
            }
            gateway.awaitMetric("postern_visibility_total{fact=\"lock\",state=\"fresh\"}", 1);
        }
    }

    @Test
    void aCredentialThatDoesNotReadChangesNoneAndIsCountedUntilItDoes() throws Exception {
        try (TestingGateway gateway = start()) {
            TestingSource before = TestingSource.of(gateway, "lab");
            TestingSource after = new TestingSource(before.port(), TestingSource.token("new"));
            assertThat(gateway.metric("postern_context_credentials_refused")).isZero();
            TestingFile.replace(dir.resolve("agent"), "too short");
            Files.writeString(dir.resolve("lab"), after.token());
            gateway.gateway().reload();
            gateway.awaitMetric("postern_context_credentials_refused", 1);
            taken(before.events(lock("e1", Instant.now(), "lab-1", true)), 1, 0, 0);
            assertThat(after.events(lock("e2", Instant.now(), "lab-1", true)).statusCode())
                    .isEqualTo(401);

            TestingFile.replace(dir.resolve("agent"), TestingSource.token("agent"));
            gateway.gateway().reload();
            gateway.awaitMetric("postern_context_credentials_refused", 0);
            taken(after.events(lock("e2", Instant.now(), "lab-1", true)), 1, 0, 0);
            assertThat(before.events(lock("e3", Instant.now(), "lab-1", true)).statusCode())
                    .isEqualTo(401);
        }
    }

    private TestingGateway start() throws IOException {
        return TestingGateway.start(
                dir,
                """
                context:
                  bind: "127.0.0.1:0"
                  sources:
                    - {name: agent, token-file: %s, devices: ["*"], reports: %s}
                    - {name: lab, token-file: %s, devices: ["lab-*"], reports: [lock], rate: 5}
                """.formatted(
                        TestingSource.tokenFile(dir, "agent"), TestingSource.ALL, TestingSource.tokenFile(dir, "lab")),
                "");
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }
}
