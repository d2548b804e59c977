package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingAdmin.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.config.AdminRole;
import io.postern.gateway.access.TokensFile;
import io.postern.gateway.real.SelfSigned;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may use the admin API, and what it says to everybody else. */
class AdminAccessIT {

    @TempDir
    Path dir;

    @Test
    void theFirstStartMakesATokenThatItsOwnerFinds() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            TestingAdmin admin = TestingAdmin.of(gateway);

            assertThat(admin.get("/v1/policy").statusCode()).isEqualTo(200);
            for (String file : new String[] {"token", "tokens"}) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(
                                dir.resolve("var/admin").resolve(file))))
                        .isEqualTo("rw-------");
            }
            assertThat(Files.readString(dir.resolve("var/admin/tokens")))
                    .startsWith("admin:admin:")
                    .doesNotContain(admin.token());
        }
        try (TestingGateway again = TestingGateway.start(dir)) {
            assertThat(TestingAdmin.of(again).get("/v1/policy").statusCode())
                    .as("a second start makes no other")
                    .isEqualTo(200);
        }
    }

    @Test
    void eachRoleMayWhatItMay() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            TestingAdmin viewer = admin.as("vera", AdminRole.VIEWER);
            TestingAdmin operator = admin.as("otto", AdminRole.OPERATOR);

            assertThat(viewer.get("/v1/policy").statusCode()).isEqualTo(200);
            assertThat(viewer.get("/v1/flows").statusCode()).isEqualTo(200);
            assertThat(problem(viewer.put("/v1/policy?dry-run", "rules: []"), 403)
                            .at("/detail")
                            .asString())
                    .isEqualTo("the role is viewer, must be at least operator");
            assertThat(operator.put("/v1/policy?dry-run", "rules: []").statusCode())
                    .isEqualTo(200);
            problem(operator.put("rules: []"), 403);
            problem(admin.put("rules: []"), 409);
            gateway.awaitMetric("postern_admin_access_total{outcome=\"forbidden\"}", 1);
        }
    }

    @Test
    void whoIsNotKnownIsToldNothingMore() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            HttpResponse<String> none = new TestingAdmin(gateway, "").get("/v1/policy");
            HttpResponse<String> wrong = new TestingAdmin(gateway, "postern_wrong").get("/v1/policy");
            HttpResponse<String> nearly =
                    new TestingAdmin(gateway, admin.token().substring(1) + "x").get("/v1/policy");
            HttpResponse<String> basic =
                    new TestingAdmin(gateway, "").get("/v1/policy", "authorization", "Basic YWRtaW46YWRtaW4=");
            HttpResponse<String> huge = new TestingAdmin(gateway, "x".repeat(4_000)).get("/v1/policy");

            problem(none, 401);
            assertThat(none.headers().firstValue("www-authenticate")).contains("Bearer realm=\"postern\"");
            for (HttpResponse<String> other : List.of(wrong, nearly, basic, huge)) {
                assertThat(other.body()).isEqualTo(none.body());
                assertThat(withoutId(other)).isEqualTo(withoutId(none));
            }
            gateway.awaitMetric("postern_admin_access_total{outcome=\"unknown\"}", 4);
            gateway.awaitMetric("postern_admin_access_total{outcome=\"missing\"}", 1);
            assertThat(admin.get("/v1/policy").statusCode()).isEqualTo(200);
        }
    }

    private static Map<String, ?> withoutId(HttpResponse<String> response) {
        Map<String, Object> fields = new TreeMap<>(response.headers().map());
        fields.remove("x-request-id");
        return fields;
    }

    /** Otherwise a guess would be known for right by being answered. */
    @Test
    void whoGuessesTooOftenIsNotHeardUntilLater() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            TestingAdmin guessing = new TestingAdmin(gateway, "postern_guess");
            int answers = 0;
            HttpResponse<String> last = guessing.get("/v1/policy");
            while (last.statusCode() == 401 && answers++ < 1_000) {
                last = guessing.get("/v1/policy");
            }

            problem(last, 429);
            assertThat(last.headers().firstValue("retry-after")).contains("1");
            assertThat(gateway.metric("postern_admin_access_total{outcome=\"too-many\"}"))
                    .isPositive();
            assertThat(admin.get("/livez").statusCode()).isEqualTo(200);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> admin.get("/v1/policy").statusCode() == 200);
        }
    }

    @Test
    void aRevokedTokenIsNobodys() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            TestingAdmin vera = admin.as("vera", AdminRole.VIEWER);
            new TokensFile(dir.resolve("var/admin/tokens")).remove("vera");
            gateway.gateway().reload();
            gateway.awaitMetric("postern_admin_tokens_reloads_total{result=\"applied\"}", 2);

            problem(vera.get("/v1/policy"), 401);
            assertThat(admin.get("/v1/policy").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aTokensFileThatDoesNotReadChangesNothing() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            TestingFile.replace(dir.resolve("var/admin/tokens"), "admin:boss:x:y\n");
            gateway.gateway().reload();
            gateway.awaitMetric("postern_admin_tokens_reloads_total{result=\"rejected\"}", 1);

            assertThat(gateway.metric("postern_admin_tokens_refused")).isEqualTo(1);
            assertThat(TestingAdmin.of(gateway).get("/v1/policy").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aCertificateIsWhoTheSettingsSay() throws Exception {
        SelfSigned server = SelfSigned.mint(dir, "localhost");
        SelfSigned ops = SelfSigned.mint(dir, "ops.acme.example");
        SelfSigned other = SelfSigned.mint(dir, "other.acme.example");
        Files.writeString(
                dir.resolve("clients.crt"),
                Files.readString(ops.certificate()) + Files.readString(other.certificate()));
        try (TestingGateway gateway = TestingGateway.start(dir, """
                admin:
                  bind: '127.0.0.1:0'
                  tls: {certificate: localhost.crt, key: localhost.key, client-ca: clients.crt, client-auth: optional}
                  client-certificates:
                    - {name: ops, role: viewer, subject: 'CN=ops.acme.example', san: 'dns:ops.acme.example'}
                """, "")) {
            URI policy = URI.create(
                    "https://localhost:" + gateway.gateway().adminAddress().getPort() + "/v1/policy");
            HttpRequest get = HttpRequest.newBuilder(policy).build();
            HttpRequest put = HttpRequest.newBuilder(policy)
                    .header("content-type", "application/yaml")
                    .PUT(BodyPublishers.ofString("rules: []"))
                    .build();
            HttpRequest fromAPage = HttpRequest.newBuilder(policy)
                    .header("origin", "https://attacker.example")
                    .build();
            HttpRequest withToken = HttpRequest.newBuilder(policy)
                    .header("authorization", "Bearer wrong")
                    .build();

            assertThat(send(ops, server, get).statusCode()).isEqualTo(200);
            problem(send(ops, server, put), 403);
            problem(send(ops, server, fromAPage), 403);
            problem(send(ops, server, withToken), 401);
            problem(send(other, server, get), 401);
            try (Socket plain = new Socket(
                    InetAddress.getLoopbackAddress(),
                    gateway.gateway().adminAddress().getPort())) {
                plain.getOutputStream()
                        .write("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(plain.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .as("no plain text where there is TLS")
                        .doesNotContain("200");
            } catch (IOException reset) {
                assertThat(reset).hasMessageContaining("reset");
            }
        }
    }

    @Test
    void aCertificateThatIsMissingIsToldOnce() throws Exception {
        SelfSigned server = SelfSigned.mint(dir, "localhost");
        try (TestingGateway gateway = TestingGateway.start(dir, """
                        admin:
                          bind: '127.0.0.1:0'
                          tls: {certificate: localhost.crt, key: localhost.key}
                        """, "rules: []\n");
                TestingLog log = new TestingLog()) {
            Files.delete(server.certificate());
            for (int i = 0; i < 3; i++) {
                gateway.gateway().reload();
            }
            // One thread looks, in order: when this is noticed the others have been.
            TestingFile.replace(dir.resolve("policy.yaml"), "rules: [{name");
            gateway.gateway().reload();
            await().untilAsserted(() -> log.expectOnce("policy refused"));

            log.expectOnce("certificate not renewed listener=admin");
        }
    }

    private static HttpResponse<String> send(SelfSigned client, SelfSigned server, HttpRequest request)
            throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", server.read());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(client.keys(), trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(tls).build().send(request, BodyHandlers.ofString());
    }

    @ParameterizedTest(name = "{0} {1} -> {3}")
    @CsvSource(delimiter = '|', textBlock = """
            GET    | /v1/nothing          | ''                                        | 404
            GET    | /v1/policy/          | ''                                        | 404
            GET    | /v1/%70olicy         | ''                                        | 404
            POST   | /v1/policy           | ''                                        | 405
            DELETE | /v1/flows            | ''                                        | 405
            GET    | /v1/policy           | accept: text/html                         | 406
            GET    | /v1/policy           | accept: application/json;q=0              | 406
            GET    | /v1/policy?x=1       | ''                                        | 400
            GET    | /v1/policy?%zz       | ''                                        | 400
            GET    | /v1/flows?limit=0    | ''                                        | 400
            GET    | /v1/flows?limit=1001 | ''                                        | 400
            GET    | /v1/flows?limit=1&limit=2 | ''                                   | 400
            GET    | /v1/flows?since=now  | ''                                        | 400
            GET    | /v1/flows?verdict=no | ''                                        | 400
            GET    | /v1/flows?cursor=abc | ''                                        | 400
            GET    | /v1/flows            | sec-fetch-site: cross-site                | 403
            GET    | /v1/flows            | origin: null                              | 403
            GET    | /v1/flows            | content-length: 3                         | 413
            PUT    | /v1/policy           | content-type: application/json            | 415
            PUT    | /v1/policy           | content-encoding: gzip                    | 415
            PUT    | /v1/policy           | content-length: 1048577                   | 413
            PUT    | /v1/policy           | expect: the-unexpected                    | 417
            PUT    | /v1/policy?dry-run=x | ''                                        | 400
            """)
    void whatIsWrongIsAProblem(String method, String path, String field, int status) throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            String answer = raw(
                    gateway,
                    method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: bearer  "
                            + TestingAdmin.of(gateway).token() + "\r\n"
                            + (method.equals("PUT") && !field.startsWith("content-type")
                                    ? "content-type: application/yaml; charset=utf-8\r\n"
                                    : "")
                            + (field.isEmpty() ? "" : field + "\r\n") + "\r\n");

            assertThat(answer)
                    .startsWith("HTTP/1.1 " + status + " ")
                    .containsIgnoringCase("\r\ncontent-type: application/problem+json\r\n")
                    .contains("\"status\":" + status)
                    .doesNotContain("access-control");
        }
    }

    @Test
    void aBodyWithoutAnEndIsCutAtItsBound() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            String chunk = "10000\r\n" + "#".repeat(0x10000) + "\r\n";
            String answer = raw(
                    gateway,
                    "PUT /v1/policy?dry-run HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                            + TestingAdmin.of(gateway).token()
                            + "\r\ncontent-type: application/yaml\r\ntransfer-encoding: chunked\r\n\r\n"
                            + chunk.repeat(20));

            assertThat(answer).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void withoutTheApiThereIsOnlyHealthAndMetrics() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, "admin: {bind: '127.0.0.1:0', api: false}\n", "")) {
            TestingAdmin nobody = new TestingAdmin(gateway, "");

            assertThat(nobody.get("/livez").statusCode()).isEqualTo(200);
            problem(nobody.get("/v1/policy"), 404);
            problem(nobody.get("/openapi.yaml"), 404);
            assertThat(dir.resolve("var/admin")).doesNotExist();
        }
    }

    private static String raw(TestingGateway gateway, String request) throws IOException {
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(),
                gateway.gateway().adminAddress().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
