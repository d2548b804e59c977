package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What curl's user sees when a flow is blocked, by way in and point of its life: the table of docs/blocked.md. */
@Tag("real")
class BlockedCurlIT {

    @TempDir
    private static Path dir;

    private static Blocks blocks;

    @BeforeAll
    static void start() throws IOException {
        blocks = new Blocks(dir);
    }

    @AfterAll
    static void stop() throws IOException {
        blocks.close();
    }

    /** How curl asks. */
    private enum Way {
        CONNECT("https", "--proxy", "http://127.0.0.1:", "apps"),
        HTTP_IN_A_TUNNEL("http", "--proxytunnel --proxy", "http://127.0.0.1:", "apps"),
        ABSOLUTE_FORM("http", "--proxy", "http://127.0.0.1:", "apps"),
        SOCKS("https", "--proxy", "socks5h://127.0.0.1:", "socks"),
        HTTP_OVER_SOCKS("http", "--proxy", "socks5h://127.0.0.1:", "socks");

        private final String scheme;
        private final String option;
        private final String proxy;
        private final String listener;

        Way(String scheme, String option, String proxy, String listener) {
            this.scheme = scheme;
            this.option = option;
            this.proxy = proxy;
            this.listener = listener;
        }

        String kind() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CONNECT          | 56 | CONNECT tunnel failed, response 403
            HTTP_IN_A_TUNNEL | 56 | CONNECT tunnel failed, response 403
            SOCKS            | 97 | (2)
            HTTP_OVER_SOCKS  | 97 | (2)
            """)
    void atOpenTheTunnelIsRefused(Way way, int exit, String words) throws IOException {
        String app = "com.acme.open." + way.kind();
        Program.Ended ended = curl(way, app, "open.acme.test", "/", "--verbose");
        assertThat(ended.exit()).as(ended.err()).isEqualTo(exit);
        assertThat(ended.err()).contains(words);
        if (way.listener.equals("apps")) {
            assertThat(ended.err()).contains("< Proxy-Status: postern; error=http_request_denied");
        }
        expectRecord(app, "no-open");
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_IN_A_TUNNEL", "ABSOLUTE_FORM", "HTTP_OVER_SOCKS"})
    void onceItIsKnownToBeHttpThereIsAPage(Way way) throws IOException {
        String app = "com.acme.late." + way.kind();
        Program.Ended ended = curl(way, app, "late.acme.test", "/", "--include");
        assertThat(ended.exit()).as(ended.err()).isZero();
        JsonNode record = expectRecord(app, "no-late");
        assertThat(ended.out())
                .contains("HTTP/1.1 403 Forbidden\r\n", "\r\nProxy-Status: postern; error=http_request_denied\r\n")
                .contains(
                        "\nReason: no-late\n",
                        "\nFlow: " + record.at("/connection_info/uid").asString());
    }

    @ParameterizedTest
    @EnumSource(names = {"CONNECT", "SOCKS"})
    void onceItIsKnownToBeTlsThereIsAnAlertBeforeAnyAnswer(Way way) throws IOException {
        String app = "com.acme.late." + way.kind();
        Program.Ended ended = curl(way, app, "late.acme.test", "/", "--verbose");
        assertThat(ended.exit()).as(ended.err()).isEqualTo(35);
        assertThat(ended.err())
                .contains("TLS handshake, Client hello (1)", "access denied")
                .doesNotContain("Server hello (2)");
        assertThat(expectRecord(app, "no-late").at("/traffic/bytes_out").asInt())
                .isZero();
    }

    /** A request of DICT, which nobody here knows. */
    @ParameterizedTest
    @CsvSource({"http, apps, dict", "socks5h, socks, socksdict"})
    void whatIsKnownToBeNeitherIsReset(String scheme, String listener, String kind) throws IOException {
        String app = "com.acme.late." + kind;
        Program.Ended ended = Program.installed("curl", "curl", dir)
                .run(
                        "-q",
                        "-sS",
                        "--max-time",
                        "60",
                        "--proxytunnel",
                        "--proxy",
                        scheme + "://127.0.0.1:" + blocks.port(listener),
                        "--proxy-user",
                        Blocks.tag(app),
                        "dict://late.acme.test:2628/d:word");
        assertThat(ended.exit()).as(ended.err()).isEqualTo(56);
        assertThat(ended.err()).contains("Connection reset by peer");
        expectRecord(app, "no-late");
    }

    private static Stream<Arguments> cuts() {
        return Stream.of(Way.values())
                .flatMap(way -> Stream.of(Blocks.Event.values()).map(event -> Arguments.of(way, event)));
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void whileItLivesItIsReset(Way way, Blocks.Event event) throws Exception {
        String app = event.app(way.kind());
        try (RunningProgram curl =
                program().start(arguments(way, app, "live.acme.test", "/live", "--no-buffer", "--show-error"))) {
            curl.awaitOutput(Pattern.compile("alive\n"));
            blocks.happens(event, app);
            assertThat(curl.awaitExit()).as(curl.story("exit code")).isEqualTo(56);
            assertThat(curl.err()).contains("Connection reset by peer");
        }
        JsonNode record = expectRecord(app, Blocks.rule(event, app));
        assertThat(record.at("/disposition_id").asInt()).isEqualTo(event == Blocks.Event.QUARANTINE ? 3 : 21);

        // And who asks again is refused at once.
        Program.Ended again = curl(way, app, "live.acme.test", "/live", "--include");
        if (way == Way.ABSOLUTE_FORM) {
            assertThat(again.out()).startsWith("HTTP/1.1 403 ");
        } else {
            assertThat(again.exit()).as(again.err()).isIn(56, 97);
        }
    }

    /** What it gets meanwhile is what is read at once and 64 KiB a second, of 32 MiB. */
    @ParameterizedTest
    @EnumSource(names = {"CONNECT", "ABSOLUTE_FORM", "SOCKS"})
    void throttledItGoesOnSlowly(Way way) throws IOException {
        String app = "com.acme.slow." + way.kind();
        Program.Ended ended = curl(
                way,
                app,
                "slow.acme.test",
                "/bytes/" + (32 << 20),
                "--max-time",
                "3",
                "--output",
                "/dev/null",
                "--write-out",
                "%{http_code} %{size_download}");
        assertThat(ended.exit()).as("it ran out of patience: " + ended.err()).isEqualTo(28);
        assertThat(ended.out()).startsWith("200 ");
        assertThat(Long.parseLong(ended.out().substring(4))).isBetween(1L, 16L << 20);
        JsonNode record = blocks.gateway()
                .record(each -> each.at("/actor/app_uid").asString().equals(app));
        assertThat(record.at("/disposition_id").asInt()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http://www.elsewhere.test/                        | 403
            http://connectivitycheck.gstatic.com/generate_204 | 204
            """)
    void whoeverIsContainedIsToldAndStaysInTheNetwork(String url, int status) throws Exception {
        String app = "com.acme.contained" + status;
        blocks.happens(Blocks.Event.QUARANTINE, app);
        Program.Ended ended = program()
                .run(Stream.concat(common(Way.ABSOLUTE_FORM, app).stream(), Stream.of("--include", url))
                        .toList());
        assertThat(ended.exit()).as(ended.err()).isZero();
        assertThat(ended.out()).startsWith("HTTP/1.1 " + status + " ");
        if (status == 403) {
            assertThat(ended.out())
                    .containsPattern("\nReason: quarantine:q-")
                    .contains("\nIn quarantine: this app on this device. " + Blocks.REASON + "\n")
                    .contains("\nHelp: " + Blocks.HELP + "\n");
        }
    }

    private static JsonNode expectRecord(String app, String rule) {
        JsonNode record = blocks.blocked(app);
        assertThat(record.at("/firewall_rule/name").asString()).matches(rule);
        return record;
    }

    private static Program program() {
        return Program.installed("curl", "curl", dir);
    }

    private static Program.Ended curl(Way way, String app, String host, String path, String... more)
            throws IOException {
        return program().run(arguments(way, app, host, path, more));
    }

    private static List<String> arguments(Way way, String app, String host, String path, String... more)
            throws IOException {
        List<String> arguments = new ArrayList<>(common(way, app));
        arguments.addAll(List.of(more));
        arguments.add(way.scheme + "://" + host + path);
        return arguments;
    }

    private static List<String> common(Way way, String app) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-q", "--silent", "--show-error", "--max-time", "60"));
        // The names of the origin are several, its certificate's is one.
        arguments.add("--insecure");
        arguments.addAll(List.of(way.option.split(" ")));
        arguments.add(way.proxy + blocks.port(way.listener));
        Path tag = Files.writeString(
                Files.createTempFile(dir, "tag", ".cfg"), "proxy-user = \"" + Blocks.tag(app) + "\"\n");
        arguments.addAll(List.of("--config", tag.toString()));
        return arguments;
    }
}
