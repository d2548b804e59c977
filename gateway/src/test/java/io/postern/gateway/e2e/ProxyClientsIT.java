package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingSocks.OFFERS_PASSWORD;
import static io.postern.gateway.e2e.TestingSocks.OPENED;
import static io.postern.gateway.e2e.TestingSocks.TAKES_PASSWORD;
import static io.postern.gateway.e2e.TestingSocks.WELCOME;
import static io.postern.gateway.e2e.TestingSocks.name;
import static io.postern.gateway.e2e.TestingSocks.password;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.identity.CompactTag;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * What sing-box and mihomo send, byte for byte as their sources write it, and what they take for an answer. The programs
 * themselves are not run: nothing here shows that a version of theirs has not changed.
 *
 * <p>Read in sagernet/sing protocol/http/client.go and protocol/socks/handshake.go, and in MetaCubeX/mihomo
 * adapter/outbound/http.go and transport/socks5/socks5.go. Both write a request by Go's net/http: request line, Host,
 * User-Agent, then the fields in the order of their names.
 */
class ProxyClientsIT {

    private static final String APP = TestingClient.APP;
    private static final String LISTENERS =
            "listeners: [{name: apps, type: http-connect, bind: '127.0.0.1:0'}, {name: socks, type: socks5, bind: '127.0.0.1:0'}]\n"
                    + "upstream: {allow-networks: ['127.0.0.0/8'], hosts: {origin.example: '127.0.0.1'}}\n";

    @TempDir
    Path dir;

    private TestingLog log;
    private TestingOrigin origin;
    private TestingGateway gateway;

    @BeforeEach
    void start() throws IOException {
        log = new TestingLog();
        origin = new TestingOrigin();
        gateway = TestingGateway.start(
                dir,
                LISTENERS,
                "rules: [{name: no-games, when: {destination: [games.example]}, action: block, mode: enforce}]\n");
    }

    @AfterEach
    void leavesNothing() throws Exception {
        gateway.awaitNothingLeft();
        gateway.close();
        origin.close();
        log.expectQuiet();
        log.close();
    }

    /** sing-box and mihomo alike; the second order is that of a mihomo that writes the fields itself. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: %1$s\r\nUser-Agent: Go-http-client/1.1\r\nProxy-Authorization: %2$s\r\nProxy-Connection: Keep-Alive\r\n",
                "Proxy-Connection: Keep-Alive\r\nProxy-Authorization: %2$s\r\nUser-Agent: Go-http-client/1.1\r\nHost: %1$s\r\n",
                "Host: %1$s\r\nUser-Agent: Go-http-client/1.1\r\nProxy-Authorization: %2$s\r\nProxy-Connection: Keep-Alive\r\nX-Postern-Profile: work\r\n"
            })
    void aTunnelByConnect(String fields) throws Exception {
        try (TestingConnection client = TestingClient.to(gateway)) {
            client.send(request(fields, "origin.example:" + origin.port(), TestingGateway.tag(APP)));
            // 200 exactly, nothing that frames a body, and nothing behind the head: they hand on what is left of it.
            assertThat(client.head()).matches("HTTP/1\\.1 200 [^\\r]*\\r\\n\\r\\n");
            expectRelay(client);
        }
        expectAttributed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"origin.example", "127.0.0.1"})
    void aTunnelBySocks(String host) throws Exception {
        CompactTag tag = TestingGateway.tag(APP);
        try (TestingConnection client = TestingClient.to(gateway.address("socks"))) {
            // One method, then wait; one message, then wait.
            assertThat(client.send(OFFERS_PASSWORD).read(2)).isEqualTo(TAKES_PASSWORD);
            assertThat(client.send(password(tag)).read(2)).isEqualTo(WELCOME);
            String target =
                    host.equals("127.0.0.1") ? TestingSocks.address(host, origin.port()) : name(host, origin.port());
            assertThat(client.send(target).read(10)).isEqualTo(OPENED);
            expectRelay(client);
        }
        expectAttributed();
    }

    /** They tell their users apart what 407 and other statuses mean, read no body, and close. */
    @Test
    void refusalsAreStatusesTheyKnow() throws Exception {
        String fields =
                "Host: %1$s\r\nUser-Agent: Go-http-client/1.1\r\nProxy-Authorization: %2$s\r\nProxy-Connection: Keep-Alive\r\n";
        CompactTag good = TestingGateway.tag(APP);
        CompactTag bad = new CompactTag(good.user(), good.password() + "x");
        for (List<Object> each :
                List.<List<Object>>of(List.of(bad, "origin.example", 407), List.of(good, "games.example", 403))) {
            try (TestingConnection client = TestingClient.to(gateway)) {
                client.send(request(fields, each.get(1) + ":443", (CompactTag) each.get(0)));
                assertThat(client.head()).startsWith("HTTP/1.1 " + each.get(2) + " ");
            }
        }
        assertThat(origin.untouched()).isTrue();
    }

    private static String request(String fields, String target, CompactTag tag) {
        return "CONNECT " + target + " HTTP/1.1\r\n" + fields.formatted(target, TestingGateway.basic(tag)) + "\r\n";
    }

    private void expectRelay(TestingConnection client) throws IOException {
        try (TestingConnection server = origin.accept()) {
            server.send("greeting");
            assertThat(client.read(8)).isEqualTo("greeting");
            client.send("thanks");
            assertThat(server.read(6)).isEqualTo("thanks");
        }
    }

    private void expectAttributed() {
        JsonNode line = gateway.record(origin);
        assertThat(line.at("/device/uid").asString()).isEqualTo("LC01");
        assertThat(line.at("/actor/app_uid").asString()).isEqualTo(APP);
        assertThat(line.at("/unmapped/postern/device_assurance").asString()).isEqualTo("tag-verified");
    }
}
