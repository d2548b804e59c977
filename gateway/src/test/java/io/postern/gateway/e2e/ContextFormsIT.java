package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingSource.json;
import static io.postern.gateway.e2e.TestingSource.taken;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The forms of others: Android Management's pushes, OpenTelemetry's logs, a threat defence's webhook. */
class ContextFormsIT {

    private static final String PUSH = "/v1/context/amapi";
    private static RsaJsonWebKey key;
    private static RsaJsonWebKey other;

    @TempDir
    Path dir;

    @BeforeAll
    static void keys() throws JoseException {
        key = RsaJwkGenerator.generateJwk(2048);
        key.setKeyId("g1");
        other = RsaJwkGenerator.generateJwk(2048);
        other.setKeyId("g1");
    }

    @Test
    void aPushIsTakenOnceThoughDeliveredTwice() throws Exception {
        try (TestingGateway gateway = start()) {
            TestingSource pubsub = pubsub(gateway, key, claims -> {});
            byte[] push = push("USAGE_LOGS", """
                    {"device":"enterprises/e/devices/LC01","usageLogEvents":[
                     {"eventId":"1","eventTime":"%1$s","eventType":"KEYGUARD_DISMISSED","keyguardDismissedEvent":{}},
                     {"eventId":"2","eventTime":"%1$s","eventType":"DNS","dnsEvent":{"hostname":"a.example","packageName":"com.acme.mail"}}]}""".formatted(Instant.now()));
            taken(pubsub.post(PUSH, "application/json", push), 2, 0, 0);
            taken(pubsub.post(PUSH, "application/json", push), 0, 2, 0);
            gateway.awaitMetric(
                    "postern_context_events_total{event=\"device.lock\",result=\"accepted\",source=\"management\"}", 1);
            gateway.awaitMetric(
                    "postern_context_events_total{event=\"other\",result=\"unused\",source=\"management\"}", 2);
        }
    }

    /** What can never be read is acknowledged, or Pub/Sub would send it for ever. */
    @Test
    void aPushThatCannotBeReadIsAcknowledgedAndCounted() throws Exception {
        try (TestingGateway gateway = start()) {
            TestingSource pubsub = pubsub(gateway, key, claims -> {});
            taken(pubsub.post(PUSH, "application/json", "no push".getBytes(UTF_8)), 0, 0, 1);
            taken(pubsub.post(PUSH, "application/json", push("USAGE_LOGS", "[]")), 0, 0, 1);
            gateway.awaitMetric(
                    "postern_context_events_total{event=\"other\",result=\"malformed\",source=\"management\"}", 2);
        }
    }

    @Test
    void aPushOfAnybodyElseIsRefused() throws Exception {
        try (TestingGateway gateway = start()) {
            byte[] push = push("ENROLLMENT", "{}");
            assertThat(status(push, pubsub(gateway, key, claims -> {}))).isEqualTo(202);
            assertThat(status(push, pubsub(gateway, other, claims -> {}))).isEqualTo(401);
            assertThat(status(push, pubsub(gateway, key, claims -> claims.setAudience("x"))))
                    .isEqualTo(401);
            assertThat(status(push, pubsub(gateway, key, claims -> claims.setIssuer("x"))))
                    .isEqualTo(401);
            assertThat(status(push, pubsub(gateway, key, claims -> claims.setClaim("email", "x@y"))))
                    .isEqualTo(401);
            assertThat(status(push, pubsub(gateway, key, claims -> claims.setClaim("email_verified", false))))
                    .isEqualTo(401);
            assertThat(status(push, pubsub(gateway, key, claims -> claims.setExpirationTimeMinutesInTheFuture(-5))))
                    .isEqualTo(401);
            assertThat(pubsub(gateway, key, claims -> {}).events("").statusCode())
                    .as("a push's token is good for pushes only")
                    .isEqualTo(401);
        }
    }

    @Test
    void logsOfOpenTelemetryAreAnsweredAsItAsks() throws Exception {
        try (TestingGateway gateway = start()) {
            TestingSource sdk = TestingSource.of(gateway, "sdk");
            String good = """
                    {"timeUnixNano":"%d","eventName":"device.app.lifecycle","attributes":[
                     {"key":"android.app.state","value":{"stringValue":"background"}}]}""".formatted(Instant.now().toEpochMilli() * 1_000_000);
            HttpResponse<String> whole = sdk.post("/v1/context/otlp/v1/logs", "application/json", logs(good));
            assertThat(whole.statusCode()).isEqualTo(200);
            assertThat(json(whole).propertyNames()).isEmpty();
            HttpResponse<String> partly = sdk.post(
                    "/v1/context/otlp/v1/logs", "application/json", logs(good + "," + good.replace("background", "x")));
            assertThat(partly.statusCode()).isEqualTo(200);
            assertThat(json(partly).at("/partialSuccess/rejectedLogRecords").asString())
                    .isEqualTo("1");
            assertThat(sdk.post("/v1/context/otlp/v1/logs", "application/x-protobuf", new byte[] {10, 127})
                            .statusCode())
                    .isEqualTo(400);
            gateway.awaitMetric(
                    "postern_context_events_total{event=\"device.app.lifecycle\",result=\"accepted\",source=\"sdk\"}",
                    1);
        }
    }

    @Test
    void aWebhookIsKnownByItsSignature() throws Exception {
        try (TestingGateway gateway = start()) {
            TestingSource mtd = new TestingSource(gateway.address("context").getPort(), "");
            byte[] body = """
                    {"what":"ROOTED","when":%d,"who":"LC01"}""".formatted(Instant.now().toEpochMilli()).getBytes(UTF_8);
            String path = "/v1/context/mtd/mtd";
            taken(mtd.post(path, "application/json", body, "X-Signature", "sha256=" + signature(body)), 1, 0, 0);
            assertThat(mtd.post(path, "application/json", body, "X-Signature", signature(body))
                            .statusCode())
                    .isEqualTo(401);
            assertThat(mtd.post(
                                    path,
                                    "application/json",
                                    (new String(body, UTF_8) + " ").getBytes(UTF_8),
                                    "X-Signature",
                                    "sha256=" + signature(body))
                            .statusCode())
                    .isEqualTo(401);
            assertThat(mtd.post(path, "application/json", body).statusCode()).isEqualTo(401);
        }
    }

    private TestingGateway start() throws IOException {
        Files.writeString(
                dir.resolve("jwks.json"), new JsonWebKeySet(key).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY));
        return TestingGateway.start(
                dir, """
                context:
                  bind: "127.0.0.1:0"
                  sources:
                    - name: management
                      push: {jwks-file: jwks.json, audience: "https://gw.acme.example", email: push@acme.example}
                      devices: ["*"]
                      reports: [lock, interaction, inventory, posture, crypto, flow-owner]
                    - {name: sdk, token-file: %s, devices: ["*"], reports: [app-state, interaction]}
                    - name: mtd
                      devices: ["*"]
                      reports: [posture]
                      webhook:
                        device: /who
                        time: /when
                        event: /what
                        events: {ROOTED: device.posture}
                        constants: {ROOTED: {risk: compromised}}
                        signature: {header: X-Signature, prefix: "sha256=", secret-file: %s}
                """.formatted(TestingSource.tokenFile(dir, "sdk"), TestingSource.tokenFile(dir, "hook")), "");
    }

    private static TestingSource pubsub(TestingGateway gateway, RsaJsonWebKey signer, Consumer<JwtClaims> change)
            throws JoseException {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer("https://accounts.google.com");
        claims.setAudience("https://gw.acme.example");
        claims.setClaim("email", "push@acme.example");
        claims.setClaim("email_verified", true);
        claims.setIssuedAtToNow();
        claims.setExpirationTimeMinutesInTheFuture(10);
        change.accept(claims);
        JsonWebSignature token = new JsonWebSignature();
        token.setPayload(claims.toJson());
        token.setAlgorithmHeaderValue("RS256");
        token.setKeyIdHeaderValue("g1");
        token.setKey(signer.getPrivateKey());
        return new TestingSource(gateway.address("context").getPort(), token.getCompactSerialization());
    }

    private static int status(byte[] push, TestingSource source) throws Exception {
        return source.post(PUSH, "application/json", push).statusCode();
    }

    private static byte[] push(String type, String resource) {
        return ("{\"message\":{\"attributes\":{\"notificationType\":\"" + type + "\"},\"data\":\""
                        + Base64.getEncoder().encodeToString(resource.getBytes(UTF_8))
                        + "\",\"messageId\":\"77\",\"publishTime\":\"2026-10-09T09:00:00Z\"},\"subscription\":\"s\"}")
                .getBytes(UTF_8);
    }

    private static byte[] logs(String records) {
        return ("{\"resourceLogs\":[{\"resource\":{\"attributes\":[{\"key\":\"device.id\",\"value\":{\"stringValue\":"
                        + "\"LC01\"}},{\"key\":\"service.name\",\"value\":{\"stringValue\":\"com.acme.mail\"}}]},"
                        + "\"scopeLogs\":[{\"logRecords\":[" + records + "]}]}]}")
                .getBytes(UTF_8);
    }

    private static String signature(byte[] body) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(TestingSource.token("hook").getBytes(UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(body));
    }
}
