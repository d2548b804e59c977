package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The WebSocket clients of two libraries, against servers of the same: pings, fragments, compression, with TLS too. */
@Tag("real")
class WebSocketsIT {

    private static final String NAME = "socket.acme.test";
    private static final String APP = "com.acme.chat";

    @TempDir
    private Path dir;

    private SelfSigned certificate;
    private ServedGateway gateway;

    @BeforeEach
    void start() throws IOException {
        certificate = SelfSigned.mint(dir, NAME);
        gateway = ServedGateway.start(dir, """
                listeners: [{name: apps, type: http-connect, bind: '127.0.0.1:0'}]
                identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}]}
                upstream: {allow-networks: ['127.0.0.0/8'], hosts: {'%s': '127.0.0.1'}}
                """.formatted(NAME), "");
    }

    @AfterEach
    void stop() {
        try {
            gateway.stop();
        } finally {
            gateway.close();
        }
    }

    @Test
    void pythons() throws Exception {
        Path script = Scripts.copy(dir, "websockets_client.py", "tunnel.py");
        expect(Program.ofDebian("/usr/bin/python3", "/usr/share/doc/python3-websockets", dir), script);
    }

    @Test
    void nodes() throws Exception {
        Path script = Scripts.copy(dir, "websockets_client.js");
        // Where Debian keeps them; a Node from elsewhere does not look there by itself.
        Program node =
                Program.ofDebian("/usr/bin/node", "/usr/share/doc/node-ws", dir).with("NODE_PATH", "/usr/share/nodejs");
        expect(node, script);
    }

    private void expect(Program client, Path script) throws Exception {
        Program.Ended ended = client.run(
                script.toString(),
                "127.0.0.1",
                Integer.toString(gateway.port("apps")),
                gateway.tag(APP),
                certificate.certificate().toString(),
                certificate.key().toString());
        assertThat(ended.exit()).as(ended.err()).isZero();
        JsonNode told = JsonMapper.builder().build().readTree(ended.out());
        assertThat(told).hasSize(2).allSatisfy(each -> {
            assertThat(each.at("/text").asString()).isEqualTo("hello");
            assertThat(each.at("/long").asBoolean()).isTrue();
        });
        assertThat(record(told.at("/ws/port").asInt(), "websocket")
                        .at("/unmapped/postern/http_host")
                        .asString())
                .startsWith(NAME);
        assertThat(record(told.at("/wss/port").asInt(), "tls").at("/tls/sni").asString())
                .isEqualTo(NAME);
        // Frames that broke the rules would be counted here.
        assertThat(gateway.admin("/metrics").body())
                .doesNotContainPattern("(?m)^postern_websocket_faults_total.* [1-9]");
    }

    private JsonNode record(int port, String protocol) {
        JsonNode record = gateway.record(each -> each.at("/dst_endpoint/port").asInt() == port);
        assertThat(record.at("/app_name").asString()).isEqualTo(protocol);
        assertThat(record.at("/unmapped/postern/basis").asString()).isEqualTo("bytes");
        assertThat(record.at("/actor/app_uid").asString()).isEqualTo(APP);
        return record;
    }
}
