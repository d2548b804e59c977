package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingOrigin.behind;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.postern.config.policy.PolicyReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** New policy holds for what lives: the forbidden is cut, the allowed does not notice. */
class PolicyReloadIT {

    private static final String APPLIED = "postern_policy_reloads_total{result=\"applied\"}";
    private static final String REJECTED = "postern_policy_reloads_total{result=\"rejected\"}";
    private static final String REFUSED = "postern_policy_refused";

    @TempDir
    Path dir;

    @Test
    void aFlowThatIsNoLongerAllowedIsCutAndTheOthersGoOn() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, "", rule("first", "com.acme.nobody"));
                TestingOrigin origin = new TestingOrigin();
                TestingConnection bad = tunnel(gateway, origin, "com.acme.bad");
                TestingConnection badServer = origin.accept();
                TestingConnection good = tunnel(gateway, origin, "com.acme.good");
                TestingConnection goodServer = origin.accept()) {
            bad.send("\0");
            assertThat(badServer.read(1)).isEqualTo("\0");
            reload(gateway, rule("second", "com.acme.bad"));
            assertThatThrownBy(bad::rest).isInstanceOf(IOException.class).hasMessageContaining("reset");
            assertThatThrownBy(badServer::rest).isInstanceOf(IOException.class).hasMessageContaining("reset");
            var line = gateway.record(record -> true);
            assertThat(line.at("/unmapped/postern/close_reason").asString()).isEqualTo("blocked");
            assertThat(line.at("/firewall_rule/name").asString()).isEqualTo("second");
            good.send("\0still");
            assertThat(goodServer.read(6)).isEqualTo("\0still");
            try (TestingConnection again = TestingClient.to(gateway)) {
                again.send(TestingClient.connect(origin.authority(), "com.acme.bad"));
                assertThat(again.rest()).startsWith("HTTP/1.1 403 ");
            }
        }
    }

    /** A CONTRACT sentence by itself: a policy reload drops no allowed flow. */
    @Test
    void fiftyReloadsTakeNoByteFromAnAllowedFlow() throws Exception {
        long bulk = 48L << 20;
        try (TestingGateway gateway = TestingGateway.start(dir, "", rule("r", "com.acme.nobody"));
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = tunnel(gateway, origin, "com.acme.good");
                TestingConnection server = origin.accept()) {
            CompletableFuture<Void> up = behind(() -> TestingBulk.send(client, bulk, 1));
            CompletableFuture<Void> down = behind(() -> TestingBulk.send(server, bulk, 2));
            for (int i = 0; i < 50; i++) {
                reload(gateway, rule("r" + i, "com.acme.nobody"));
            }
            CompletableFuture<Void> uploaded = behind(() -> TestingBulk.expect(server, bulk, 1));
            TestingBulk.expect(client, bulk, 2);
            CompletableFuture.allOf(up, down, uploaded).join();
            assertThat(gateway.metric(APPLIED)).isGreaterThanOrEqualTo(51);
        }
    }

    /**
     * Short flows come and go, long ones stay, and none of them is refused or dropped; each is judged by one policy, which its
     * record names.
     */
    @Test
    void aThousandReloadsUnderLoadTakeNoAllowedFlowAndTearNoDecision() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, "", policy(0));
                TestingOrigin origin = new TestingOrigin()) {
            Map<String, Integer> versions = new HashMap<>();
            versions.put(version(), 0);
            SteadyLoad load = new SteadyLoad(gateway, origin, 20);
            for (int i = 1; i <= 1_000; i++) {
                load.more(20);
                TestingFile.replace(dir.resolve("policy.yaml"), policy(i));
                versions.put(version(), i);
                gateway.gateway().reload();
                double applied = 1 + i;
                await().pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(1))
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> gateway.metric(APPLIED) >= applied);
            }
            load.end(100);
            for (JsonNode line : gateway.records()) {
                int number = versions.getOrDefault(line.at("/policy/version").asString(), -1);
                assertThat(line.at("/unmapped/postern/rules"))
                        .extracting(rule -> rule.at("/name").asString())
                        .containsExactlyInAnyOrder(
                                "app-" + number, "spoken-" + number, "exception:unknown-protocol:allow-uninspected");
            }
        }
    }

    /** Of what stands in the file now. */
    private String version() {
        return PolicyReader.read(List.of("policy.yaml"), dir)
                .value()
                .orElseThrow()
                .version();
    }

    /** Rules and exceptions about other apps, other names and other hours each time. */
    private static String policy(int number) {
        StringBuilder text = new StringBuilder("rules:\n");
        for (int i = 0; i < 20; i++) {
            text.append("  - {name: r")
                    .append(i)
                    .append(", when: {app: com.acme.other")
                    .append(number + i);
            text.append(", destination: ['*.bad").append(number).append(".example']}, action: block, mode: enforce}\n");
        }
        // What every flow meets: one rule at open, one once it is known what it speaks, both of this policy's own
        // names.
        text.append("  - {name: app-").append(number).append(", when: {app: com.acme.good}, action: alert}\n");
        text.append("  - {name: spoken-").append(number).append(", when: {protocol: unknown}, action: alert}\n");
        return text + "exceptions: [{rule: r" + number % 20 + ", owner: a, reason: b, until: 2099-12-31}]\n";
    }

    @Test
    void brokenPolicyChangesNothing() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, "", rule("kept", "com.acme.bad"));
                TestingOrigin origin = new TestingOrigin();
                TestingConnection good = tunnel(gateway, origin, "com.acme.good");
                TestingConnection server = origin.accept()) {
            TestingFile.replace(dir.resolve("policy.yaml"), "rules: [{name: broken, actoin: block}\n");
            gateway.gateway().reload();
            gateway.awaitMetric(REJECTED, 1);
            assertThat(gateway.metric(REFUSED)).isEqualTo(1);
            try (TestingConnection bad = TestingClient.to(gateway)) {
                bad.send(TestingClient.connect(origin.authority(), "com.acme.bad"));
                assertThat(bad.rest()).startsWith("HTTP/1.1 403 ").contains("\nReason: kept\n");
            }
            good.send("\0still");
            assertThat(server.read(6)).isEqualTo("\0still");
            // Mended, it comes into force.
            reload(gateway, rule("mended", "com.acme.good"));
            assertThatThrownBy(good::rest).isInstanceOf(IOException.class).hasMessageContaining("reset");
            assertThat(gateway.metric(REFUSED)).isZero();
        }
    }

    /** A rule about what a flow speaks does not cut one that has said nothing yet. */
    @Test
    void aFlowThatHasNotSpokenIsNotJudgedAsUnknown() throws Exception {
        String policy = "rules: [{name: no-unknown, when: {protocol: unknown}, action: block, mode: enforce}]\n";
        try (TestingGateway gateway = TestingGateway.start(
                        dir, "sniff: {server-first: 10s, timeout: 10s}\n", rule("r", "com.acme.x"));
                TestingOrigin origin = new TestingOrigin();
                TestingConnection silent = tunnel(gateway, origin, "com.acme.good");
                TestingConnection server = origin.accept()) {
            reload(gateway, policy);
            silent.send("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n");
            assertThat(server.head()).startsWith("GET / ");
        }
    }

    private void reload(TestingGateway gateway, String policy) throws Exception {
        double before = gateway.metric(APPLIED);
        TestingFile.replace(dir.resolve("policy.yaml"), policy);
        gateway.gateway().reload();
        gateway.awaitMetricAtLeast(APPLIED, before + 1);
    }

    private static String rule(String name, String app) {
        return "rules: [{name: " + name + ", when: {app: " + app + "}, action: block, mode: enforce}]\n";
    }

    private static TestingConnection tunnel(TestingGateway gateway, TestingOrigin origin, String app)
            throws IOException {
        TestingConnection client = TestingClient.to(gateway).send(TestingClient.connect(origin.authority(), app));
        assertThat(client.head()).startsWith("HTTP/1.1 200 ");
        return client;
    }
}
