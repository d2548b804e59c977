package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingClient.tunnel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.gateway.real.SelfSigned;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What goes through a tunnel is recognised whatever its port, and arrives as it was sent. */
class TunnelIT {

    @TempDir
    Path dir;

    @Test
    void tlsIsRecognisedOnAnyPortWithNameAndFingerprints() throws Exception {
        SelfSigned certificate = SelfSigned.mint(dir, "intranet.acme.example");
        try (TestingGateway gateway = TestingGateway.start(dir);
                SSLServerSocket origin = (SSLServerSocket)
                        certificate.context().getServerSocketFactory().createServerSocket(0)) {
            CompletableFuture<Void> served = TestingOrigin.behind(() -> {
                try (SSLSocket server = (SSLSocket) origin.accept()) {
                    server.getInputStream().transferTo(server.getOutputStream());
                }
            });
            TestingConnection client = tunnel(gateway, "127.0.0.1:" + origin.getLocalPort());
            try (SSLSocket tls = TestingClient.tls(client, "intranet.acme.example", List.of("h2", "http/1.1"))) {
                tls.getOutputStream().write("over TLS".getBytes(StandardCharsets.US_ASCII));
                assertThat(tls.getInputStream().readNBytes(8)).asString().isEqualTo("over TLS");
                // It may live for days, and whoever watches the gateway wants to know today.
                gateway.awaitMetric("postern_flow_setup_seconds_count", 1);
                gateway.awaitMetric("postern_nonstandard_port_total{protocol=\"tls\"}", 1);
                gateway.awaitMetric("postern_recognition_total{basis=\"bytes\",protocol=\"tls\"}", 1);
            }
            served.join();
            JsonNode line = gateway.record(record -> true);
            assertThat(line.at("/app_name").asString()).isEqualTo("tls");
            assertThat(line.at("/unmapped/postern/basis").asString()).isEqualTo("bytes");
            assertThat(line.at("/tls/sni").asString()).isEqualTo("intranet.acme.example");
            assertThat(line.at("/unmapped/postern/alpn").toString()).isEqualTo("[\"h2\",\"http/1.1\"]");
            assertThat(line.at("/tls/ja3_hash/value").asString()).matches("[0-9a-f]{32}");
            assertThat(line.at("/ja4_fingerprint_list/0/value").asString())
                    .matches("t13d\\d{4}h2_[0-9a-f]{12}_[0-9a-f]{12}");
            gateway.awaitMetric("postern_nonstandard_port_total{protocol=\"tls\"}", 1);
            gateway.awaitMetric("postern_recognition_total{basis=\"bytes\",protocol=\"tls\"}", 1);
            gateway.awaitNothingLeft();
        }
    }

    /** In clear up to TLS 1.2; read off the event loop, and told while the flow lives. */
    @Test
    void theServersHalfOfAHandshakeIsTold() throws Exception {
        SelfSigned certificate = SelfSigned.mint(dir, "intranet.acme.example");
        try (TestingGateway gateway = TestingGateway.start(dir);
                SSLServerSocket origin = (SSLServerSocket)
                        certificate.context().getServerSocketFactory().createServerSocket(0)) {
            origin.setEnabledProtocols(new String[] {"TLSv1.2"});
            CompletableFuture<Void> served = TestingOrigin.behind(() -> {
                try (SSLSocket server = (SSLSocket) origin.accept()) {
                    server.getInputStream().transferTo(server.getOutputStream());
                }
            });
            TestingAdmin admin = TestingAdmin.of(gateway);
            TestingConnection client = tunnel(gateway, "127.0.0.1:" + origin.getLocalPort());
            try (SSLSocket tls = TestingClient.tls(client, "intranet.acme.example", List.of("http/1.1"))) {
                tls.getOutputStream().write('x');
                assertThat(tls.getInputStream().read()).isEqualTo('x');
                await().until(() -> admin.get("/v1/flows").body().contains("serial_number"));
            }
            served.join();
            JsonNode told = gateway.record(record -> true).at("/tls");
            assertThat(told.at("/version").asString()).isEqualTo("1.2");
            assertThat(told.at("/cipher").asString()).matches("0x[0-9a-f]{4}");
            assertThat(told.at("/ja3s_hash/value").asString()).matches("[0-9a-f]{32}");
            assertThat(told.at("/certificate/subject").asString()).isEqualTo("intranet.acme.example");
            assertThat(told.at("/certificate/is_self_signed").asBoolean()).isTrue();
            gateway.awaitNothingLeft();
        }
    }

    /** One byte a segment, as many as the hello has: whatever the cut, the same answer. */
    @Test
    void aHelloThatComesByteByByteIsRecognised() throws Exception {
        byte[] hello = TestingHello.bytes("slow.acme.example");
        try (TestingPath path = TestingPath.open(dir, "sniff: {server-first: 10s, timeout: 10s}\n")) {
            for (byte some : hello) {
                path.client().send(new byte[] {some});
            }
            assertThat(path.server().socket().getInputStream().readNBytes(hello.length))
                    .isEqualTo(hello);
            path.client().close();
            path.server().close();
            assertThat(path.gateway().record(record -> true).at("/tls/sni").asString())
                    .isEqualTo("slow.acme.example");
        }
    }

    /** The gateway's answer is not waited for: what is sent behind the request belongs to the tunnel. */
    @Test
    void earlyDataBehindConnectReachesTheOriginInOrder() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir);
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(TestingClient.connect(origin.authority(), TestingClient.APP) + "GET /early HTTP/1.1\r\n");
            try (TestingConnection server = origin.accept()) {
                assertThat(client.head()).isEqualTo("HTTP/1.1 200 Connection established\r\n\r\n");
                client.send("Host: intranet.acme.example\r\n\r\n");
                assertThat(server.head()).isEqualTo("GET /early HTTP/1.1\r\nHost: intranet.acme.example\r\n\r\n");
                client.close();
            }
            JsonNode line = gateway.record(record -> true);
            assertThat(line.at("/app_name").asString()).isEqualTo("http");
            assertThat(line.at("/unmapped/postern/http_host").asString()).isEqualTo("intranet.acme.example");
        }
    }

    /** The whole of a small conversation, sent before anything is answered and ended at once. */
    @Test
    void aClientThatSaysAllAtOnceAndFinishesHasItsAnswer() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir);
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(TestingClient.connect(origin.authority(), TestingClient.APP) + "\0question");
            client.finish();
            try (TestingConnection server = origin.accept()) {
                assertThat(server.rest()).isEqualTo("\0question");
                server.send("answer");
            }
            assertThat(client.head()).startsWith("HTTP/1.1 200 ");
            assertThat(client.rest()).isEqualTo("answer");
        }
    }

    @Test
    void tunnelsComeOverTlsAndARenewedCertificateIsTakenUp() throws Exception {
        SelfSigned first = SelfSigned.mint(dir, "first.acme.example");
        SelfSigned second = SelfSigned.mint(dir, "second.acme.example");
        Path certificate = Files.copy(first.certificate(), dir.resolve("gateway.crt"));
        Path key = Files.copy(first.key(), dir.resolve("gateway.key"), StandardCopyOption.COPY_ATTRIBUTES);
        String listeners = "listeners: [{name: apps, type: http-connect, bind: '127.0.0.1:0',"
                + " tls: {certificate: gateway.crt, key: gateway.key}}]\n";
        try (TestingGateway gateway = TestingGateway.start(dir, listeners, "");
                TestingOrigin origin = new TestingOrigin()) {
            TestingConnection before = throughTls(gateway, origin, "first.acme.example");
            Files.copy(second.key(), key, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
            Files.copy(second.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
            org.awaitility.Awaitility.await().until(() -> shown(gateway).contains("second.acme.example"));
            try (before;
                    TestingConnection after = throughTls(gateway, origin, "second.acme.example")) {
                // What is open goes on.
                before.send("still");
                after.send("there");
            }
        }
    }

    private static TestingConnection throughTls(TestingGateway gateway, TestingOrigin origin, String subject)
            throws Exception {
        SSLSocket tls = TestingClient.tls(TestingClient.to(gateway), "gateway.acme.example", List.of("http/1.1"));
        TestingConnection client = new TestingConnection(tls);
        client.send(TestingClient.connect(origin.authority(), TestingClient.APP));
        try (TestingConnection server = origin.accept()) {
            assertThat(client.head()).startsWith("HTTP/1.1 200 ");
            client.send("\0ping");
            assertThat(server.read(5)).isEqualTo("\0ping");
            server.send("pong");
            assertThat(client.read(4)).isEqualTo("pong");
        }
        assertThat(TestingClient.subject(tls)).contains(subject);
        return client;
    }

    private static String shown(TestingGateway gateway) throws Exception {
        try (SSLSocket tls =
                TestingClient.tls(TestingClient.to(gateway), "gateway.acme.example", List.of("http/1.1"))) {
            return TestingClient.subject(tls);
        }
    }
}
