package io.postern.gateway.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.analytics.Detecting;
import io.postern.gateway.analytics.HomeSettings;
import io.postern.gateway.analytics.TestingHunch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Of a personal profile nobody is told more of a destination than its registrable domain. */
class PersonalProfileIT {

    private static final String SETTINGS = """
            privacy: {personal-profiles: [work]}
            upstream: {allow-networks: ['127.0.0.0/8'], hosts: {private-clinic.acme.co.uk: 127.0.0.1}}
            """;

    @TempDir
    Path dir;

    @Test
    void recordsFindingsAndTheApiHaveTheRegistrableDomainAlone() throws Exception {
        Detecting hunch = new Detecting(
                HomeSettings.DEFAULTS, seed -> new TestingHunch(TestingHunch.hearing(), 1), finding -> {});
        try (TestingGateway gateway = TestingGateway.start(dir, SETTINGS, Clock.systemUTC(), hunch);
                TestingOrigin origin = new TestingOrigin()) {
            try (TestingConnection client =
                            TestingClient.tunnel(gateway, "private-clinic.acme.co.uk:" + origin.port());
                    TestingConnection server = origin.accept()) {
                client.send(TestingHello.bytes("private-clinic.acme.co.uk"));
                assertThat(server.read(1)).hasSize(1);
            }
            try (TestingConnection client = TestingClient.to(gateway)) {
                client.send("GET http://private-clinic.acme.co.uk:" + origin.port()
                        + "/diagnosis?of=me HTTP/1.1\r\nHost: private-clinic.acme.co.uk:" + origin.port()
                        + "\r\nUser-Agent: somebody/1\r\n" + TestingClient.authorization(TestingClient.APP) + "\r\n");
                try (TestingConnection server = origin.accept()) {
                    server.head();
                    server.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                }
                client.head();
            }
            JsonNode tls =
                    gateway.record(line -> line.at("/app_name").asString().equals("tls"));
            JsonNode http =
                    gateway.record(line -> line.at("/app_name").asString().equals("http"));
            assertThat(tls.at("/dst_endpoint/hostname").asString()).isEqualTo("acme.co.uk");
            assertThat(tls.at("/tls/sni").asString()).isEqualTo("acme.co.uk");
            assertThat(tls.at("/dst_endpoint").has("ip")).isFalse();
            assertThat(http.at("/dst_endpoint/hostname").asString()).isEqualTo("acme.co.uk");
            gateway.awaitMetricAtLeast("postern_analytic_keys{table=\"findings\"}", 1);
            TestingAdmin admin = TestingAdmin.of(gateway);
            String told = admin.get("/v1/flows").body()
                    + admin.get("/v1/findings").body()
                    + admin.get("/v1/explain/" + tls.at("/connection_info/uid").asString())
                            .body()
                    + Files.readString(dir.resolve("flows.ndjson"));
            assertThat(told).contains("acme.co.uk").doesNotContain("private-clinic", "diagnosis", "somebody/1");
        }
        Path state = dir.resolve("var");
        try (var files = Files.walk(state)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain("private-clinic");
            }
        }
    }
}
