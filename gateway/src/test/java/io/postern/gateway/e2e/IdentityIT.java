package io.postern.gateway.e2e;

import static io.postern.gateway.identity.TestingTokens.bound;
import static io.postern.gateway.identity.TestingTokens.claims;
import static io.postern.gateway.identity.TestingTokens.ed25519;
import static io.postern.gateway.identity.TestingTokens.p256;
import static io.postern.gateway.identity.TestingTokens.set;
import static io.postern.gateway.identity.TestingTokens.sign;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.identity.ClientCertificate;
import io.postern.gateway.identity.CompactTag;
import io.postern.gateway.identity.Revoked.Entry;
import io.postern.gateway.identity.Revoked.Kind;
import io.postern.gateway.identity.RevokedFile;
import io.postern.gateway.identity.TagKeyMaterial;
import io.postern.gateway.identity.TestingTokens;
import io.postern.gateway.real.SelfSigned;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jose4j.jwk.PublicJsonWebKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Tokens, client certificates and revocation, through a gateway that runs. */
class IdentityIT {

    private static final char[] NO_PASSWORD = {};

    @TempDir
    Path dir;

    private TestingLog log;
    private TestingOrigin origin;
    private TestingGateway gateway;
    private PublicJsonWebKey key;
    private SelfSigned ours;
    private SelfSigned device;
    private final List<TestingConnection> servers = new ArrayList<>();
    private boolean warned;

    @BeforeEach
    void start() throws Exception {
        log = new TestingLog();
        origin = new TestingOrigin();
        key = ed25519("e1");
        ours = SelfSigned.mint(dir, "gateway.acme.example");
        device = SelfSigned.mint(dir, "LC01");
        Files.writeString(dir.resolve("jwks.json"), set(key));
        Files.writeString(dir.resolve("revoked"), "# nothing yet\n");
        gateway = TestingGateway.start(
                dir,
                "listeners: [{name: apps, type: http-connect, bind: '127.0.0.1:0'}, {name: mutual, type: http-connect,"
                        + " bind: '127.0.0.1:0', tls: {certificate: '" + ours.certificate() + "', key: '" + ours.key()
                        + "', client-ca: '" + device.certificate()
                        + "', client-auth: optional}}, {name: behind, type: http-connect, bind: '127.0.0.1:0',"
                        + " trusted-headers: {sources: ['127.0.0.1/32']}, tls: {certificate: '" + ours.certificate()
                        + "', key: '" + ours.key() + "', client-ca: '" + device.certificate()
                        + "', client-auth: optional}}]\n"
                        + "identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], unattributed: refuse,"
                        + " revoked-file: revoked, jwt: {jwks-file: jwks.json, issuer: '" + TestingTokens.ISSUER
                        + "', audience: " + TestingTokens.AUDIENCE + "}}\n",
                "");
    }

    @AfterEach
    void leavesNothing() throws Exception {
        for (TestingConnection server : servers) {
            server.close();
        }
        gateway.awaitNothingLeft();
        gateway.close();
        origin.close();
        if (!warned) {
            log.expectQuiet();
        }
        log.close();
    }

    @Test
    void aTokenOpensATunnel() throws Exception {
        expectTunnel(TestingClient.to(gateway), bearer(sign(key, claims("LC07", "com.acme.mail", inAnHour()))));

        JsonNode line = gateway.record(record -> true);
        assertThat(line.at("/device/uid").asString()).isEqualTo("LC07");
        assertThat(line.at("/actor/app_uid").asString()).isEqualTo("com.acme.mail");
        assertThat(line.at("/unmapped/postern/device_assurance").asString()).isEqualTo("tag-verified");
    }

    @Test
    void aBadTokenIsAnsweredAsNoneIs() throws Exception {
        String none = refused(TestingClient.to(gateway), "");
        String forged = bearer(sign(ed25519("e1"), claims("LC07", "a.b", inAnHour())));

        assertThat(refused(TestingClient.to(gateway), forged)).isEqualTo(none);
        assertThat(refused(TestingClient.to(gateway), bearer("e30.e30."))).isEqualTo(none);
        assertThat(gateway.metric("postern_tags_rejected_total{reason=\"forged\"}"))
                .isEqualTo(1);
        assertThat(origin.untouched()).isTrue();
    }

    @Test
    void aCertificateBindsATokenAndATag() throws Exception {
        String thumbprint = ClientCertificate.of(device.read()).thumbprint();
        String token = bearer(sign(key, bound(claims("LC01", "a.bound", inAnHour()), thumbprint)));

        assertThat(refused(TestingClient.to(gateway), token)).startsWith("HTTP/1.1 407 ");
        expectTunnel(mutual(), token);
        expectTunnel(mutual(), TestingClient.authorization("a.tag"));
        expectTunnel(mutual(), "");

        for (String app : new String[] {"a.bound", "a.tag", "-"}) {
            JsonNode line = gateway.record(
                    record -> record.at("/actor/app_uid").asString().equals(app));
            assertThat(line.at("/device/uid").asString()).isEqualTo("LC01");
            assertThat(line.at("/unmapped/postern/device_assurance").asString()).isEqualTo("mtls-bound");
        }
    }

    /** Whoever speaks for others is none of them, and its certificate is its own. */
    @Test
    void aConcentratorsCertificateIsNoDevices() throws Exception {
        assertThat(refused(mutual("behind"), "")).startsWith("HTTP/1.1 407 ");
        assertThat(gateway.metric("postern_tags_rejected_total{reason=\"missing\"}"))
                .isEqualTo(1);
        expectTunnel(mutual("behind"), token("LC02"));
        expectTunnel(mutual("behind"), "X-MobileIron-DEVICE-UUID: LC03\r\n");

        for (String[] each : new String[][] {{"LC02", "tag-verified"}, {"LC03", "concentrator"}}) {
            JsonNode line =
                    gateway.record(record -> record.at("/device/uid").asString().equals(each[0]));
            assertThat(line.at("/unmapped/postern/device_assurance").asString()).isEqualTo(each[1]);
        }
    }

    @Test
    void aTokenOfAnotherDeviceThanTheCertificateIsRefused() throws Exception {
        String token = bearer(sign(key, claims("LC02", "a.b", inAnHour())));

        assertThat(refused(mutual(), token)).startsWith("HTTP/1.1 407 ");
        assertThat(gateway.metric("postern_tags_rejected_total{reason=\"conflict\"}"))
                .isEqualTo(1);
    }

    @Test
    void whoIsRevokedIsCutAndNotLetInAgain() throws Exception {
        try (TestingConnection revoked = open("LC07");
                TestingConnection other = open("LC08")) {
            RevokedFile.add(dir.resolve("revoked"), List.of(new Entry(Kind.DEVICE, "LC07")), Optional.empty());

            revoked.untilGone();
            assertThat(refused(TestingClient.to(gateway), token("LC07"))).startsWith("HTTP/1.1 407 ");
            assertThat(gateway.metric("postern_tags_rejected_total{reason=\"revoked\"}"))
                    .isEqualTo(1);
            other.send("still here");
            assertThat(servers.get(1).read(10)).isEqualTo("still here");
        }
        JsonNode line =
                gateway.record(record -> record.at("/device/uid").asString().equals("LC07"));
        assertThat(line.at("/firewall_rule/name").asString()).isEqualTo("revoked");
    }

    /** A list that does not read must not set everybody free. */
    @Test
    void theLastGoodListStays() throws Exception {
        TestingFile.replace(dir.resolve("revoked"), "device LC07\n");
        gateway.awaitMetric("postern_identity_reloads_total{result=\"applied\"}", 1);
        TestingFile.replace(dir.resolve("revoked"), "devise LC07 and more\n");
        gateway.awaitMetric("postern_identity_reloads_total{result=\"rejected\"}", 1);

        assertThat(gateway.metric("postern_identity_refused")).isEqualTo(1);
        assertThat(refused(TestingClient.to(gateway), token("LC07"))).startsWith("HTTP/1.1 407 ");
        warned = true;
    }

    /** A revocation must not wait until somebody has mended the key set, nor keys for the list. */
    @Test
    void oneBadFileDoesNotHoldUpTheOther() throws Exception {
        TestingFile.replace(dir.resolve("jwks.json"), "{\"keys\": []}");
        gateway.awaitMetric("postern_identity_reloads_total{result=\"rejected\"}", 1);
        RevokedFile.add(dir.resolve("revoked"), List.of(new Entry(Kind.DEVICE, "LC07")), Optional.empty());
        gateway.awaitMetric("postern_identity_reloads_total{result=\"applied\"}", 1);

        assertThat(refused(TestingClient.to(gateway), token("LC07"))).startsWith("HTTP/1.1 407 ");
        expectTunnel(TestingClient.to(gateway), token("LC08"));

        TestingFile.replace(dir.resolve("revoked"), "devise LC08\n");
        gateway.awaitMetric("postern_identity_reloads_total{result=\"rejected\"}", 2);
        assertThat(gateway.metric("postern_identity_refused")).isEqualTo(2);
        PublicJsonWebKey next = p256("p2");
        TestingFile.replace(dir.resolve("jwks.json"), set(next));
        gateway.awaitMetric("postern_identity_reloads_total{result=\"applied\"}", 2);
        assertThat(gateway.metric("postern_identity_refused")).isEqualTo(1);

        expectTunnel(TestingClient.to(gateway), bearer(sign(next, claims("LC09", "a.b", inAnHour()))));
        assertThat(refused(TestingClient.to(gateway), bearer(sign(next, claims("LC07", "a.b", inAnHour())))))
                .startsWith("HTTP/1.1 407 ");
        warned = true;
    }

    @Test
    void keysAreRotatedUnderFlowsThatLive() throws Exception {
        try (TestingConnection living = open("LC07")) {
            PublicJsonWebKey next = p256("p2");
            TestingFile.replace(dir.resolve("jwks.json"), set(next));
            gateway.awaitMetric("postern_identity_reloads_total{result=\"applied\"}", 1);

            expectTunnel(TestingClient.to(gateway), bearer(sign(next, claims("LC09", "a.b", inAnHour()))));
            assertThat(refused(TestingClient.to(gateway), token("LC07"))).startsWith("HTTP/1.1 407 ");
            living.send("still here");
            assertThat(servers.get(0).read(10)).isEqualTo("still here");
        }
    }

    /** A key that is gone or too short changes nothing. */
    @Test
    void aKeyOfTagsIsRotated() throws Exception {
        byte[] next = "n".repeat(32).getBytes(StandardCharsets.US_ASCII);
        TestingFile.replace(dir.resolve("k1"), next);
        gateway.awaitMetric("postern_identity_reloads_total{result=\"applied\"}", 1);
        String tag = basic(CompactTag.sign(new TagKeyMaterial("k1", next), "acme", "LC09", "work", "a.b", inAnHour()));

        expectTunnel(TestingClient.to(gateway), tag);
        assertThat(refused(TestingClient.to(gateway), basic(TestingGateway.deviceTag("LC09"))))
                .startsWith("HTTP/1.1 407 ");

        TestingFile.replace(dir.resolve("k1"), "too short");
        gateway.awaitMetric("postern_identity_reloads_total{result=\"rejected\"}", 1);
        expectTunnel(TestingClient.to(gateway), tag);
        Files.delete(dir.resolve("k1"));
        gateway.awaitMetric("postern_identity_reloads_total{result=\"rejected\"}", 2);
        expectTunnel(TestingClient.to(gateway), tag);
        warned = true;
    }

    private void expectTunnel(TestingConnection client, String field) throws IOException {
        try (client;
                TestingConnection server = tunnel(client, field)) {
            client.send("to the origin");
            assertThat(server.read(13)).isEqualTo("to the origin");
        }
    }

    /** @return the origin's end */
    private TestingConnection tunnel(TestingConnection client, String field) throws IOException {
        ask(client, field);
        assertThat(client.head()).startsWith("HTTP/1.1 200 ");
        return origin.accept();
    }

    /** A tunnel whose other end stays until the test is over. */
    private TestingConnection open(String device) throws Exception {
        TestingConnection client = TestingClient.to(gateway);
        servers.add(tunnel(client, token(device)));
        return client;
    }

    private String refused(TestingConnection client, String field) throws IOException {
        try (client) {
            ask(client, field);
            return client.message();
        }
    }

    private void ask(TestingConnection client, String field) throws IOException {
        client.send(
                "CONNECT " + origin.authority() + " HTTP/1.1\r\nHost: " + origin.authority() + "\r\n" + field + "\r\n");
    }

    private String token(String device) throws Exception {
        return bearer(sign(key, claims(device, "a.b", inAnHour())));
    }

    private static String bearer(String token) {
        return "Proxy-Authorization: Bearer " + token + "\r\n";
    }

    private static String basic(CompactTag tag) {
        return "Proxy-Authorization: " + TestingGateway.basic(tag) + "\r\n";
    }

    private static long inAnHour() {
        return Instant.now().plus(Duration.ofHours(1)).getEpochSecond();
    }

    private TestingConnection mutual() throws Exception {
        return mutual("mutual");
    }

    /** Connected with the device's certificate. */
    private TestingConnection mutual(String listener) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        store.setCertificateEntry("gateway", ours.read());
        String pem = Files.readString(device.key()).replaceAll("-----[A-Z ]+-----|\\s", "");
        store.setKeyEntry(
                "device",
                KeyFactory.getInstance("EC")
                        .generatePrivate(
                                new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem))),
                NO_PASSWORD,
                new X509Certificate[] {device.read()});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, NO_PASSWORD);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return new TestingConnection(context.getSocketFactory()
                .createSocket(
                        gateway.address(listener).getAddress(),
                        gateway.address(listener).getPort()));
    }
}
