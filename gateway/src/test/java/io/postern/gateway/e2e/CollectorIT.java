package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What PCAPdroid exports says which app has a flow. */
class CollectorIT {

    private static final String MAIL = "com.acme.mail";
    private static final String DEVICES =
            "devices: [{source: 127.0.0.1, device: LC01}], labels: {Acme Mail: com.acme.mail}";
    private static final String COLLECTORS = """
            collectors:
              - {name: datagrams, type: pcapdroid, protocol: udp, bind: "127.0.0.1:0", %1$s}
              - {name: streams, type: pcapdroid, protocol: tcp, bind: "127.0.0.1:0", %1$s}
              - {name: others, type: pcapdroid, protocol: udp, bind: "127.0.0.1:0", %2$s}
            """.formatted(DEVICES, DEVICES.replace("127.0.0.1", "192.0.2.1"));

    @TempDir
    Path dir;

    @Test
    void aFlowOfAnUnknownAppIsNamed() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, COLLECTORS, "");
                TestingOrigin origin = new TestingOrigin()) {
            try (TestingConnection flow = tunnel(gateway, origin, "-")) {
                send(gateway, "datagrams", TestingCapture.HEADER);
                send(gateway, "datagrams", TestingCapture.syn(origin.port(), "Acme Mail"));
                gateway.awaitMetric("postern_owner_reports_total{result=\"named\",source=\"agent\"}", 1);
                origin.accept().close();
            }
            JsonNode record = gateway.record(origin);
            assertThat(record.at("/actor/app_uid").asString()).isEqualTo(MAIL);
            assertThat(record.at("/unmapped/postern/app_assurance").asString()).isEqualTo("agent-reported");
            gateway.awaitMetric("postern_collector_packets_total{result=\"reported\"}", 1);
        }
    }

    @Test
    void aFlowThatIsNamedIsJudgedAsThatApps() throws Exception {
        String noMail = "rules: [{name: no-mail, when: {app: com.acme.mail}, action: block, mode: enforce}]\n";
        try (TestingGateway gateway = TestingGateway.start(dir, COLLECTORS, noMail);
                TestingOrigin origin = new TestingOrigin();
                TestingConnection flow = tunnel(gateway, origin, "-")) {
            flow.send("SSH-2.0-client\r\n");
            gateway.awaitMetricAtLeast("postern_recognition_total{basis=\"bytes\",protocol=\"ssh\"}", 1);
            send(gateway, "datagrams", TestingCapture.syn(origin.port(), "Acme Mail"));
            assertThatThrownBy(flow::rest).isInstanceOf(IOException.class);
            assertThat(gateway.record(origin).at("/firewall_rule/name").asString())
                    .isEqualTo("no-mail");
        }
    }

    @Test
    void whatTheDeviceSaysIsConfirmedByAStream() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, COLLECTORS, "");
                TestingOrigin origin = new TestingOrigin();
                Socket stream = new Socket(
                        InetAddress.getLoopbackAddress(),
                        gateway.address("streams").getPort())) {
            try (TestingConnection flow = tunnel(gateway, origin, MAIL)) {
                stream.getOutputStream().write(TestingCapture.HEADER);
                byte[] record = TestingCapture.syn(origin.port(), "Acme Mail");
                for (byte one : record) {
                    stream.getOutputStream().write(one);
                }
                gateway.awaitMetric("postern_owner_reports_total{result=\"confirmed\",source=\"agent\"}", 1);
                origin.accept().close();
            }
            assertThat(gateway.record(origin)
                            .at("/unmapped/postern/app_assurance")
                            .asString())
                    .isEqualTo("agent-reported");
            stream.getOutputStream().write(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, -1, -1, -1, -1, 0, 0, 0, 0});
            assertThat(stream.getInputStream().read())
                    .as("what is no record ends it")
                    .isEqualTo(-1);
            gateway.awaitMetric("postern_collector_packets_total{result=\"malformed\"}", 1);
        }
    }

    @Test
    void anotherAppThanTheDeviceSaysIsEvidence() throws Exception {
        TestingClock clock = new TestingClock(Clock.systemUTC().instant());
        try (TestingGateway gateway = TestingGateway.start(dir, COLLECTORS, "", clock);
                TestingOrigin origin = new TestingOrigin()) {
            try (TestingConnection flow = tunnel(gateway, origin, "com.acme.chat")) {
                send(gateway, "datagrams", TestingCapture.syn(origin.port(), "Acme Mail"));
                gateway.awaitMetric("postern_collector_packets_total{result=\"reported\"}", 1);
                clock.pass(Duration.ofMinutes(1));
                gateway.awaitMetric("postern_owner_reports_total{result=\"conflict\",source=\"agent\"}", 1);
                await().until(() -> gateway.gateway().liveFlows() == 1);
                origin.accept().close();
            }
            JsonNode record = gateway.record(origin);
            assertThat(record.at("/actor/app_uid").asString()).isEqualTo("com.acme.chat");
            assertThat(record.at("/unmapped/postern/evidence/0/feature").asString())
                    .isEqualTo("another-app-by-agent");
            assertThat(record.at("/unmapped/postern/evidence/0/family").asString())
                    .isEqualTo("tag");
        }
    }

    @Test
    void whatSaysNothingIsCounted() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, COLLECTORS, "")) {
            send(gateway, "others", TestingCapture.syn(443, "Acme Mail"));
            gateway.awaitMetric("postern_collector_packets_total{result=\"unknown-source\"}", 1);
            send(gateway, "datagrams", TestingCapture.syn(443, "Another"));
            gateway.awaitMetric("postern_collector_packets_total{result=\"unknown-label\"}", 1);
            send(gateway, "datagrams", new byte[] {1, 2, 3});
            gateway.awaitMetric("postern_collector_packets_total{result=\"malformed\"}", 1);
            byte[] forged = TestingCapture.syn(443, "Acme Mail");
            forged[16 + 14 + 16] ^= 1;
            send(gateway, "datagrams", forged);
            gateway.awaitMetric("postern_collector_packets_total{result=\"not-owned\"}", 1);
            send(gateway, "datagrams", TestingCapture.datagram(53, "Acme Mail"));
            send(gateway, "datagrams", TestingCapture.datagram(53, "Acme Mail"));
            gateway.awaitMetric("postern_collector_packets_total{result=\"reported\"}", 1);
            gateway.awaitMetric("postern_collector_packets_total{result=\"passed-over\"}", 1);
        }
    }

    private static TestingConnection tunnel(TestingGateway gateway, TestingOrigin origin, String app)
            throws IOException {
        TestingConnection flow = TestingClient.to(gateway).send(TestingClient.connect(origin.authority(), app));
        assertThat(flow.head()).startsWith("HTTP/1.1 200 ");
        return flow;
    }

    private static void send(TestingGateway gateway, String collector, byte[] datagram) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(datagram, datagram.length, gateway.address(collector)));
        }
    }
}
