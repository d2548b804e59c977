package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A browser loads a page that talks to a WebSocket. It shows no tag, for a browser asks its user for a proxy's password:
 * its flows are unattributed, and admitted to the few ports of such flows.
 */
@Tag("real")
class ChromiumIT {

    private static final Set<String> OURS = Set.of("www.acme.test", "socket.acme.test");

    @TempDir
    private Path dir;

    @Test
    void aPageAndItsWebSocketLoad() throws Exception {
        CountDownLatch scriptEnded = new CountDownLatch(1);
        try (WebOrigin origin = WebOrigin.plain();
                EchoSocket echo = EchoSocket.start();
                // Open and silent: what the browser asks for besides finds no address.
                DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            String page = page();
            origin.on("/page", exchange -> WebOrigin.answer(exchange, "text/html; charset=utf-8", page));
            origin.on("/done", exchange -> {
                WebOrigin.answer(exchange, "text/plain", "");
                scriptEnded.countDown();
            });
            origin.on("/held.gif", exchange -> {
                awaited(scriptEnded);
                exchange.sendResponseHeaders(404, -1);
                exchange.close();
            });
            String settings = """
                    listeners: [{name: apps, type: http-connect, bind: '127.0.0.1:0'}]
                    identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], unattributed: admit}
                    dns: {upstreams: ['127.0.0.1:%d'], timeout: 100ms}
                    upstream:
                      allow-networks: ['127.0.0.0/8']
                      hosts: {'www.acme.test:80': '127.0.0.1:%d', 'socket.acme.test:80': '127.0.0.1:%d'}
                    """.formatted(silent.getLocalPort(), origin.port(), echo.port());
            try (ServedGateway gateway = ServedGateway.start(dir, settings, "")) {
                Program.Ended ended = browse(gateway, "http://www.acme.test/page");
                assertThat(ended.exit()).as(ended.err()).isZero();
                assertThat(ended.out())
                        .contains("<title>A page behind the gateway</title>")
                        .contains("<p id=\"echo\">Grüße through the gateway</p>")
                        .contains("<p id=\"posted\">200000 "
                                + WebOrigin.sha256("x".repeat(200_000).getBytes(StandardCharsets.US_ASCII))
                                + " length\n</p>");
                recorded(gateway);
                gateway.stop();
                assertThat(gateway.records())
                        .filteredOn(each -> each.at("/traffic/bytes_in").asInt() > 0)
                        .extracting(each -> each.at("/dst_endpoint/hostname").asString())
                        .as("nothing but our names was relayed")
                        .isSubsetOf(OURS);
            }
        }
    }

    private static void recorded(ServedGateway gateway) {
        JsonNode page = gateway.record(
                each -> each.at("/dst_endpoint/hostname").asString().equals("www.acme.test")
                        && each.at("/traffic/bytes_out").asInt() > 0);
        assertThat(page.at("/app_name").asString()).isEqualTo("http");
        unattributed(page);
        // The browser opens a tunnel for it; inside, it is HTTP with an upgrade.
        JsonNode socket = gateway.record(
                each -> each.at("/dst_endpoint/hostname").asString().equals("socket.acme.test"));
        assertThat(socket.at("/app_name").asString()).isEqualTo("websocket");
        assertThat(socket.at("/unmapped/postern/http_method").asString()).isEqualTo("GET");
        assertThat(socket.at("/traffic/bytes_in").asInt()).isPositive();
        unattributed(socket);
    }

    private static void unattributed(JsonNode record) {
        assertThat(record.at("/actor/app_uid").asString()).isEqualTo("-");
        assertThat(record.at("/unmapped/postern/device_assurance").asString()).isEqualTo("none");
        assertThat(record.at("/unmapped/postern/app_assurance").asString()).isEqualTo("none");
    }

    private Program.Ended browse(ServedGateway gateway, String url) {
        return Program.installed("chromium", "chromium", dir)
                .with("HOME", dir.toString())
                .run(
                        "--headless",
                        // Root has no user namespace to build the sandbox from; the page is our own.
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable",
                        "--user-data-dir=" + dir.resolve("profile"),
                        "--proxy-server=" + gateway.url("apps"),
                        "--proxy-bypass-list=<-loopback>",
                        "--dump-dom",
                        url);
    }

    private static String page() throws IOException {
        try (InputStream page =
                Objects.requireNonNull(ChromiumIT.class.getResourceAsStream("/real/page.html"), "the page")) {
            return new String(page.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void awaited(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
