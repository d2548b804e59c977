package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.identity.ClientCertificate;
import io.postern.gateway.identity.TestingTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jose4j.jwk.PublicJsonWebKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * SOCKS5 as curl speaks it; PROXY v2 as HAProxy and a script speak it. Debian's HAProxy is 2.6 and sends TLVs of its own
 * choice only ({@code set-proxy-v2-tlv-fmt} came with 2.9), so the script is the concentrator that says who speaks.
 */
@Tag("real")
class WaysInIT {

    private static final String APP = "com.acme.mail";
    private static final int LARGE = 16 * 1024 * 1024 + 17;
    private static final String POLICY = """
            rules:
              - {name: no-shadow-it, when: {destination: [blocked.acme.test]}, action: block, mode: enforce}
            """;

    @TempDir
    private static Path dir;

    @TempDir
    private static Path open;

    private static WebOrigin origin;
    private static ServedGateway gateway;
    private static SelfSigned device;
    private static PublicJsonWebKey key;

    @BeforeAll
    static void start() throws Exception {
        origin = WebOrigin.plain();
        SelfSigned.mint(dir, "localhost");
        device = SelfSigned.mint(dir, "LC09");
        key = TestingTokens.ed25519("e1");
        Files.writeString(dir.resolve("jwks.json"), TestingTokens.set(key));
        gateway = ServedGateway.start(dir, """
                listeners:
                  - {name: apps, type: http-connect, bind: '127.0.0.1:0'}
                  - {name: socks, type: socks5, bind: '127.0.0.1:0'}
                  - {name: concentrator, type: proxy-protocol, bind: '127.0.0.1:0', trusted-sources: ['127.0.0.1/32']}
                  - {name: mutual, type: http-connect, bind: '127.0.0.1:0', tls: {certificate: localhost.crt, key: localhost.key, client-ca: LC09.crt, client-auth: require}}
                identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], jwt: {jwks-file: jwks.json, issuer: 'https://mdm.acme.example', audience: postern}}
                upstream: {allow-networks: ['127.0.0.0/8'], hosts: {'www.acme.test:80': '127.0.0.1:%1$d', '192.0.2.10:80': '127.0.0.1:%1$d'}}
                """.formatted(origin.port()), POLICY);
    }

    @AfterAll
    static void stop() {
        try {
            gateway.stop();
        } finally {
            gateway.close();
            origin.close();
        }
    }

    private static Program.Ended curl(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--silent", "--show-error", "--max-time", "60"));
        all.addAll(List.of(arguments));
        return Program.installed("curl", "curl", dir).run(all);
    }

    private static String socks() {
        return "127.0.0.1:" + gateway.port("socks");
    }

    @Test
    void curlShowsACertificateAndATokenBoundToIt() throws Exception {
        String app = "com.acme.bound";
        String thumbprint = ClientCertificate.of(device.read()).thumbprint();
        long expiry = Instant.now().plus(Duration.ofHours(1)).getEpochSecond();
        String token =
                TestingTokens.sign(key, TestingTokens.bound(TestingTokens.claims("LC09", app, expiry), thumbprint));
        List<String> certificate = List.of(
                "--proxy-cert",
                device.certificate().toString(),
                "--proxy-key",
                device.key().toString());

        Program.Ended ended = mutual(token, certificate);
        assertThat(ended.exit()).as(ended.err()).isZero();
        assertThat(ended.out()).startsWith("GET /seen HTTP/1.1\n");
        JsonNode record =
                gateway.record(each -> each.at("/actor/app_uid").asString().equals(app));
        assertThat(record.at("/device/uid").asString()).isEqualTo("LC09");
        assertThat(record.at("/unmapped/postern/device_assurance").asString()).isEqualTo("mtls-bound");

        assertThat(mutual(token, List.of()).exit()).isNotZero();
    }

    private static Program.Ended mutual(String token, List<String> certificate) {
        List<String> arguments = new ArrayList<>(List.of(
                "--proxy",
                "https://localhost:" + gateway.port("mutual"),
                "--proxy-cacert",
                dir.resolve("localhost.crt").toString(),
                "--proxytunnel",
                "--proxy-header",
                "Proxy-Authorization: Bearer " + token,
                "http://www.acme.test/seen"));
        arguments.addAll(certificate);
        return curl(arguments.toArray(new String[0]));
    }

    @Test
    void curlBringsANameAndATagOverSocks() throws IOException {
        String app = "com.acme.socks";
        Program.Ended ended = curl(
                "--socks5-hostname",
                socks(),
                "--proxy-user",
                gateway.tag(app),
                "http://www.acme.test/bytes/" + LARGE,
                "--output",
                dir.resolve("down").toString());
        assertThat(ended.exit()).as(ended.err()).isZero();
        assertThat(WebOrigin.sha256(Files.readAllBytes(dir.resolve("down"))))
                .isEqualTo(WebOrigin.sha256(WebOrigin.content(LARGE)));
        JsonNode record =
                gateway.record(each -> each.at("/actor/app_uid").asString().equals(app));
        assertThat(record.at("/unmapped/postern/ingress").asString()).isEqualTo("socks5");
        assertThat(record.at("/unmapped/postern/device_assurance").asString()).isEqualTo("tag-verified");
        assertThat(record.at("/dst_endpoint/hostname").asString()).isEqualTo("www.acme.test");
        assertThat(record.at("/app_name").asString()).isEqualTo("http");
    }

    @Test
    void curlIsEnrolledForSocks() throws IOException {
        Path file = Files.writeString(dir.resolve("socks.cfg"), gateway.enroll("socks5://" + socks(), APP));
        Program.Ended ended = curl("--config", file.toString(), "http://www.acme.test/seen");
        assertThat(ended.exit()).as(ended.err()).isZero();
        assertThat(ended.out()).startsWith("GET /seen HTTP/1.1\n");
    }

    /** By an address: curl sends what it resolved itself. */
    @Test
    void curlBringsAnAddress() throws IOException {
        Program.Ended ended = curl("--socks5", socks(), "--proxy-user", gateway.tag(APP), "http://192.0.2.10/seen");
        assertThat(ended.exit()).as(ended.err()).isZero();
        assertThat(ended.out()).startsWith("GET /seen HTTP/1.1\n");
    }

    @Test
    void curlIsToldWhatWasWrong() throws IOException {
        Program.Ended wrong = curl("--socks5-hostname", socks(), "--proxy-user", "some:body", "http://www.acme.test/");
        assertThat(wrong.exit()).isEqualTo(97);
        assertThat(wrong.err()).contains("User was rejected by the SOCKS5 server (1 1)");
        Program.Ended none = curl("--socks5-hostname", socks(), "http://www.acme.test/");
        assertThat(none.exit()).isEqualTo(97);
        assertThat(none.err()).contains("No authentication method was acceptable");
        Program.Ended blocked =
                curl("--socks5-hostname", socks(), "--proxy-user", gateway.tag(APP), "http://blocked.acme.test/");
        assertThat(blocked.exit()).isEqualTo(97);
        assertThat(blocked.err()).contains("(2)");
    }

    private static String concentrator(String... fields) throws IOException {
        Path script = Scripts.copy(dir, "proxy_v2.py");
        List<String> arguments = new ArrayList<>(
                List.of(script.toString(), Integer.toString(gateway.port("concentrator")), "192.0.2.10", "80"));
        arguments.addAll(List.of(fields));
        Program.Ended ended = Program.installed("python3", "python3", dir).run(arguments);
        assertThat(ended.exit()).as(ended.err()).isZero();
        return ended.out();
    }

    @Test
    void aConcentratorSaysWhoSpeaks() throws IOException {
        String app = "com.acme.concentrated";
        assertThat(concentrator("E1=LC07", "E2=" + app, "E3=1010123", "EA=some cloud's"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("GET /seen HTTP/1.1\n");
        JsonNode record =
                gateway.record(each -> each.at("/actor/app_uid").asString().equals(app));
        assertThat(record.at("/device/uid").asString()).isEqualTo("LC07");
        assertThat(record.at("/unmapped/postern/profile").asString()).isEqualTo("10");
        assertThat(record.at("/unmapped/postern/device_assurance").asString()).isEqualTo("concentrator");
        assertThat(record.at("/src_endpoint/ip").asString()).isEqualTo("198.51.100.7");
    }

    @Test
    void aConcentratorPassesATagOn() throws IOException {
        String app = "com.acme.passed";
        assertThat(concentrator("E5=" + gateway.tag(app))).startsWith("HTTP/1.1 200 OK\r\n");
        assertThat(gateway.record(each -> each.at("/actor/app_uid").asString().equals(app))
                        .at("/unmapped/postern/device_assurance")
                        .asString())
                .isEqualTo("tag-verified");
        assertThat(concentrator("E5=" + gateway.tag(app).replace(app, "com.acme.bank")))
                .isIn("", "<reset>");
        assertThat(concentrator()).isIn("", "<reset>");
    }

    /** HAProxy as the balancer in front, checking our health by LOCAL and sending the checksum. */
    @Test
    void haproxySpeaksForItsClients() throws IOException {
        String settings = """
                listeners:
                  - {name: balanced, type: proxy-protocol, bind: '127.0.0.1:0', trusted-sources: ['127.0.0.1/32']}
                identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], unattributed: admit}
                upstream: {allow-networks: ['127.0.0.0/8'], hosts: {'192.0.2.10:80': '127.0.0.1:%d'}}
                """.formatted(origin.port());
        try (ServedGateway admits = ServedGateway.start(open, settings, "")) {
            int port = Ports.free();
            Path file = Files.writeString(open.resolve("haproxy.cfg"), """
                    defaults
                      mode tcp
                      timeout client 20s
                      timeout server 20s
                      timeout connect 5s
                      timeout check 5s
                    frontend in
                      bind 127.0.0.1:%d
                      tcp-request connection set-dst ipv4(192.0.2.10)
                      tcp-request connection set-dst-port int(80)
                      default_backend gateway
                    backend gateway
                      server postern 127.0.0.1:%d check inter 100ms send-proxy-v2 check-send-proxy proxy-v2-options crc32c
                    """.formatted(port, admits.port("balanced")));
            try (RunningProgram haproxy =
                    Program.installed("haproxy", "haproxy", open).start("-db", "-f", file.toString())) {
                Program.Ended ended = curl(
                        "--retry",
                        "20",
                        "--retry-connrefused",
                        "--retry-delay",
                        "1",
                        "http://127.0.0.1:" + port + "/seen");
                assertThat(ended.exit()).as(haproxy.story(ended.err())).isZero();
                assertThat(ended.out()).startsWith("GET /seen HTTP/1.1\n");
            }
            JsonNode record = admits.record(each -> true);
            assertThat(record.at("/unmapped/postern/ingress").asString()).isEqualTo("proxy-protocol");
            assertThat(record.at("/unmapped/postern/device_assurance").asString())
                    .isEqualTo("none");
            assertThat(record.at("/dst_endpoint/port").asInt()).isEqualTo(80);
            assertThat(admits.metric("postern_client_errors_total{ingress=\"proxy-protocol\",reason=\"malformed\"}"))
                    .isZero();
            admits.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
