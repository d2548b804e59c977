package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What Chromium's user sees, and what a page's script is told, when a flow is blocked: docs/blocked.md. */
@Tag("real")
class BlockedChromiumIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path dir;

    private static Blocks blocks;

    @BeforeAll
    static void start() throws IOException {
        blocks = new Blocks(dir);
        blocks.page(Files.readString(Scripts.copy(dir, "blocked.html")));
    }

    @AfterAll
    static void stop() throws IOException {
        blocks.close();
    }

    @ParameterizedTest
    @CsvSource({
        "https://open.acme.test/, ERR_TUNNEL_CONNECTION_FAILED, open",
        "https://late.acme.test/, ERR_SSL_PROTOCOL_ERROR, late"
    })
    void httpsShowsItsOwnPageOfErrors(String url, String error, String kind) throws Exception {
        try (Browser browser = browse("com.acme.browser." + kind)) {
            assertThat(browser.page.navigate(url)).isEqualTo("net::" + error);
        }
    }

    @ParameterizedTest
    @CsvSource({"open, no-open", "late, no-late"})
    void plainHttpShowsOurs(String host, String rule) throws Exception {
        try (Browser browser = browse("com.acme.browser.plain" + host)) {
            assertThat(browser.page.navigate("http://" + host + ".acme.test/")).isEmpty();
            browser.awaitText("document.body.innerText", "Reason: " + rule);
            assertThat(browser.page.evaluate("document.body.innerText")).contains("\nFlow: ");
        }
    }

    @Test
    void whoeverIsContainedReadsWhyAndWhomToAsk() throws Exception {
        String app = "com.acme.browser.contained";
        blocks.happens(Blocks.Event.QUARANTINE, app);
        try (Browser browser = browse(app)) {
            assertThat(browser.page.navigate("http://www.elsewhere.test/")).isEmpty();
            browser.awaitText("document.body.innerText", Blocks.REASON);
            assertThat(browser.page.evaluate("document.body.innerText")).contains("\nHelp: " + Blocks.HELP);
            assertThat(browser.page.navigate("https://www.elsewhere.test/"))
                    .isEqualTo("net::ERR_TUNNEL_CONNECTION_FAILED");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatLivesFailsInThePage(Blocks.Event event) throws Exception {
        String app = event.app("browser");
        try (Browser browser = browse(app)) {
            assertThat(browser.page.navigate("https://live.acme.test/page")).isEmpty();
            browser.awaitText("document.title", "Before anything is blocked");
            browser.page.evaluate("stream('/live').catch((failed) => (told.stream = String(failed)))");
            browser.page.evaluate("socket('ws://live.acme.test:8080/')");
            browser.awaitText("told.stream", "alive");
            browser.awaitText("told.socket", "alive");
            blocks.happens(event, app);
            browser.awaitText("told.stream", "TypeError: network error");
            browser.awaitText("told.socket", "close 1006");
            browser.page.evaluate("post('/digest')");
            browser.awaitText("told.post", "TypeError: Failed to fetch");
        }
        assertThat(blocks.blocked(app).at("/firewall_rule/name").asString()).matches(Blocks.rule(event, app));
    }

    private static Browser browse(String app) throws IOException {
        return new Browser(app);
    }

    /** One of an app of its own. */
    private static final class Browser implements AutoCloseable {

        private final RunningProgram program;
        private final DevTools page;

        Browser(String app) throws IOException {
            Path home = Files.createTempDirectory(dir, "home");
            program = Program.installed("chromium", "chromium", home)
                    .with("HOME", home.toString())
                    .start(
                            "--headless",
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--disable-dev-shm-usage",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync",
                            "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable",
                            // The names of the origin are several, its certificate's is one; and its page talks in
                            // clear too.
                            "--ignore-certificate-errors",
                            "--allow-running-insecure-content",
                            "--user-data-dir=" + home.resolve("profile"),
                            "--proxy-server=http://127.0.0.1:" + blocks.port("apps"),
                            "--proxy-bypass-list=<-loopback>",
                            "--remote-debugging-port=0",
                            "about:blank");
            URI address = URI.create(program.awaitOutput(Pattern.compile("DevTools listening on (ws://\\S+)"))
                    .group(1));
            page = new DevTools(address, Blocks.tag(app));
        }

        void awaitText(String expression, String text) {
            await(expression).atMost(PATIENCE).until(() -> page.evaluate(expression), said -> said.contains(text));
        }

        @Override
        public void close() {
            page.close();
            // Asked first, for it leaves a folder behind otherwise.
            program.terminate();
            program.awaitExit();
            program.close();
        }
    }
}
