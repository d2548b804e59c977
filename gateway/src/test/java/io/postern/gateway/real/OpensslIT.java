package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** OpenSSL at both ends, on a port that is not TLS's. Its CONNECT is HTTP/1.0, without Host. */
@Tag("real")
class OpensslIT {

    private static final String APP = "com.acme.mail";
    private static final String POLICY = """
            rules:
              - {name: no-secrets, when: {destination: [secret.acme.test]}, action: block, mode: enforce}
            """;

    @TempDir
    private static Path dir;

    private static SelfSigned certificate;
    private static RunningProgram server;
    private static ServedGateway gateway;
    private static String tag = "";

    @BeforeAll
    static void start() throws IOException {
        certificate = SelfSigned.mint(dir, "www.acme.test");
        // -rev answers every line with the same line backwards.
        server = openssl()
                .start(
                        "s_server",
                        "-rev",
                        "-accept",
                        "127.0.0.1:0",
                        "-cert",
                        certificate.certificate().toString(),
                        "-key",
                        certificate.key().toString());
        String port = server.awaitOutput(Pattern.compile("ACCEPT 127\\.0\\.0\\.1:(\\d+)"))
                .group(1);
        String settings = """
                listeners: [{name: apps, type: http-connect, bind: '127.0.0.1:0'}]
                identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}]}
                upstream: {allow-networks: ['127.0.0.0/8'], hosts: {'www.acme.test:6379': '127.0.0.1:%s'}}
                """.formatted(port);
        gateway = ServedGateway.start(dir, settings, POLICY);
        tag = gateway.tag(APP);
        Files.writeString(dir.resolve("tag"), tag.substring(tag.indexOf(':') + 1) + "\n");
    }

    @AfterAll
    static void stop() {
        try {
            gateway.stop();
        } finally {
            gateway.close();
            server.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"-tls1_2, TLSv1.2, 1.2, t12d", "-tls1_3, TLSv1.3, 1.3, t13d"})
    void aSessionOnAnOddPortIsTlsAndSaidToBe(String option, String protocol, String version, String ja4)
            throws Exception {
        String metric = "postern_nonstandard_port_total{protocol=\"tls\"}";
        double before = gateway.metric(metric);
        try (RunningProgram client = openssl().start(client("www.acme.test", option, "-alpn", "postern-test"))) {
            client.awaitOutput(Pattern.compile("Verify return code: 0 \\(ok\\)"));
            client.type("egress is watched");
            client.awaitOutput(Pattern.compile("dehctaw si sserge"));
            client.type("Q");
            assertThat(client.awaitExit()).as(client.story("exit code")).isZero();
            assertThat(client.out()).contains("New, " + protocol);
        }
        JsonNode record = gateway.record(
                each -> each.at("/ja4_fingerprint_list/0/value").asString().startsWith(ja4));
        assertThat(record.at("/app_name").asString()).isEqualTo("tls");
        assertThat(record.at("/unmapped/postern/basis").asString()).isEqualTo("bytes");
        assertThat(record.at("/actor/app_uid").asString()).isEqualTo(APP);
        assertThat(record.at("/dst_endpoint/port").asInt()).isEqualTo(6379);
        assertThat(record.at("/dst_endpoint/hostname").asString()).isEqualTo("www.acme.test");
        assertThat(record.at("/tls/sni").asString()).isEqualTo("www.acme.test");
        assertThat(record.at("/tls/version").asString()).isEqualTo(version);
        assertThat(record.at("/unmapped/postern/alpn/0").asString()).isEqualTo("postern-test");
        assertThat(record.at("/tls/ja3_hash/value").asString()).matches("[0-9a-f]{32}");
        assertThat(record.at("/ja4_fingerprint_list/0/value").asString())
                .matches(ja4 + "\\d{4}pt_[0-9a-f]{12}_[0-9a-f]{12}");
        assertThat(gateway.metric(metric)).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @CsvSource({"-tls1_2, 1.2", "-tls1_3, 1.3"})
    void aForbiddenNameEndsInAnAlertOpensslUnderstands(String option, String version) {
        Program.Ended ended = openssl().run(client("secret.acme.test", option));
        assertThat(ended.exit()).isEqualTo(1);
        assertThat(ended.err()).contains("alert access denied", "SSL alert number 49");
        assertThat(ended.out()).contains("no peer certificate available");
        JsonNode record = gateway.record(each -> each.at("/tls/sni").asString().equals("secret.acme.test")
                && each.at("/tls/version").asString().equals(version));
        assertThat(record.at("/disposition_id").asInt()).isEqualTo(21);
        assertThat(record.at("/firewall_rule/name").asString()).isEqualTo("no-secrets");
        assertThat(record.at("/dst_endpoint/hostname").asString()).isEqualTo("www.acme.test");
        assertThat(record.at("/traffic/bytes_out").asInt())
                .as("no byte of the hello reached the server")
                .isZero();
    }

    private static Program openssl() {
        return Program.installed("openssl", "openssl", dir);
    }

    private static List<String> client(String serverName, String... more) {
        int colon = tag.indexOf(':');
        List<String> arguments = new ArrayList<>(List.of(
                "s_client",
                "-connect",
                "www.acme.test:6379",
                "-servername",
                serverName,
                "-CAfile",
                certificate.certificate().toString(),
                "-verify_return_error",
                "-proxy",
                "127.0.0.1:" + gateway.port("apps"),
                "-proxy_user",
                tag.substring(0, colon),
                "-proxy_pass",
                // A file of the tests' own folder: what stands on a command line everybody on the machine can read.
                "file:" + dir.resolve("tag")));
        arguments.addAll(List.of(more));
        return arguments;
    }
}
