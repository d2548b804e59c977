package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Python's http.client, whose CONNECT is HTTP/1.0 or 1.1 by its version; the script asks, this looks at the answers. */
@Tag("real")
class PythonIT {

    private static final String APP = "com.acme.script";

    @TempDir
    private static Path dir;

    private static WebOrigin plain;
    private static WebOrigin tls;
    private static ServedGateway gateway;
    private static JsonNode answers;

    @BeforeAll
    static void askAll() throws IOException {
        SelfSigned certificate = SelfSigned.mint(dir, "www.acme.test");
        plain = WebOrigin.plain();
        tls = WebOrigin.tls(certificate.context());
        String settings = """
                listeners: [{name: apps, type: http-connect, bind: '127.0.0.1:0'}]
                identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}]}
                upstream:
                  allow-networks: ['127.0.0.0/8']
                  hosts: {'www.acme.test:80': '127.0.0.1:%d', 'www.acme.test:443': '127.0.0.1:%d'}
                """.formatted(plain.port(), tls.port());
        gateway = ServedGateway.start(dir, settings, "");
        Program.Ended ended = Program.installed("python3", "python3", dir)
                .run(
                        Scripts.copy(dir, "http_client.py").toString(),
                        "127.0.0.1",
                        Integer.toString(gateway.port("apps")),
                        gateway.tag(APP),
                        certificate.certificate().toString());
        assertThat(ended.exit()).as(ended.err()).isZero();
        answers = JsonMapper.builder().build().readTree(ended.out());
    }

    @AfterAll
    static void stop() {
        try {
            gateway.stop();
        } finally {
            gateway.close();
            plain.close();
            tls.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"tunnelled_tls, 443, tls", "tunnelled_http, 80, http", "absolute_form, 80, http"})
    void severalRequestsOnOneConnectionAreAnswered(String way, int port, String protocol) {
        JsonNode got = answers.at("/" + way);
        assertThat(got.at("/connections").asInt()).isEqualTo(1);
        assertThat(got.at("/answers/0/0").asInt()).isEqualTo(200);
        assertThat(got.at("/answers/0/2").asString()).isEqualTo(WebOrigin.sha256(WebOrigin.content(100_000)));
        byte[] posted = ("ab" + "c".repeat(70_000)).getBytes(StandardCharsets.US_ASCII);
        assertThat(got.at("/answers/1/1").asString()).isEqualTo("70002 " + WebOrigin.sha256(posted) + " chunked\n");
        assertThat(got.at("/answers/2/1").asString())
                .startsWith("GET /seen HTTP/1.1\n")
                .containsIgnoringCase("\nhost: www.acme.test\n")
                .doesNotContainIgnoringCase("proxy-");
        boolean via = way.equals("absolute_form");
        assertThat(got.at("/answers/2/1").asString().contains("\nVia: "))
                .as("only what the gateway rewrites says that it was there")
                .isEqualTo(via);

        JsonNode record = gateway.record(each -> each.at("/dst_endpoint/port").asInt() == port
                && each.at("/app_name").asString().equals(protocol));
        assertThat(record.at("/actor/app_uid").asString()).isEqualTo(APP);
        assertThat(record.at("/traffic/bytes_in").asInt()).isGreaterThan(100_000);
        assertThat(record.at("/traffic/bytes_out").asInt()).isGreaterThan(70_000);
    }

    @Test
    void whoHasNoTagIsToldSo() {
        assertThat(answers.at("/without_a_tag").asString())
                .isEqualTo("Tunnel connection failed: 407 Proxy Authentication Required");
    }
}
