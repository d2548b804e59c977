package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingClient.connect;
import static io.postern.gateway.e2e.TestingClient.tunnel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import io.postern.gateway.real.Ports;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Upstreams that refuse, never answer, break off: the client is told, the record says it, the counter counts it. */
class UpstreamIT {

    @TempDir
    Path dir;

    @Test
    void oneThatRefusesIs502() throws Exception {
        int closed = Ports.free();
        try (TestingGateway gateway = TestingGateway.start(dir);
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(connect("127.0.0.1:" + closed, TestingClient.APP));
            assertThat(client.rest())
                    .startsWith("HTTP/1.1 502 Bad Gateway\r\nProxy-Status: postern; error=connection_refused\r\n");
            JsonNode line = gateway.record(record -> true);
            assertThat(line.at("/activity_id").asInt()).isEqualTo(4);
            assertThat(line.at("/status_id").asInt()).isEqualTo(2);
            assertThat(line.at("/unmapped/postern/close_reason").asString()).isEqualTo("upstream-failed");
            gateway.awaitMetric("postern_upstream_failures_total{reason=\"connection-refused\"}", 1);
        }
    }

    @Test
    void refusedDialsLeaveNoSocketBehind() throws Exception {
        UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        int closed = Ports.free();
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            long before = system.getOpenFileDescriptorCount();
            for (int i = 0; i < 50; i++) {
                try (TestingConnection client = TestingClient.to(gateway)) {
                    client.send(connect("127.0.0.1:" + closed, TestingClient.APP));
                    assertThat(client.rest()).startsWith("HTTP/1.1 502 ");
                }
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> system.getOpenFileDescriptorCount() < before + 25);
        }
    }

    /** A listener whose queue is full is as good as a black hole: the kernel drops what it cannot queue. */
    @Test
    void oneThatNeverAnswersIs504AfterTheDeadline() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                TestingGateway gateway = TestingGateway.start(
                        dir, "upstream: {allow-networks: ['127.0.0.0/8'], connect-timeout: 300ms}\n", "");
                TestingConnection client = TestingClient.to(gateway)) {
            List<Socket> queue = fill(full);
            client.send(connect("127.0.0.1:" + full.getLocalPort(), TestingClient.APP));
            assertThat(client.rest())
                    .startsWith("HTTP/1.1 504 Gateway Timeout\r\nProxy-Status: postern; error=connection_timeout\r\n");
            gateway.awaitMetric("postern_upstream_failures_total{reason=\"connection-timeout\"}", 1);
            gateway.awaitNothingLeft();
            for (Socket some : queue) {
                some.close();
            }
        }
    }

    private static List<Socket> fill(ServerSocket server) throws IOException {
        List<Socket> queue = new ArrayList<>();
        while (queue.size() < 10) {
            Socket some = new Socket();
            queue.add(some);
            try {
                some.connect(server.getLocalSocketAddress(), 300);
            } catch (IOException full) {
                break;
            }
        }
        return queue;
    }

    /** TCP to a network's broadcast address has no route, on loopback too. */
    @ParameterizedTest
    @MethodSource("io.postern.gateway.e2e.HalfCloseIT#transports")
    void oneWithoutARouteIs502(String transport) throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, "runtime: {transport: " + transport + "}\n", "");
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(connect("127.255.255.255:9", TestingClient.APP));
            assertThat(client.rest())
                    .startsWith(
                            "HTTP/1.1 502 Bad Gateway\r\nProxy-Status: postern; error=destination_ip_unroutable\r\n");
            gateway.awaitMetric("postern_upstream_failures_total{reason=\"unreachable\"}", 1);
        }
    }

    @Test
    void aResetIsPassedOnAsAReset() throws Exception {
        try (TestingPath path = TestingPath.open(dir)) {
            path.begin();
            path.server().reset();
            assertThatThrownBy(path.client()::rest)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("reset");
            path.gateway().expectEnd("upstream-reset");
        }
    }

    @Test
    void aResetBeforeAnybodySpokeIsOneToo() throws Exception {
        try (TestingPath path = TestingPath.open(dir)) {
            path.server().reset();
            assertThatThrownBy(path.client()::rest)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("reset");
            path.gateway().expectEnd("upstream-reset");
        }
    }

    @Test
    void theClientsResetReachesTheServer() throws Exception {
        try (TestingPath path = TestingPath.open(dir)) {
            path.begin();
            path.client().reset();
            assertThatThrownBy(path.server()::rest)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("reset");
            path.gateway().expectEnd("client-reset");
        }
    }

    /** It finished, so nobody reads from it: that it then broke off shows at the next byte for it. */
    @Test
    void aClientThatFinishesAndThenBreaksOffIsMissedAtTheNextByte() throws Exception {
        try (TestingPath path = TestingPath.open(dir)) {
            path.client().send("\0").finish();
            assertThat(path.server().rest()).isEqualTo("\0");
            path.client().reset();
            path.server().send("too late");
            path.gateway().expectEnd("client-reset");
        }
    }

    @Test
    void aServerThatLeavesBeforeAnybodySpokeEndsTheFlowInOrder() throws Exception {
        try (TestingPath path = TestingPath.open(dir)) {
            path.server().close();
            assertThat(path.client().rest()).isEmpty();
            path.client().close();
            path.gateway().expectEnd("client-closed");
        }
    }

    /** The first address of a name refuses, the second is there. */
    @Test
    void theNextAddressIsTried() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingGateway gateway = TestingGateway.start(
                        dir,
                        "upstream: {allow-networks: ['127.0.0.0/8', '::1/128'], hosts: {two.acme.example: ['127.0.0.2:"
                                + origin.port() + "', '" + origin.authority() + "']}}\n",
                        "");
                TestingConnection client = tunnel(gateway, "two.acme.example:443");
                TestingConnection server = origin.accept()) {
            server.send("here").finish();
            assertThat(client.read(4)).isEqualTo("here");
            client.close();
            JsonNode line = gateway.record(record -> true);
            assertThat(line.at("/dst_endpoint/ip").asString()).isEqualTo("127.0.0.1");
            assertThat(line.at("/dst_endpoint/hostname").asString()).isEqualTo("two.acme.example");
        }
    }

    /** Whoever leaves while the dial is on is not dialled for any longer. */
    @Test
    void aClientThatLeavesDuringTheDialEndsIt() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                TestingGateway gateway = TestingGateway.start(
                        dir, "upstream: {allow-networks: ['127.0.0.0/8'], connect-timeout: 1m}\n", "")) {
            List<Socket> queue = fill(full);
            TestingConnection client = TestingClient.to(gateway);
            client.send(connect("127.0.0.1:" + full.getLocalPort(), TestingClient.APP));
            gateway.awaitMetric("postern_flows_active{ingress=\"http-connect\"}", 1);
            client.reset();
            gateway.expectEnd("client-reset");
            JsonNode line = gateway.record(record -> true);
            assertThat(line.at("/activity_id").asInt()).isEqualTo(4);
            assertThat(line.at("/status_id").asInt()).isEqualTo(2);
            for (Socket some : queue) {
                some.close();
            }
        }
    }
}
