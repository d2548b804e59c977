package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A browser loads a page that talks to a WebSocket and posts. */
@Tag("real")
class ChromiumIT {

    private static final Set<String> OURS = Set.of("www.acme.test", "socket.acme.test");
    private static final String APP = "com.acme.browser";

    @TempDir
    private Path dir;

    private final CountDownLatch scriptEnded = new CountDownLatch(1);
    private WebOrigin origin;
    private EchoSocket echo;
    /** Open and silent: what the browser asks for besides finds no address. */
    private DatagramSocket silent;

    @BeforeEach
    void serve() throws IOException {
        origin = WebOrigin.plain();
        echo = EchoSocket.start();
        silent = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        String page = Files.readString(Scripts.copy(dir, "page.html"));
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
    }

    @AfterEach
    void close() throws IOException {
        origin.close();
        echo.close();
        silent.close();
    }

    /** Started by a command line, it shows no tag: its flows are unattributed, and may use a few ports. */
    @Test
    void aPageAndItsWebSocketLoad() throws IOException {
        try (ServedGateway gateway = ServedGateway.start(dir, settings("admit"), "")) {
            Program.Ended ended = chromium().run(arguments(gateway, "--dump-dom", "http://www.acme.test/page"));
            assertThat(ended.exit()).as(ended.err()).isZero();
            expectPage(ended.out());
            expectRecords(gateway, "-", "none", "none");
            gateway.stop();
            expectNothingElse(gateway);
        }
    }

    /** Asked for a password as its user would be, it shows a tag from then on, in tunnels too. */
    @Test
    void aPageAndItsWebSocketLoadWithATag() throws IOException {
        try (ServedGateway gateway = ServedGateway.start(dir, settings("refuse"), "");
                RunningProgram browser =
                        chromium().start(arguments(gateway, "--remote-debugging-port=0", "about:blank"))) {
            URI address = URI.create(browser.awaitOutput(Pattern.compile("DevTools listening on (ws://\\S+)"))
                    .group(1));
            try (DevTools page = new DevTools(address, gateway.tag(APP))) {
                page.open("http://www.acme.test/page");
                awaited(scriptEnded);
                expectPage(page.evaluate("document.documentElement.outerHTML"));
            }
            browser.terminate();
            browser.awaitExit();
            expectRecords(gateway, APP, "tag-verified", "device-asserted");
            gateway.stop();
            expectNothingElse(gateway);
        }
    }

    private String settings(String unattributed) {
        return """
                listeners: [{name: apps, type: http-connect, bind: '127.0.0.1:0'}]
                identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], unattributed: %s}
                dns: {upstreams: ['127.0.0.1:%d'], timeout: 100ms}
                upstream:
                  allow-networks: ['127.0.0.0/8']
                  hosts: {'www.acme.test:80': '127.0.0.1:%d', 'socket.acme.test:80': '127.0.0.1:%d'}
                """.formatted(unattributed, silent.getLocalPort(), origin.port(), echo.port());
    }

    private static void expectPage(String dom) {
        assertThat(dom)
                .contains("<title>A page behind the gateway</title>")
                .contains("<p id=\"echo\">Grüße through the gateway</p>")
                .contains("<p id=\"posted\">200000 "
                        + WebOrigin.sha256("x".repeat(200_000).getBytes(StandardCharsets.US_ASCII))
                        + " length\n</p>");
    }

    private static void expectRecords(ServedGateway gateway, String app, String device, String assured) {
        JsonNode page = gateway.record(
                each -> each.at("/dst_endpoint/hostname").asString().equals("www.acme.test")
                        && each.at("/traffic/bytes_out").asInt() > 0);
        assertThat(page.at("/app_name").asString()).isEqualTo("http");
        // The browser opens a tunnel for it; inside, it is HTTP with an upgrade.
        JsonNode socket = gateway.record(
                each -> each.at("/dst_endpoint/hostname").asString().equals("socket.acme.test"));
        assertThat(socket.at("/app_name").asString()).isEqualTo("websocket");
        assertThat(socket.at("/unmapped/postern/http_method").asString()).isEqualTo("GET");
        assertThat(socket.at("/traffic/bytes_in").asInt()).isPositive();
        for (JsonNode record : List.of(page, socket)) {
            assertThat(record.at("/actor/app_uid").asString()).isEqualTo(app);
            assertThat(record.at("/unmapped/postern/device_assurance").asString())
                    .isEqualTo(device);
            assertThat(record.at("/unmapped/postern/app_assurance").asString()).isEqualTo(assured);
        }
    }

    private static void expectNothingElse(ServedGateway gateway) throws IOException {
        assertThat(gateway.records())
                .filteredOn(each -> each.at("/traffic/bytes_in").asInt() > 0)
                .extracting(each -> each.at("/dst_endpoint/hostname").asString())
                .as("nothing but our names was relayed")
                .isSubsetOf(OURS);
    }

    private Program chromium() {
        return Program.installed("chromium", "chromium", dir).with("HOME", dir.toString());
    }

    private List<String> arguments(ServedGateway gateway, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
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
                "--proxy-bypass-list=<-loopback>"));
        arguments.addAll(List.of(more));
        return arguments;
    }

    private static void awaited(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
