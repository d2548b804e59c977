package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What UDP sessions of SOCKS5 clients may not: bounds on what one of them sends, gets and holds. */
@ExtendWith(QuietLog.class)
class DatagramBoundsIT {

    private static final String APP = TestingClient.APP;

    @TempDir
    Path dir;

    private TestingGateway start(String settings, String policy) throws IOException {
        return TestingAssociation.gateway(dir, settings, policy);
    }

    /** What is read at one go and more than a channel takes unflushed is sent, not dropped. */
    @Test
    void aBurstIsNotDropped() throws Exception {
        byte[] large = new byte[20_000];
        try (TestingGateway gateway = start("", "");
                TestingDatagrams server = new TestingDatagrams();
                TestingAssociation client = TestingAssociation.open(gateway, APP)) {
            for (int i = 0; i < 5; i++) {
                client.send("127.0.0.1", server.port(), large);
            }
            for (int i = 0; i < 5; i++) {
                assertThat(server.receive().data()).hasSize(20_000);
            }
            assertThat(gateway.metric(TestingAssociation.dropped("backlog"))).isZero();
        }
    }

    /** A destination that no flow may reach is reached by no datagram; loopback alone, should it ever be. */
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "0.0.0.0", "127.1.2.3"})
    void refusedAddressesStayRefused(String address) throws Exception {
        try (TestingGateway gateway = start("upstream: {allow-networks: []}\n", "");
                TestingDatagrams server = new TestingDatagrams();
                TestingAssociation client = TestingAssociation.open(gateway, APP)) {
            client.send(address, server.port(), "ping");
            JsonNode line = gateway.record(any -> true);
            assertThat(line.at("/unmapped/postern/close_reason").asString()).isEqualTo("refused");
            assertThat(line.at("/disposition_id").asInt()).isEqualTo(6);
            assertThat(gateway.metric("postern_flow_setup_seconds_count")).isZero();
        }
    }

    /** E7: the relay is one client's, fragments and whatever else is no datagram of it are dropped. */
    @Test
    void whatIsNotTheClientsIsDroppedAndCounted() throws Exception {
        try (TestingGateway gateway = start("", "");
                TestingDatagrams server = new TestingDatagrams();
                TestingAssociation client = TestingAssociation.open(gateway, APP);
                TestingAssociation other = TestingAssociation.open(gateway, APP)) {
            byte[] fragment = TestingAssociation.datagram("127.0.0.1", server.port(), new byte[] {1});
            fragment[2] = 1;
            client.raw(fragment);
            client.raw(new byte[] {0, 0, 0});
            client.raw(new byte[0]);
            client.send("127.0.0.1", server.port(), "");
            client.send("127.0.0.1", server.port(), "first");
            assertThat(server.receive().text()).isEqualTo("first");
            gateway.awaitMetric(TestingAssociation.dropped("malformed"), 3);
            gateway.awaitMetric(TestingAssociation.dropped("empty"), 1);
            other.socket().send(client.relay(), fragment);
            gateway.awaitMetric(TestingAssociation.dropped("foreign"), 1);
        }
    }

    /** Until the client has shown to be there, not much more comes back than was sent. */
    @Test
    void answersAreBoundedUntilTheClientSendsAgain() throws Exception {
        try (TestingGateway gateway = start("datagrams: {sessions: 100, amplification: 2}\n", "");
                TestingDatagrams server = new TestingDatagrams();
                TestingAssociation client = TestingAssociation.open(gateway, APP)) {
            client.send("127.0.0.1", server.port(), "four");
            TestingDatagrams.Received ping = server.receive();
            server.send(ping.from(), "12345678");
            assertThat(client.receive().text()).isEqualTo("12345678");
            server.send(ping.from(), "9");
            gateway.awaitMetric(TestingAssociation.dropped("amplification"), 1);
            client.send("127.0.0.1", server.port(), "5");
            assertThat(server.receive().text()).isEqualTo("5");
            server.send(ping.from(), "as much as it likes to say from now on");
            assertThat(client.receive().text()).startsWith("as much");
        }
    }

    @Test
    void anAssociationThatNobodyUsesIsGivenUp() throws Exception {
        try (TestingGateway gateway = start("upstream: {allow-networks: ['127.0.0.0/8'], idle-timeout: 1s}\n", "");
                TestingAssociation client = TestingAssociation.open(gateway, APP)) {
            assertThat(client.control().rest()).isEmpty();
            gateway.awaitNothingLeft();
        }
    }

    @Test
    void aDeviceHasItsShareOfSessions() throws Exception {
        try (TestingGateway gateway = start("limits: {flows: 200, flows-per-device: 2}\n", "");
                TestingDatagrams one = new TestingDatagrams();
                TestingDatagrams two = new TestingDatagrams();
                TestingDatagrams three = new TestingDatagrams();
                TestingAssociation client = TestingAssociation.open(gateway, APP)) {
            for (TestingDatagrams server : List.of(one, two, three)) {
                client.send("127.0.0.1", server.port(), "ping");
            }
            assertThat(one.receive().text()).isEqualTo("ping");
            assertThat(two.receive().text()).isEqualTo("ping");
            gateway.awaitMetric(TestingAssociation.dropped("crowded"), 1);
            assertThat(gateway.gateway().liveFlows()).isEqualTo(2);
        }
    }

    /** Each new session that policy refuses is a record: a device writes so many in a second, and no other is held up. */
    @Test
    void aDeviceBeginsSoManySessionsInASecond() throws Exception {
        String policy = "rules: [{name: none, when: {app: com.acme.other}, action: block, mode: enforce}]\n";
        try (TestingGateway gateway = start("datagrams: {sessions: 100, new-per-second: 2}\n", policy);
                TestingDatagrams server = new TestingDatagrams();
                TestingAssociation flooding = TestingAssociation.open(gateway, "com.acme.other");
                TestingAssociation sameDevice = TestingAssociation.open(gateway, APP);
                TestingAssociation other = TestingAssociation.open(gateway, TestingGateway.deviceTag("LC02"))) {
            for (int i = 1; i <= 100; i++) {
                flooding.send("127.0.0." + i, server.port(), "ping");
            }
            other.send("127.0.0.1", server.port(), "others go on");
            assertThat(server.receive().text()).isEqualTo("others go on");
            String flood = TestingAssociation.dropped("flood");
            gateway.awaitMetricAtLeast(flood, 1);
            await().untilAsserted(() ->
                    assertThat(gateway.records().size() + gateway.metric(flood)).isEqualTo(100));
            // The next second is another.
            await().until(() -> {
                sameDevice.send("127.0.0.1", server.port(), "later");
                return gateway.gateway().liveFlows() == 2;
            });
            assertThat(server.receive().text()).isEqualTo("later");
        }
    }

    /** Initials by the hundred thousand, to as many destinations: the device has its share, and others go on. */
    @Test
    void aFloodOfOneDeviceIsBoundedAndOthersGoOn() throws Exception {
        byte[] initial = ByteBuffer.allocate(1200)
                .put(HexFormat.of().parseHex("c30000000108010203040506070800004480"))
                .array();
        try (TestingGateway gateway = start("limits: {flows: 200, flows-per-device: 50}\n", "");
                TestingDatagrams server = new TestingDatagrams();
                TestingDatagrams silent = new TestingDatagrams("0.0.0.0");
                TestingAssociation flooding = TestingAssociation.open(gateway, APP);
                TestingAssociation other = TestingAssociation.open(gateway, TestingGateway.deviceTag("LC02"))) {
            CompletableFuture<Void> flood = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 100_000; i++) {
                    String target = "127." + (1 + i % 200) + "." + i / 200 % 250 + ".7";
                    flooding.sendUnchecked(target, silent.port(), initial);
                }
            });
            int answered = 0;
            while (!flood.isDone() || answered < 50) {
                other.send("127.0.0.1", server.port(), "ping " + answered);
                TestingDatagrams.Received ping = server.receive();
                server.send(ping.from(), "pong " + answered);
                assertThat(other.receive().text()).isEqualTo("pong " + answered);
                answered++;
            }
            flood.join();
            assertThat(gateway.gateway().liveFlows()).isLessThanOrEqualTo(51);
            assertThat(gateway.metric(TestingAssociation.dropped("crowded"))).isPositive();
            assertThat(gateway.metric(TestingAssociation.dropped("flood"))).isPositive();
        }
    }
}
