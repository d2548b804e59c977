package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingAdmin.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.radius.TestingAccounting;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A VPN server tells who has which address. */
class RadiusIT {

    private static final String SECRET = "a shared secret of 32 characters";
    private static final String IDENTITY = """
            identity:
              tenant: acme
              tag-keys: [{id: k1, secret-file: k1}]
              radius:
                bind: "127.0.0.1:0"
                clients: [{name: vpn, sources: [127.0.0.1/32], secret-file: radius, networks: [10.77.0.0/16]}]
                device: user-name
            """;

    @TempDir
    Path dir;

    @Test
    void whoHasAnAddressIsKnownFromStartToStop() throws Exception {
        Files.setPosixFilePermissions(
                Files.writeString(dir.resolve("radius"), SECRET), PosixFilePermissions.fromString("rw-------"));
        try (TestingGateway gateway = TestingGateway.start(dir, IDENTITY, "");
                DatagramSocket server = client(gateway)) {
            TestingAdmin admin = TestingAdmin.of(gateway);

            send(server, undated(5).signed(SECRET));
            send(server, start(1).signed("a secret that nobody else shares"));
            send(server, new byte[] {4, 2, 0, 20});
            send(server, new byte[0]);
            assertThat(ask(server, start(3).signed(SECRET)))
                    .as("the first to be answered")
                    .isEqualTo(3);
            gateway.awaitMetric("postern_radius_total{result=\"bad-authenticator\"}", 1);
            gateway.awaitMetricAtLeast("postern_radius_total{result=\"malformed\"}", 1);
            gateway.awaitMetric("postern_radius_total{result=\"stale\"}", 1);
            gateway.awaitMetric("postern_radius_total{result=\"started\"}", 1);
            gateway.awaitMetric("postern_addresses{source=\"radius\"}", 1);
            gateway.awaitMetric("postern_radius_sessions", 1);
            JsonNode shown = json(admin.get("/v1/addresses?device=LC01"));
            assertThat(shown.at("/addresses/0/prefix").asString()).isEqualTo("10.77.0.2/32");
            assertThat(shown.at("/addresses/0/proof").asString()).isEqualTo("address");
            assertThat(shown.at("/addresses/0/source").asString()).isEqualTo("radius");

            assertThat(ask(server, stop(4, "S1"))).isEqualTo(4);
            gateway.awaitMetric("postern_addresses{source=\"radius\"}", 0);
            gateway.awaitMetric("postern_radius_sessions", 0);
        }
    }

    /** A device behind a VPN server goes on where its gateway begins anew; nobody tells of it once more. */
    @Test
    void sessionsAreKnownOverARestart() throws Exception {
        Files.setPosixFilePermissions(
                Files.writeString(dir.resolve("radius"), SECRET), PosixFilePermissions.fromString("rw-------"));
        try (TestingGateway gateway = TestingGateway.start(dir, IDENTITY, "");
                DatagramSocket server = client(gateway)) {
            assertThat(ask(server, start(1).signed(SECRET))).isEqualTo(1);
            byte[] other = new TestingAccounting(2, TestingAccounting.START)
                    .session("S2")
                    .user("LC02")
                    .address("10.77.0.3")
                    .at(Instant.now().getEpochSecond())
                    .signed(SECRET);
            assertThat(ask(server, other)).isEqualTo(2);
            assertThat(ask(server, stop(3, "S2"))).isEqualTo(3);
        }
        try (TestingGateway gateway = TestingGateway.start(dir, IDENTITY, "");
                DatagramSocket server = client(gateway)) {
            gateway.awaitMetric("postern_radius_sessions", 1);
            gateway.awaitMetric("postern_addresses{source=\"radius\"}", 1);
            JsonNode shown = json(TestingAdmin.of(gateway).get("/v1/addresses"));
            assertThat(shown.at("/addresses/0/prefix").asString()).isEqualTo("10.77.0.2/32");
            assertThat(shown.at("/addresses/0/device").asString()).isEqualTo("LC01");
            assertThat(ask(server, stop(4, "S1"))).isEqualTo(4);
        }
        try (TestingGateway gateway = TestingGateway.start(dir, IDENTITY, "")) {
            gateway.awaitMetric("postern_radius_sessions", 0);
        }
    }

    private static DatagramSocket client(TestingGateway gateway) throws IOException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        socket.setSoTimeout((int) Duration.ofSeconds(10).toMillis());
        socket.connect(gateway.address("identity.radius"));
        return socket;
    }

    private static byte[] stop(int identifier, String session) {
        return new TestingAccounting(identifier, TestingAccounting.STOP)
                .session(session)
                .at(Instant.now().getEpochSecond())
                .signed(SECRET);
    }

    private static TestingAccounting start(int identifier) {
        return undated(identifier).at(Instant.now().getEpochSecond());
    }

    private static TestingAccounting undated(int identifier) {
        return new TestingAccounting(identifier, TestingAccounting.START)
                .session("S1")
                .user("LC01")
                .address("10.77.0.2");
    }

    private static void send(DatagramSocket server, byte[] packet) throws IOException {
        server.send(new DatagramPacket(packet, packet.length));
    }

    /** @return the identifier that is answered next */
    private static int ask(DatagramSocket server, byte[] packet) throws IOException {
        send(server, packet);
        DatagramPacket answer = new DatagramPacket(new byte[4096], 4096);
        server.receive(answer);
        assertThat(answer.getData()[0]).isEqualTo((byte) 5);
        return answer.getData()[1];
    }
}
