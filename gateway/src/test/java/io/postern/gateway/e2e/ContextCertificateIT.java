package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingSource.lock;
import static io.postern.gateway.e2e.TestingSource.taken;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.gateway.real.SelfSigned;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Sources that are known by the certificate they show. */
class ContextCertificateIT {

    @TempDir
    Path dir;

    private SelfSigned server;
    private SelfSigned agent;
    private SelfSigned lab;
    private SelfSigned unnamed;
    private SelfSigned unsigned;

    @BeforeEach
    void mint() throws IOException {
        server = SelfSigned.mint(dir, "localhost");
        agent = SelfSigned.mint(dir, "agent.acme.example");
        lab = SelfSigned.mint(dir, "lab.acme.example");
        unnamed = SelfSigned.mint(dir, "unnamed.acme.example");
        unsigned = SelfSigned.mint(dir, "unsigned.acme.example");
        Files.writeString(
                dir.resolve("clients.crt"),
                Files.readString(agent.certificate())
                        + Files.readString(lab.certificate())
                        + Files.readString(unnamed.certificate()));
    }

    @Test
    void aSourceIsWhoseCertificateItShows() throws Exception {
        try (TestingGateway gateway = start("optional")) {
            taken(events(gateway, Optional.of(agent), event("e1", "LC01")), 1, 0, 0);
            JsonNode errors = taken(
                            events(gateway, Optional.of(lab), event("e2", "lab-1") + event("e3", "LC01")), 1, 0, 1)
                    .at("/errors");
            assertThat(errors.findValuesAsString("pointer")).containsExactly("/device/id");
            gateway.awaitMetric(
                    "postern_context_events_total{event=\"device.lock\",result=\"accepted\",source=\"agent\"}", 1);
            gateway.awaitMetric(
                    "postern_context_events_total{event=\"device.lock\",result=\"foreign-device\",source=\"lab\"}", 1);
        }
    }

    @Test
    void whoShowsNoneOrAnothersIsNobody() throws Exception {
        try (TestingGateway gateway = start("optional")) {
            assertThat(events(gateway, Optional.empty(), event("e1", "LC01")).statusCode())
                    .isEqualTo(401);
            assertThat(events(gateway, Optional.of(unnamed), event("e1", "LC01"))
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    /** Whoever shows a token is judged by it: a wrong one is not made good by a certificate. */
    @Test
    void aTokenBesideACertificateIsWhatCounts() throws Exception {
        try (TestingGateway gateway = start("optional")) {
            assertThat(events(
                                    gateway,
                                    Optional.of(agent),
                                    event("e1", "LC01"),
                                    "authorization",
                                    "Bearer " + "wrong".repeat(10))
                            .statusCode())
                    .isEqualTo(401);
            taken(
                    events(
                            gateway,
                            Optional.of(agent),
                            event("e1", "LC01"),
                            "authorization",
                            "Bearer " + TestingSource.token("told")),
                    1,
                    0,
                    0);
            gateway.awaitMetric(
                    "postern_context_events_total{event=\"device.lock\",result=\"accepted\",source=\"told\"}", 1);
        }
    }

    @Test
    void whereOneIsRequiredNobodyElseIsRead() throws Exception {
        try (TestingGateway gateway = start("require")) {
            taken(events(gateway, Optional.of(agent), event("e1", "LC01")), 1, 0, 0);
            assertThatThrownBy(() -> events(gateway, Optional.empty(), event("e2", "LC01")))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> events(gateway, Optional.of(unsigned), event("e3", "LC01")))
                    .isInstanceOf(IOException.class);
        }
    }

    private static String event(String id, String device) {
        return lock(id, Instant.now(), device, true);
    }

    private HttpResponse<String> events(
            TestingGateway gateway, Optional<SelfSigned> client, String body, String... fields) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", server.read());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(client.isPresent() ? client.get().keys() : null, trust.getTrustManagers(), null);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(
                        "https://localhost:" + gateway.address("context").getPort() + "/v1/context/events"))
                .timeout(Duration.ofSeconds(20))
                .header("content-type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(body));
        if (fields.length > 0) {
            request.headers(fields);
        }
        return HttpClient.newBuilder().sslContext(tls).build().send(request.build(), BodyHandlers.ofString());
    }

    private TestingGateway start(String clientAuth) throws IOException {
        return TestingGateway.start(dir, """
                context:
                  bind: "127.0.0.1:0"
                  tls: {certificate: localhost.crt, key: localhost.key, client-ca: clients.crt, client-auth: %s}
                  sources:
                    - {name: agent, client-certificate: {san: "dns:agent.acme.example"}, devices: ["*"], reports: [lock]}
                    - {name: lab, client-certificate: {subject: "CN=lab.acme.example"}, devices: ["lab-*"], reports: [lock]}
                    - {name: told, token-file: %s, devices: ["*"], reports: [lock]}
                """.formatted(clientAuth, TestingSource.tokenFile(dir, "told")), "");
    }
}
