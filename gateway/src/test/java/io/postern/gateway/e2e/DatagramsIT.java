package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.real.Ports;
import io.postern.wire.ip.HostText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** UDP sessions of SOCKS5 clients: what they get, what their servers see, what is written of them. */
@ExtendWith(QuietLog.class)
class DatagramsIT {

    private static final String APP = TestingClient.APP;

    @TempDir
    Path dir;

    private TestingGateway start(String settings, String policy) throws IOException {
        return TestingAssociation.gateway(dir, settings, policy);
    }

    @Test
    void datagramsGoBothWaysAndTheSessionIsRecorded() throws Exception {
        try (TestingGateway gateway = start("datagrams: {sessions: 100, idle-timeout: 3s}\n", "");
                TestingDatagrams server = new TestingDatagrams();
                TestingAssociation client = TestingAssociation.open(gateway, APP)) {
            client.send("127.0.0.1", server.port(), "ping");
            TestingDatagrams.Received ping = server.receive();
            assertThat(ping.text()).isEqualTo("ping");
            server.send(ping.from(), "pong");
            server.send(ping.from(), "pong again");
            TestingAssociation.Received pong = client.receive();
            assertThat(pong.text()).isEqualTo("pong");
            assertThat(pong.from().port()).isEqualTo(server.port());
            assertThat(client.receive().text()).isEqualTo("pong again");

            JsonNode line = gateway.record(any -> true);
            assertThat(line.at("/connection_info/protocol_name").asString()).isEqualTo("udp");
            assertThat(line.at("/dst_endpoint/port").asInt()).isEqualTo(server.port());
            assertThat(line.at("/src_endpoint/port").asInt())
                    .isEqualTo(client.socket().port());
            assertThat(line.at("/device/uid").asString()).isEqualTo("LC01");
            assertThat(line.at("/actor/app_uid").asString()).isEqualTo(APP);
            assertThat(line.at("/traffic/bytes_out").asInt()).isEqualTo(4);
            assertThat(line.at("/traffic/bytes_in").asInt()).isEqualTo(14);
            assertThat(line.at("/activity_id").asInt()).isEqualTo(2);
            assertThat(line.at("/unmapped/postern/close_reason").asString()).isEqualTo("idle");
            assertThat(line.at("/unmapped/postern/exchanges/0/1").asInt()).isEqualTo(4);
            assertThat(line.at("/unmapped/postern/exchanges/0/2").asInt()).isEqualTo(14);
            gateway.awaitMetric("postern_datagram_sessions", 0);
        }
    }

    /** Each destination is a session of its own, with a port of its own, and hears nothing of the others. */
    @Test
    void everyDestinationIsASession() throws Exception {
        try (TestingGateway gateway = start("", "");
                TestingDatagrams one = new TestingDatagrams();
                TestingDatagrams other = new TestingDatagrams();
                TestingAssociation client = TestingAssociation.open(gateway, APP)) {
            client.send("127.0.0.1", one.port(), "one");
            client.send("127.0.0.1", other.port(), "other");
            TestingDatagrams.Received first = one.receive();
            TestingDatagrams.Received second = other.receive();
            assertThat(first.text()).isEqualTo("one");
            assertThat(second.text()).isEqualTo("other");
            assertThat(first.from()).isNotEqualTo(second.from());
            assertThat(gateway.gateway().liveFlows()).isEqualTo(2);
            // Nobody but the destination can answer.
            other.send(first.from(), "forged");
            one.send(first.from(), "true");
            assertThat(client.receive().text()).isEqualTo("true");
        }
    }

    @Test
    void aNameIsResolvedAndAnswersComeFromTheName() throws Exception {
        try (TestingDatagrams server = new TestingDatagrams();
                TestingGateway gateway =
                        start("upstream: {allow-networks: ['127.0.0.0/8'], hosts: {a.acme.example: 127.0.0.1}}\n", "");
                TestingAssociation client = TestingAssociation.open(gateway, APP)) {
            client.send("a.acme.example", server.port(), "ping");
            server.send(server.receive().from(), "pong");
            TestingAssociation.Received pong = client.receive();
            assertThat(pong.from().host()).isEqualTo(HostText.of("a.acme.example"));
            assertThat(pong.from().port()).isEqualTo(server.port());
            client.close();
            JsonNode line = gateway.record(any -> true);
            assertThat(line.at("/dst_endpoint/hostname").asString()).isEqualTo("a.acme.example");
            assertThat(line.at("/unmapped/postern/close_reason").asString()).isEqualTo("client-closed");
        }
    }

    /** What is spoken is seen by the first datagram, whatever its port. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            quic      | c3 00000001 08 0102030405060708 00 00 4480                                        | 1200
            dns       | 1234 0100 0001 0000 0000 0000 04 61636d65 07 6578616d706c65 00 0001 0001           | 0
            stun      | 0001 0000 2112a442 000102030405060708090a0b                                       | 0
            wireguard | 01000000                                                                          | 148
            dtls      | 16 fefd 0000 000000000000 0018 01 00000c 0000 000000 00000c 0102030405060708090a0b0c | 0
            unknown   | 68656c6c6f                                                                        | 0
            """)
    void theFirstDatagramTellsWhatIsSpoken(String protocol, String hex, int length) throws Exception {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        byte[] datagram =
                ByteBuffer.allocate(Math.max(length, bytes.length)).put(bytes).array();
        try (TestingGateway gateway = start("", "");
                TestingDatagrams server = new TestingDatagrams();
                TestingAssociation client = TestingAssociation.open(gateway, APP)) {
            client.send("127.0.0.1", server.port(), datagram);
            assertThat(server.receive().data()).isEqualTo(datagram);
            client.close();
            JsonNode line = gateway.record(any -> true);
            assertThat(line.at("/app_name").asString()).isEqualTo(protocol);
            assertThat(line.at("/unmapped/postern/basis").asString())
                    .isEqualTo(protocol.equals("unknown") ? "no-match" : "bytes");
        }
    }

    /** QUIC of one app is dropped, so that it falls back to TCP; of others it is not, and the app's other datagrams are not. */
    @Test
    void quicOfAnAppIsDropped() throws Exception {
        String policy = """
                apps: {com.acme.mail: {approved: true}, com.acme.other: {approved: true}}
                rules: [{name: no-quic, when: {app: com.acme.mail, protocol: quic}, action: block, mode: enforce}]
                """;
        byte[] initial = ByteBuffer.allocate(1200)
                .put(HexFormat.of().parseHex("c300000001080102030405060708000044 80".replace(" ", "")))
                .array();
        try (TestingGateway gateway = start("", policy);
                TestingDatagrams server = new TestingDatagrams();
                TestingDatagrams another = new TestingDatagrams();
                TestingAssociation mail = TestingAssociation.open(gateway, "com.acme.mail");
                TestingAssociation other = TestingAssociation.open(gateway, "com.acme.other")) {
            mail.send("127.0.0.1", server.port(), initial).send("127.0.0.1", server.port(), initial);
            JsonNode line = gateway.record(any -> true);
            assertThat(line.at("/activity_id").asInt()).isEqualTo(5);
            assertThat(line.at("/disposition_id").asInt()).isEqualTo(6);
            assertThat(line.at("/app_name").asString()).isEqualTo("quic");
            assertThat(line.at("/unmapped/postern/rules/0/name").asString()).isEqualTo("no-quic");
            // The second one is not judged anew, and not written of.
            gateway.awaitMetric(TestingAssociation.dropped("forbidden"), 1);
            mail.send("127.0.0.1", another.port(), "something else");
            assertThat(another.receive().text()).isEqualTo("something else");
            other.send("127.0.0.1", server.port(), initial);
            assertThat(server.receive().data()).isEqualTo(initial);
            assertThat(gateway.records()).hasSize(1);
        }
    }

    /** Servers of datagrams pass over what they do not know, so a handshake may hide behind something else. */
    @Test
    void quicIsSeenBehindAnotherDatagram() throws Exception {
        String policy = """
                apps: {com.acme.mail: {approved: true}}
                rules: [{name: no-quic, when: {app: com.acme.mail, protocol: quic}, action: block, mode: enforce}]
                """;
        byte[] initial = ByteBuffer.allocate(1200)
                .put(HexFormat.of().parseHex("c30000000108010203040506070800004480"))
                .array();
        try (TestingGateway gateway = start("", policy);
                TestingDatagrams server = new TestingDatagrams();
                TestingAssociation client = TestingAssociation.open(gateway, APP)) {
            client.send(
                    "127.0.0.1", server.port(), HexFormat.of().parseHex("000100002112a442000102030405060708090a0b"));
            assertThat(server.receive().data()).hasSize(20);
            for (int i = 0; i < 10; i++) {
                client.send("127.0.0.1", server.port(), "junk");
                assertThat(server.receive().text()).isEqualTo("junk");
            }
            client.send("127.0.0.1", server.port(), initial);
            JsonNode line = gateway.record(any -> true);
            assertThat(line.at("/app_name").asString()).isEqualTo("quic");
            assertThat(line.at("/unmapped/postern/close_reason").asString()).isEqualTo("blocked");
            client.send("127.0.0.1", server.port(), "more");
            gateway.awaitMetric(TestingAssociation.dropped("forbidden"), 1);
        }
    }

    /** Nobody listens: the session ends, is told so, and the next one is tried. */
    @Test
    void whereNobodyListensTheSessionEnds() throws Exception {
        int port = Ports.free();
        try (TestingGateway gateway = start("", "");
                TestingAssociation client = TestingAssociation.open(gateway, APP)) {
            client.send("127.0.0.1", port, "ping");
            JsonNode line = gateway.record(any -> true);
            assertThat(line.at("/unmapped/postern/close_reason").asString()).isEqualTo("upstream-failed");
            assertThat(line.at("/activity_id").asInt()).isEqualTo(4);
            assertThat(line.at("/status_id").asInt()).isEqualTo(2);
            gateway.awaitMetric("postern_datagram_sessions", 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "nio"})
    void aJumboDatagramArrivesWhole(String transport) throws Exception {
        byte[] jumbo = new byte[60_000];
        Arrays.fill(jumbo, (byte) 7);
        try (TestingGateway gateway = start("runtime: {transport: " + transport + "}\n", "");
                TestingDatagrams server = new TestingDatagrams();
                TestingAssociation client = TestingAssociation.open(gateway, APP)) {
            client.send("127.0.0.1", server.port(), jumbo);
            TestingDatagrams.Received received = server.receive();
            assertThat(received.data()).isEqualTo(jumbo);
            server.send(received.from(), jumbo);
            assertThat(client.receive().data()).isEqualTo(jumbo);
        }
    }

    /** More than are read with one system call, of any length, each told apart from the others. */
    @ParameterizedTest
    @ValueSource(strings = {"auto", "nio"})
    void aBurstArrivesInOrder(String transport) throws Exception {
        try (TestingGateway gateway = start("runtime: {transport: " + transport + "}\n", "");
                TestingDatagrams server = new TestingDatagrams();
                TestingAssociation client = TestingAssociation.open(gateway, APP)) {
            client.send("127.0.0.1", server.port(), "first");
            TestingDatagrams.Received first = server.receive();
            server.send(first.from(), "answer");
            client.receive();
            // Whoever sends again after an answer is there, and is sent whatever comes.
            client.send("127.0.0.1", server.port(), "second");
            server.receive();
            for (int i = 1; i <= 100; i++) {
                server.send(first.from(), "x".repeat(i));
                client.send("127.0.0.1", server.port(), "y".repeat(i));
            }
            for (int i = 1; i <= 100; i++) {
                assertThat(server.receive().text()).isEqualTo("y".repeat(i));
            }
            for (int i = 1; i <= 100; i++) {
                assertThat(client.receive().text()).isEqualTo("x".repeat(i));
            }
        }
    }

    /** The association is its connection's: with it go its sessions and its socket. */
    @Test
    void theAssociationEndsWithItsConnection() throws Exception {
        try (TestingGateway gateway = start("", "");
                TestingDatagrams server = new TestingDatagrams();
                TestingAssociation client = TestingAssociation.open(gateway, APP)) {
            client.send("127.0.0.1", server.port(), "ping");
            TestingDatagrams.Received ping = server.receive();
            client.control().close();
            gateway.expectEnd("client-closed");
            // Nobody is there any more, and says so.
            server.send(ping.from(), "pong");
        }
    }

    /** A session that policy turns against is cut while it lives. */
    @Test
    void aNewPolicyEndsWhatItForbids() throws Exception {
        try (TestingGateway gateway = start("", "apps: {com.acme.mail: {approved: true}}\n");
                TestingDatagrams server = new TestingDatagrams();
                TestingAssociation client = TestingAssociation.open(gateway, APP)) {
            client.send("127.0.0.1", server.port(), "ping");
            assertThat(server.receive().text()).isEqualTo("ping");
            TestingFile.replace(dir.resolve("policy.yaml"), """
                    apps: {com.acme.mail: {approved: true}}
                    rules: [{name: none, when: {app: com.acme.mail}, action: block, mode: enforce}]
                    """);
            gateway.gateway().reload();
            JsonNode line = gateway.record(any -> true);
            assertThat(line.at("/unmapped/postern/close_reason").asString()).isEqualTo("blocked");
            assertThat(line.at("/activity_id").asInt()).isEqualTo(3);
            assertThat(line.at("/disposition_id").asInt()).isEqualTo(6);
            client.send("127.0.0.1", server.port(), "again");
            gateway.awaitMetric(TestingAssociation.dropped("forbidden"), 1);
            // What is allowed again is not dropped for what it was.
            TestingFile.replace(dir.resolve("policy.yaml"), "apps: {com.acme.mail: {approved: true}}\n");
            gateway.gateway().reload();
            gateway.awaitMetric("postern_policy_reloads_total{result=\"applied\"}", 3);
            client.send("127.0.0.1", server.port(), "allowed");
            assertThat(server.receive().text()).isEqualTo("allowed");
        }
    }

    @Test
    void withoutTheSettingTheCommandIsNotSupported() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, TestingSocks.LISTENER, "");
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(TestingSocks.OFFERS_PASSWORD
                    + TestingSocks.password(TestingGateway.tag(APP))
                    + TestingAssociation.associate(0));
            assertThat(client.read(6).substring(4).getBytes(StandardCharsets.ISO_8859_1))
                    .containsExactly(5, 7);
        }
    }
}
