package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.analytics.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Flows that are slowed down, by how little of them comes while all of another does. */
class ThrottleIT {

    private static final String SLOW = "com.acme.slow";
    private static final String FAST = "com.acme.fast";
    private static final String POLICY =
            "rules: [{name: slowly, when: {app: com.acme.slow}, action: throttle, rate: 1KiB, mode: enforce}]\n";
    /** Many times what is read before anything is paid for. */
    private static final int MUCH = 8 << 20;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path dir;

    @Test
    void whatIsSentWaitsUntilTheRuleIsGone() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, "", POLICY);
                TestingOrigin origin = new TestingOrigin();
                TestingConnection slow = TestingClient.tunnel(gateway, origin.authority(), SLOW);
                TestingConnection slowServer = origin.accept();
                TestingConnection fast = TestingClient.tunnel(gateway, origin.authority(), FAST);
                TestingConnection fastServer = origin.accept()) {
            AtomicLong came = new AtomicLong();
            CompletableFuture<Void> slowly = both(slow, slowServer, came);
            both(fast, fastServer, new AtomicLong()).join();
            assertThat(came.get()).as("while all of the other came").isLessThan(MUCH / 2);
            assertThat(gateway.metric("postern_analytic_keys{table=\"throttles\"}"))
                    .isEqualTo(1);

            TestingFile.replace(dir.resolve("policy.yaml"), "rules: []\n");
            gateway.gateway().reload();
            await().atMost(PATIENCE).until(slowly::isDone);
            assertThat(came.get()).as("nothing is lost").isEqualTo(MUCH);
        }
    }

    @Test
    void whatComesBackWaitsAndIsRecorded() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, "", POLICY);
                TestingOrigin origin = new TestingOrigin();
                TestingConnection slow = TestingClient.to(gateway).send(TestingClient.get(origin, "/", SLOW));
                TestingConnection slowServer = origin.accept();
                TestingConnection fast = TestingClient.to(gateway).send(TestingClient.get(origin, "/", FAST));
                TestingConnection fastServer = origin.accept()) {
            slowServer.head();
            fastServer.head();
            String head = "HTTP/1.1 200 OK\r\nContent-Length: " + MUCH + "\r\n\r\n";
            slowServer.send(head);
            fastServer.send(head);
            slow.head();
            fast.head();
            AtomicLong came = new AtomicLong();
            CompletableFuture<Void> slowly = both(slowServer, slow, came);
            both(fastServer, fast, new AtomicLong()).join();
            assertThat(came.get()).as("while all of the other came").isLessThan(MUCH / 2);
            // Nobody notices an end behind what is not read yet, but the gateway's own.
            gateway.close();
            slowly.handle((done, gone) -> null).join();
            JsonNode line =
                    gateway.record(each -> each.at("/actor/app_uid").asString().equals(SLOW));
            assertThat(line.at("/action_id").asInt()).isEqualTo(4);
            assertThat(line.at("/disposition_id").asInt()).isEqualTo(4);
            assertThat(line.at("/firewall_rule/name").asString()).isEqualTo("slowly");
        }
    }

    /** What its first bytes say is what slows it down: they wait for what others owe as well. */
    @Test
    void theFirstBytesOfAFlowWaitForWhatOthersOwe() throws Exception {
        String policy =
                "rules: [{name: slowly, when: {protocol: unknown}, action: throttle, rate: 1KiB, mode: enforce}]\n";
        try (TestingGateway gateway = TestingGateway.start(dir, "", policy);
                TestingOrigin origin = new TestingOrigin();
                TestingConnection first = TestingClient.tunnel(gateway, origin.authority(), SLOW);
                TestingConnection firstServer = origin.accept();
                TestingConnection second = TestingClient.tunnel(gateway, origin.authority(), SLOW);
                TestingConnection secondServer = origin.accept()) {
            first.send(new byte[60 << 10]);
            assertThat(firstServer.read(16 << 10)).hasSize(16 << 10);
            second.send("\0ping");
            second.finish();
            gateway.awaitMetric("postern_recognition_total{basis=\"no-match\",protocol=\"unknown\"}", 2);
            assertThat(secondServer.socket().getInputStream().available()).isZero();

            TestingFile.replace(dir.resolve("policy.yaml"), "rules: []\n");
            gateway.gateway().reload();
            assertThat(secondServer.rest()).isEqualTo("\0ping");
        }
    }

    /** Whom a throttle holds is not silent: others of the same age that are have been ended by then. */
    @Test
    void whatIsHeldIsNotTakenForSilent() throws Exception {
        String impatient = "upstream: {allow-networks: ['127.0.0.0/8'], half-closed-timeout: 1s}\n";
        try (TestingGateway gateway = TestingGateway.start(dir, impatient, POLICY);
                TestingOrigin origin = new TestingOrigin();
                TestingConnection slow = TestingClient.tunnel(gateway, origin.authority(), SLOW);
                TestingConnection slowServer = origin.accept();
                TestingConnection fast = TestingClient.tunnel(gateway, origin.authority(), FAST);
                TestingConnection fastServer = origin.accept()) {
            slow.send("\0ping");
            assertThat(slowServer.read(5)).isEqualTo("\0ping");
            slowServer.finish();
            assertThat(slow.rest()).isEmpty();
            byte[] some = new byte[64 << 10];
            CompletableFuture<Void> sent = TestingOrigin.behind(() -> {
                for (int i = 0; i < 8; i++) {
                    slow.send(some);
                }
                slow.finish();
            });
            fast.send("\0ping");
            assertThat(fastServer.read(5)).isEqualTo("\0ping");
            fastServer.finish();
            gateway.awaitMetric("postern_flow_ends_total{reason=\"idle\"}", 1);
            assertThat(gateway.record(line -> true).at("/actor/app_uid").asString())
                    .isEqualTo(FAST);

            TestingFile.replace(dir.resolve("policy.yaml"), "rules: []\n");
            gateway.gateway().reload();
            slowServer.socket().setSoTimeout((int) PATIENCE.toMillis());
            assertThat(slowServer.read(8 * some.length)).hasSize(8 * some.length);
            sent.join();
        }
    }

    @Test
    void datagramsBeyondItAreDropped() throws Exception {
        try (TestingGateway gateway = TestingAssociation.gateway(dir, "", POLICY);
                TestingDatagrams server = new TestingDatagrams();
                TestingAssociation client = TestingAssociation.open(gateway, SLOW)) {
            client.send("127.0.0.1", server.port(), "first");
            TestingDatagrams.Received first = server.receive();
            assertThat(first.text()).isEqualTo("first");
            byte[] data = new byte[1000];
            await().atMost(PATIENCE).until(() -> {
                client.send("127.0.0.1", server.port(), data);
                return gateway.metric(TestingAssociation.dropped("throttled")) >= 1;
            });
        }
    }

    @Test
    void aFindingMaySlowDownInsteadOfEnding() throws Exception {
        String settings = "analytics: {AN1793: {mode: enforce, action: throttle, throttle-rate: 1KiB,"
                + " enforce-without: {reason: trial, approver: ciso, until: 2099-12-31}}}\n"
                + "upstream: {allow-networks: ['127.0.0.0/8'], hosts: {c2.evil.example: 127.0.0.1}}\n";
        try (TestingGateway gateway = TestingGateway.start(dir, settings, "");
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client =
                        TestingClient.tunnel(gateway, "c2.evil.example:" + origin.port(), "com.acme.app");
                TestingConnection server = origin.accept()) {
            client.send("\0");
            assertThat(server.read(1)).isEqualTo("\0");
            gateway.gateway()
                    .findings()
                    .found(TestingFinding.of("LC01").blocking(System.currentTimeMillis()), Verdict.Action.ALERT, "");
            gateway.awaitMetric("postern_analytic_keys{table=\"throttles\"}", 1);
            client.send("more");
            assertThat(server.read(4)).isEqualTo("more");
            server.close();
            client.close();
            assertThat(gateway.record(origin).at("/unmapped/postern/verdict").asString())
                    .isEqualTo("throttle");
        }
    }

    /** @param came what has arrived so far */
    private static CompletableFuture<Void> both(TestingConnection from, TestingConnection to, AtomicLong came) {
        CompletableFuture<Void> sent = TestingOrigin.behind(() -> send(from));
        CompletableFuture<Void> received = TestingOrigin.behind(() -> receive(to, came));
        return CompletableFuture.allOf(sent, received);
    }

    private static void send(TestingConnection to) throws IOException {
        byte[] some = new byte[64 << 10];
        for (int sent = 0; sent < MUCH; sent += some.length) {
            to.send(some);
        }
    }

    private static void receive(TestingConnection from, AtomicLong came) throws IOException {
        from.socket().setSoTimeout((int) PATIENCE.toMillis());
        byte[] some = new byte[64 << 10];
        while (came.get() < MUCH) {
            int count = from.socket().getInputStream().read(some);
            if (count < 0) {
                throw new IOException("ended after " + came);
            }
            came.addAndGet(count);
        }
    }
}
