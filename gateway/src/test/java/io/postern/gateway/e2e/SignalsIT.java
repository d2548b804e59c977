package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingClient.connect;
import static io.postern.gateway.identity.TestingTokens.claims;
import static io.postern.gateway.identity.TestingTokens.ed25519;
import static io.postern.gateway.identity.TestingTokens.set;
import static io.postern.gateway.identity.TestingTokens.sign;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.gateway.identity.TestingTokens;
import io.postern.gateway.real.SelfSigned;
import io.postern.gateway.real.ServedGateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.jose4j.jwk.PublicJsonWebKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator tells {@code ./postern serve}, the process itself, by signals. */
class SignalsIT {

    @TempDir
    Path dir;

    private SelfSigned certificate;
    private PublicJsonWebKey key;

    @BeforeEach
    void files() throws Exception {
        certificate = SelfSigned.mint(dir, "gateway.acme.example");
        key = ed25519("e1");
        Files.writeString(dir.resolve("jwks.json"), set(key));
    }

    /** A supervisor that changes its mind finds what it has begun to start stopped in order. */
    @Test
    void whatIsEndedWhileItStartsEndsInOrder() throws Exception {
        try (ServedGateway gateway = ServedGateway.starting(dir, """
                listeners: [{name: apps, type: http-connect, bind: '127.0.0.1:0'}]
                identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}]}
                """, "")) {
            gateway.stop();
        }
    }

    @Test
    void hangUpReadsPolicyKeysAndCertificatesAgain() throws Exception {
        PublicJsonWebKey next = ed25519("e2");
        try (ServedGateway gateway = served("drain: {timeout: 0s}\n");
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = opened(gateway, origin, authorized("com.acme.mail"));
                TestingConnection server = origin.accept()) {
            String denied = authorized("com.acme.denied");
            String renewed = bearer(next);
            opened(gateway, origin, denied).close();
            opened(gateway, origin, bearer(key)).close();
            assertThat(answer(gateway, origin, renewed)).startsWith("HTTP/1.1 407 ");
            assertThat(subject(gateway)).isEqualTo("CN=gateway.acme.example");

            replace("policy.yaml", """
                    rules: [{name: denied, when: {app: com.acme.denied}, action: block, mode: enforce}]
                    """);
            replace("jwks.json", set(next));
            certificate.rename("renewed.acme.example");
            gateway.hangUp();
            gateway.awaitLog(" reading policy, keys, revocations and certificates again");

            awaitAnswer(gateway, origin, denied, "HTTP/1.1 403 ");
            awaitAnswer(gateway, origin, renewed, "HTTP/1.1 200 ");
            awaitAnswer(gateway, origin, bearer(key), "HTTP/1.1 407 ");
            await().until(() -> subject(gateway).equals("CN=renewed.acme.example"));
            expectCarried(client, server);
            gateway.stop();
        }
    }

    /** Until the load balancer has noticed, clients still come, and are served. */
    @Test
    void duringTheDelayOfADrainNewFlowsAreServed() throws Exception {
        try (ServedGateway gateway = served("drain: {delay: 5s, timeout: 1m}\n");
                TestingOrigin origin = new TestingOrigin();
                TestingConnection before = opened(gateway, origin, authorized("com.acme.before"));
                TestingConnection beforeServer = origin.accept()) {
            int port = gateway.port("apps");
            gateway.terminate();
            await().until(() -> gateway.admin("/readyz").statusCode() == 503);
            try (TestingConnection during = opened(gateway, origin, authorized("com.acme.during"));
                    TestingConnection duringServer = origin.accept()) {
                gateway.awaitRefusal(port);
                assertThat(gateway.admin("/livez").statusCode()).isEqualTo(200);
                expectCarried(before, beforeServer);
                expectCarried(during, duringServer);
            }
            before.close();
            beforeServer.close();
            gateway.ended();
            assertThat(closeReasons(gateway)).hasSize(2).doesNotContain("drain");
        }
    }

    @Test
    void whatHasNotFinishedByTheTimeoutOfADrainIsCutAndRecorded() throws Exception {
        try (ServedGateway gateway = served("drain: {delay: 0s, timeout: 1s}\n");
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = opened(gateway, origin, authorized("com.acme.mail"));
                TestingConnection server = origin.accept()) {
            expectCarried(client, server);
            gateway.terminate();
            assertThat(client.untilGone()).isEmpty();
            assertThat(server.untilGone()).isEmpty();
            gateway.ended();
            assertThat(closeReasons(gateway)).containsExactly("drain");
        }
    }

    private ServedGateway served(String more) throws IOException {
        return ServedGateway.start(
                dir,
                """
                listeners:
                  - {name: apps, type: http-connect, bind: '127.0.0.1:0'}
                  - {name: apps-tls, type: http-connect, bind: '127.0.0.1:0', tls: {certificate: '%s', key: '%s'}}
                identity:
                  tenant: acme
                  tag-keys: [{id: k1, secret-file: k1}]
                  jwt: {jwks-file: jwks.json, issuer: '%s', audience: %s}
                upstream: {allow-networks: ['127.0.0.0/8']}
                """.formatted(
                                        certificate.certificate(),
                                        certificate.key(),
                                        TestingTokens.ISSUER,
                                        TestingTokens.AUDIENCE)
                        + more,
                "");
    }

    private static String authorized(String app) {
        return TestingClient.authorization(app);
    }

    private static String bearer(PublicJsonWebKey signer) throws Exception {
        long inAnHour = Clock.systemUTC().instant().plus(Duration.ofHours(1)).getEpochSecond();
        return "Proxy-Authorization: Bearer " + sign(signer, claims("LC07", "com.acme.mail", inAnHour)) + "\r\n";
    }

    private void replace(String name, String content) throws IOException {
        Path next = Files.writeString(dir.resolve(name + ".next"), content);
        Files.move(next, dir.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private static TestingConnection to(ServedGateway gateway, String listener) throws IOException {
        return TestingClient.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port(listener)));
    }

    /** A tunnel that must be opened; the origin has it to accept. */
    private static TestingConnection opened(ServedGateway gateway, TestingOrigin origin, String authorization)
            throws IOException {
        TestingConnection client = to(gateway, "apps").send(request(origin, authorization));
        assertThat(client.head()).startsWith("HTTP/1.1 200 ");
        return client;
    }

    private static String answer(ServedGateway gateway, TestingOrigin origin, String authorization) throws IOException {
        try (TestingConnection client = to(gateway, "apps").send(request(origin, authorization))) {
            return client.head();
        }
    }

    private static void awaitAnswer(
            ServedGateway gateway, TestingOrigin origin, String authorization, String beginning) {
        await().until(() -> answer(gateway, origin, authorization).startsWith(beginning));
    }

    private static String request(TestingOrigin origin, String authorization) {
        return connect(origin.authority(), TestingClient.APP)
                .replace(TestingClient.authorization(TestingClient.APP), authorization);
    }

    private static String subject(ServedGateway gateway) throws Exception {
        try (TestingConnection client = to(gateway, "apps-tls");
                SSLSocket tls = TestingClient.tls(client, "gateway.acme.example", List.of("http/1.1"))) {
            return TestingClient.subject(tls);
        }
    }

    private static void expectCarried(TestingConnection client, TestingConnection server) throws IOException {
        client.send("\0ping");
        assertThat(server.read(5)).isEqualTo("\0ping");
        server.send("\0pong");
        assertThat(client.read(5)).isEqualTo("\0pong");
    }

    private static List<String> closeReasons(ServedGateway gateway) throws IOException {
        return gateway.records().stream()
                .map(line -> line.at("/unmapped/postern/close_reason").asString())
                .toList();
    }
}
