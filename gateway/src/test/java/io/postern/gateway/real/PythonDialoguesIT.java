package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Python's smtplib, imaplib, poplib and ftplib, which begin in plain and turn to TLS, and a WebSocket by hand. */
@Tag("real")
class PythonDialoguesIT {

    private static final String APP = "com.acme.mail";
    private static final String NAME = "mail.acme.test";

    @TempDir
    private static Path dir;

    private static ServedGateway gateway;
    private static JsonNode told;

    @BeforeAll
    static void talk() throws IOException {
        SelfSigned certificate = SelfSigned.mint(dir, NAME);
        gateway = ServedGateway.start(dir, """
                listeners: [{name: apps, type: http-connect, bind: '127.0.0.1:0'}]
                identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}]}
                upstream: {allow-networks: ['127.0.0.0/8'], hosts: {'%s': '127.0.0.1'}}
                """.formatted(NAME), "");
        Program.Ended ended = Program.installed("python3", "python3", dir)
                .run(
                        Scripts.copy(dir, "dialogues.py", "tunnel.py").toString(),
                        "127.0.0.1",
                        Integer.toString(gateway.port("apps")),
                        gateway.tag(APP),
                        certificate.certificate().toString(),
                        certificate.key().toString());
        assertThat(ended.exit()).as(ended.err()).isZero();
        told = JsonMapper.builder().build().readTree(ended.out());
    }

    @AfterAll
    static void stop() {
        try {
            gateway.stop();
        } finally {
            gateway.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"smtp", "imap", "pop3", "ftp"})
    void aDialogueThatTurnsToTlsKeepsItsName(String protocol) {
        assertThat(told.at("/" + protocol + "/1").asString()).isEqualTo("TLSv1.3");
        JsonNode record = record(protocol);
        assertThat(record.at("/tls/sni").asString()).isEqualTo(NAME);
        assertThat(record.at("/ja4_fingerprint_list/0/value").asString()).startsWith("t13d");
    }

    @Test
    void aWebsocketIsOneFromItsAnswerOn() {
        assertThat(told.at("/websocket/1").asString()).isEqualTo("HELLO");
        assertThat(record("websocket").at("/unmapped/postern/http_host").asString())
                .startsWith(NAME);
    }

    private static JsonNode record(String protocol) {
        int port = told.at("/" + protocol + "/0").asInt();
        JsonNode record = gateway.record(each -> each.at("/dst_endpoint/port").asInt() == port);
        assertThat(record.at("/app_name").asString()).isEqualTo(protocol);
        assertThat(record.at("/unmapped/postern/basis").asString()).isEqualTo("bytes");
        assertThat(record.at("/actor/app_uid").asString()).isEqualTo(APP);
        return record;
    }
}
