package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingClient.tunnel;
import static io.postern.gateway.e2e.TestingOrigin.behind;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that stops lets its flows finish, takes no new ones and writes every record. */
class DrainingIT {

    @TempDir
    Path dir;

    @Test
    void liveFlowsFinishAndNewOnesAreRefused() throws Exception {
        try (TestingPath path = TestingPath.open(dir, "drain: {timeout: 1m}\n")) {
            path.client().send("\0before");
            assertThat(path.server().read(7)).isEqualTo("\0before");
            CompletableFuture<Void> drained = behind(path.gateway().gateway()::drain);
            await().untilAsserted(() -> assertThatThrownBy(
                            () -> TestingClient.to(path.gateway()).close())
                    .isInstanceOf(IOException.class));
            assertThat(drained).isNotDone();
            path.server().send("during").close();
            assertThat(path.client().rest()).isEqualTo("during");
            path.client().close();
            drained.join();
            assertThat(path.gateway().records())
                    .singleElement()
                    .satisfies(line ->
                            assertThat(line.at("/traffic/bytes").asInt()).isEqualTo(13));
        }
    }

    /** A kept connection that nobody uses keeps nobody waiting, and one in use is ended with its response. */
    @Test
    void keptConnectionsEndWithWhatIsBeingExchanged() throws Exception {
        // One loop, so that the one that is idle has heard of it no sooner than the one that is busy.
        try (TestingGateway gateway =
                        TestingGateway.start(dir, "drain: {timeout: 1m}\nruntime: {event-loops: 1}\n", "");
                TestingOrigin origin = new TestingOrigin();
                TestingConnection idle = TestingClient.to(gateway);
                TestingConnection busy = TestingClient.to(gateway)) {
            idle.send(TestingClient.get(origin, "/idle", TestingClient.APP));
            try (TestingConnection server = origin.accept()) {
                server.head();
                server.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                assertThat(idle.message()).endsWith("ok");
                busy.send(TestingClient.get(origin, "/busy", TestingClient.APP));
                try (TestingConnection slow = origin.accept()) {
                    slow.head();
                    CompletableFuture<Void> drained = behind(gateway.gateway()::drain);
                    assertThat(idle.rest()).isEmpty();
                    assertThat(drained).isNotDone();
                    slow.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    assertThat(busy.head()).contains("\r\nConnection: close\r\n");
                    assertThat(busy.rest()).isEqualTo("ok");
                    drained.join();
                }
            }
        }
    }

    /** One that is still being opened is refused, and its client may try elsewhere. */
    @Test
    void aFlowThatIsStillBeingOpenedIsTold() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                TestingGateway gateway = TestingGateway.start(dir, """
                        dns: {upstreams: ['127.0.0.1:%d'], timeout: 1m}
                        upstream: {connect-timeout: 1m}
                        drain: {timeout: 0s}
                        """.formatted(silent.getLocalPort()), "");
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(TestingClient.connect("a.acme.example:443", TestingClient.APP));
            await().until(() -> gateway.gateway().liveFlows() == 1);
            gateway.gateway().drain();
            assertThat(client.head()).startsWith("HTTP/1.1 503 ").contains("\r\nRetry-After: 10\r\n");
            assertThat(gateway.records()).singleElement().satisfies(line -> {
                assertThat(line.at("/unmapped/postern/close_reason").asString()).isEqualTo("drain");
                assertThat(line.at("/activity_id").asInt()).isEqualTo(5);
            });
        }
    }

    @Test
    void flowsThatDoNotFinishAreCutAndRecorded() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, "drain: {timeout: 0s}\n", "");
                TestingOrigin origin = new TestingOrigin()) {
            int flows = 20;
            // Kept, for a socket that nobody knows is closed by the collector.
            List<TestingConnection> ends = new ArrayList<>();
            for (int i = 0; i < flows; i++) {
                ends.add(tunnel(gateway, origin.authority()).send("\0"));
                TestingConnection server = origin.accept();
                ends.add(server);
                assertThat(server.read(1)).isEqualTo("\0");
            }
            gateway.gateway().drain();
            assertThat(gateway.records())
                    .hasSize(flows)
                    .allSatisfy(line -> assertThat(
                                    line.at("/unmapped/postern/close_reason").asString())
                            .isEqualTo("drain"));
            for (TestingConnection end : ends) {
                end.close();
            }
        }
    }
}
