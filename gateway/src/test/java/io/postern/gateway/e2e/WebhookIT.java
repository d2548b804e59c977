package io.postern.gateway.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Verdict;
import io.postern.gateway.e2e.TestingReceiver.Received;
import io.postern.gateway.real.Ports;
import io.postern.gateway.real.SelfSigned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who is told over HTTP of what is found, and what becomes of it when nobody listens. */
class WebhookIT {

    private static final String SECRET = "a key of the tests that is long enough";
    private static final String POLICY =
            "apps: {com.acme.app: {approved: true, owner: files-team, justification: files, review-by: 2099-01-01}}\n";
    private static final TestingFinding FINDING = TestingFinding.of("LC01");

    @TempDir
    Path dir;

    @Test
    void aFindingIsToldSignedOnceAndItsEndToo() throws Exception {
        try (TestingReceiver receiver = TestingReceiver.start();
                TestingGateway gateway = start(receiver.url(), "")) {
            tell(gateway, FINDING.score(39));
            tell(gateway, FINDING.later().score(60));
            Received first = receiver.await(1);
            assertThat(first.path()).isEqualTo("/hook?team=soc");
            assertThat(first.signature()).isEqualTo(signature(first));
            assertThat(first.type()).as("what was low was told to nobody").isEqualTo("finding.created");
            assertThat(first.json().at("/data/owner").asString()).isEqualTo("files-team");
            assertThat(first.json().at("/data/finding/finding_info/uid").asString())
                    .isEqualTo(FINDING.uid());

            tell(gateway, FINDING.later().later().score(61));
            tell(gateway, FINDING.later().later().later().score(75));
            Received second = receiver.await(2);
            assertThat(second.type()).as("more serious").isEqualTo("finding.updated");
            assertThat(second.json().at("/data/finding/severity_id").asInt()).isEqualTo(4);

            close(gateway);
            assertThat(receiver.await(3).type()).isEqualTo("finding.closed");
            assertThat(receiver.received()).extracting(Received::id).doesNotHaveDuplicates();
            gateway.awaitMetric("postern_webhook_letters_total{result=\"delivered\"}", 3);
        }
    }

    @Test
    void containmentIsToldWhenItBeginsAndWhenItEnds() throws Exception {
        try (TestingReceiver receiver = TestingReceiver.start();
                TestingGateway gateway = start(receiver.url(), "")) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            JsonNode begun = TestingAdmin.json(admin.send(
                    "POST",
                    "/v1/quarantine",
                    "{\"device\": \"LC01\", \"profile\": \"work\", \"app\": \"com.acme.app\", \"reason\": \"looks odd\"}",
                    "content-type",
                    "application/json"));
            Received created = receiver.await(1);
            assertThat(created.type()).isEqualTo("quarantine.created");
            JsonNode told = created.json().at("/data");
            assertThat(told.at("/id")).isEqualTo(begun.at("/id"));
            assertThat(told.at("/device").asString()).isEqualTo("LC01");
            assertThat(told.at("/app").asString()).isEqualTo("com.acme.app");
            assertThat(told.at("/owner").asString()).isEqualTo("files-team");
            assertThat(told.at("/actor").asString()).isEqualTo("admin");
            assertThat(told.at("/until")).isEqualTo(begun.at("/until"));

            admin.send("DELETE", "/v1/quarantine/" + begun.at("/id").asString() + "?reason=harmless", "");
            Received released = receiver.await(2);
            assertThat(released.type()).isEqualTo("quarantine.released");
            assertThat(released.json().at("/data/release_reason").asString()).isEqualTo("harmless");
            assertThat(released.json().at("/data/still_contained").asBoolean()).isFalse();
            assertThat(released.signature()).isEqualTo(signature(released));
        }
    }

    @Test
    void nobodyIsToldOfAShadow() throws Exception {
        try (TestingReceiver receiver = TestingReceiver.start();
                TestingGateway gateway = start(receiver.url(), "")) {
            gateway.gateway().findings().found(FINDING.at(System.currentTimeMillis()), Verdict.Action.ALLOW, "");
            tell(gateway, TestingFinding.of("LC02"));
            assertThat(receiver.await(1).body()).contains("LC02").doesNotContain("LC01");
        }
    }

    @Test
    void whatIsNotTakenComesAgainByTheSameIdAlsoAfterARestart() throws Exception {
        int port = Ports.free();
        String id;
        try (TestingReceiver receiver = TestingReceiver.start(port).answering(503);
                TestingGateway gateway = start(receiver.url(), "")) {
            tell(gateway, FINDING);
            id = receiver.await(1).id();
            assertThat(receiver.await(2).id()).isEqualTo(id);
        }
        try (TestingReceiver receiver = TestingReceiver.start(port);
                TestingGateway gateway = start(receiver.url(), "")) {
            Received again = receiver.await(1);
            assertThat(again.id()).isEqualTo(id);
            assertThat(again.signature()).isEqualTo(signature(again));
            gateway.awaitMetric("postern_webhook_waiting", 0);
            close(gateway);
            assertThat(receiver.await(2).type()).as("that it is over too").isEqualTo("finding.closed");
        }
    }

    /** Who redirects gets nothing sent anywhere else. */
    @Test
    void whatNobodyTakesIsSetAside() throws Exception {
        try (TestingReceiver other = TestingReceiver.start();
                TestingReceiver receiver = TestingReceiver.start().redirecting(other.url());
                TestingGateway gateway = start(receiver.url(), ", give-up: 1s")) {
            tell(gateway, FINDING);
            gateway.awaitMetric("postern_webhook_letters_total{result=\"given-up\"}", 1);
            assertThat(other.received()).isEmpty();
            List<String> dead = Files.readAllLines(dir.resolve("var/webhook-dead.ndjson"));
            assertThat(dead).hasSize(1);
            JsonNode line = new JsonMapper().readTree(dead.get(0));
            assertThat(line.at("/id").asString()).isEqualTo(receiver.await(1).id());
            assertThat(line.at("/reason").asString()).isEqualTo("answered 307");
            assertThat(line.at("/body/type").asString()).isEqualTo("finding.created");
            assertThat(gateway.metric("postern_webhook_waiting")).isZero();
        }
    }

    /** One that is never taken keeps nobody waiting for longer than a try. */
    @Test
    void thereIsOnlySoMuchRoom() throws Exception {
        try (TestingReceiver receiver = TestingReceiver.start().answering(500);
                TestingGateway gateway = start(receiver.url(), ", queue: 16")) {
            for (int i = 0; i < 20; i++) {
                tell(gateway, TestingFinding.of("LC" + i).to("evil" + i + ".example"));
            }
            gateway.awaitMetric("postern_webhook_letters_total{result=\"no-room\"}", 4);
            assertThat(Files.readAllLines(dir.resolve("var/webhook-dead.ndjson")))
                    .hasSize(4);
            assertThat(gateway.metric("postern_webhook_waiting")).isEqualTo(16);
            receiver.answering(200);
            gateway.awaitMetric("postern_webhook_letters_total{result=\"delivered\"}", 16);
        }
    }

    @Test
    void aReceiverIsBelievedByItsCertificateAlone() throws Exception {
        SelfSigned certificate = SelfSigned.mint(dir, "localhost");
        try (TestingReceiver receiver = TestingReceiver.tls(certificate.context())) {
            try (TestingGateway gateway = start(receiver.url(), "")) {
                tell(gateway, FINDING);
                gateway.awaitMetricAtLeast("postern_webhook_letters_total{result=\"failed\"}", 1);
                assertThat(receiver.received()).isEmpty();
            }
            try (TestingGateway gateway = start(receiver.url(), ", ca-file: " + certificate.certificate())) {
                assertThat(receiver.await(1)
                                .json()
                                .at("/data/finding/device/uid")
                                .asString())
                        .isEqualTo("LC01");
                gateway.awaitMetric("postern_webhook_waiting", 0);
            }
        }
    }

    private TestingGateway start(String url, String more) throws IOException {
        Path secret = dir.resolve("hook");
        if (!Files.exists(secret)) {
            Files.createFile(
                    secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(secret, SECRET + "\n");
        }
        return TestingGateway.start(
                dir, "response: {webhook: {url: \"" + url + "\", secret-file: hook" + more + "}}\n", POLICY);
    }

    private static void close(TestingGateway gateway) throws Exception {
        assertThat(TestingAdmin.of(gateway)
                        .send(
                                "PATCH",
                                "/v1/findings/" + FINDING.uid(),
                                "{\"status\": \"closed\", \"verdict\": \"true-positive\", \"reason\": \"it was\"}",
                                "content-type",
                                "application/json")
                        .statusCode())
                .isEqualTo(200);
    }

    private static void tell(TestingGateway gateway, TestingFinding finding) {
        gateway.gateway().findings().accept(finding.at(System.currentTimeMillis()));
    }

    /** By the words of Standard Webhooks, not by our own code. */
    private static String signature(Received letter) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
        byte[] signed = mac.doFinal((letter.id() + "." + letter.timestamp() + "." + letter.body()).getBytes(UTF_8));
        return "v1," + Base64.getEncoder().encodeToString(signed);
    }
}
