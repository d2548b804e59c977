package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingClient.tunnel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.gateway.identity.CompactTag;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What all devices need, one of them cannot take. */
class SharesIT {

    private static final String REFUSED_LOOKUPS = "postern_overload_total{action=\"refuse-lookup\"}";

    @TempDir
    Path dir;

    /** A server that never answers keeps lookups under way for as long as the test takes. */
    @Test
    void aDeviceWhoseNamesAreNotAnsweredKeepsNobodyElseWaiting() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                TestingGateway gateway = TestingGateway.start(dir, """
                        dns: {upstreams: ['127.0.0.1:%d'], timeout: 1m, lookups-per-device: 2}
                        upstream: {connect-timeout: 1m}
                        """.formatted(silent.getLocalPort()), "");
                TestingConnection first = asks(gateway, "LC01", "a.acme.example");
                TestingConnection second = asks(gateway, "LC01", "b.acme.example")) {
            gateway.awaitMetric("postern_dns_lookups", 2);
            try (TestingConnection third = asks(gateway, "LC01", "c.acme.example")) {
                assertThat(third.head())
                        .startsWith("HTTP/1.1 503 Service Unavailable\r\n"
                                + "Proxy-Status: postern; error=connection_limit_reached\r\nRetry-After: 10\r\n");
            }
            gateway.awaitMetric(REFUSED_LOOKUPS, 1);
            assertThat(gateway.record(line -> true)
                            .at("/unmapped/postern/close_reason")
                            .asString())
                    .isEqualTo("limit");
            try (TestingConnection other = asks(gateway, "LC02", "d.acme.example")) {
                gateway.awaitMetric("postern_dns_lookups", 3);
            }
            // Who broke off waits for no name; the name itself is still asked for.
            first.reset();
            await().until(() -> gateway.gateway().liveFlows() <= 2);
            try (TestingConnection fourth = asks(gateway, "LC01", "e.acme.example")) {
                assertThat(fourth.head()).startsWith("HTTP/1.1 503 ");
            }
        }
    }

    @Test
    void allTogetherAskForSoManyNames() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                TestingGateway gateway = TestingGateway.start(dir, """
                        dns: {upstreams: ['127.0.0.1:%d'], timeout: 1m, lookups: 1}
                        upstream: {connect-timeout: 1m}
                        """.formatted(silent.getLocalPort()), "");
                TestingConnection first = asks(gateway, "LC01", "a.acme.example")) {
            gateway.awaitMetric("postern_dns_lookups", 1);
            try (TestingConnection second = asks(gateway, "LC02", "b.acme.example")) {
                assertThat(second.head()).startsWith("HTTP/1.1 503 ");
            }
            gateway.awaitMetric(REFUSED_LOOKUPS, 1);
            first.close();
        }
    }

    /** Nobody reads: what has been read for one end waits in the gateway, and one device's may not be all of it. */
    @Test
    void oneDeviceCannotMakeTheGatewayHoldEverything() throws Exception {
        String settings = "limits: {flows: 200, relay-memory: 4MiB}\n";
        try (TestingGateway gateway = TestingGateway.start(dir, settings, "");
                TestingOrigin origin = new TestingOrigin()) {
            List<TestingConnection> all = new ArrayList<>();
            while (gateway.metric("postern_overload_total{action=\"cut-flow\"}") == 0) {
                assertThat(all).hasSizeLessThan(100);
                TestingConnection client = tunnel(gateway, origin.authority()).send("\0");
                TestingConnection server = origin.accept();
                all.add(client);
                all.add(server);
                TestingOrigin.behind(() -> server.send("x".repeat(8_000_000)));
                await().until(() -> gateway.metric("postern_relay_held_bytes") > 0);
            }
            assertThat(gateway.metric("postern_relay_held_bytes")).isLessThanOrEqualTo(4 << 20 >> 3);
            // Others do not notice.
            try (TestingConnection other = asks(gateway, "LC02", "127.0.0.1:" + origin.port())) {
                assertThat(other.head()).startsWith("HTTP/1.1 200 ");
            }
            for (TestingConnection some : all) {
                some.reset();
            }
            gateway.awaitMetric("postern_relay_held_bytes", 0);
        }
    }

    /** Who is nobody shares with nobody but those it comes from the same place with. */
    @Test
    void theUnattributedOfOneSourceHaveSoManyFlows() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingGateway gateway = TestingGateway.start(dir, """
                        listeners: [{name: apps, type: http-connect, bind: '127.0.0.1:0'}]
                        identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], unattributed: admit}
                        upstream: {allow-networks: ['127.0.0.0/8'], hosts: {'a.acme.example': '%s'}}
                        limits: {flows: 200, flows-per-device: 1}
                        """.formatted(origin.authority()), "")) {
            String request = "CONNECT a.acme.example:443 HTTP/1.1\r\nHost: a.acme.example:443\r\n\r\n";
            try (TestingConnection one = TestingClient.to(gateway).send(request);
                    TestingConnection two = TestingClient.to(gateway)) {
                assertThat(one.head()).startsWith("HTTP/1.1 200 ");
                assertThat(two.send(request).head()).startsWith("HTTP/1.1 503 ");
                try (TestingConnection elsewhere = TestingClient.from("127.0.0.2", gateway.address())) {
                    assertThat(elsewhere.send(request).head()).startsWith("HTTP/1.1 200 ");
                }
                try (TestingConnection device = tunnel(gateway, origin.authority())) {
                    device.send("x");
                }
            }
            gateway.awaitMetric("postern_overload_total{action=\"refuse-flow\"}", 1);
        }
    }

    private static TestingConnection asks(TestingGateway gateway, String device, String host) throws Exception {
        CompactTag tag = TestingGateway.deviceTag(device);
        String target = host.contains(":") ? host : host + ":443";
        return TestingClient.to(gateway)
                .send("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\nProxy-Authorization: "
                        + TestingGateway.basic(tag) + "\r\n\r\n");
    }
}
