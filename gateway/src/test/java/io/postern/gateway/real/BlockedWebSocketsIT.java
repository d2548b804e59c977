package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
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
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What programs are told by the WebSocket libraries of Node and Python when their connection is blocked: docs/blocked.md. */
@Tag("real")
class BlockedWebSocketsIT {

    private static final int PORT = 8080;

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

    /** Whose library. */
    private enum Client {
        NODE,
        PYTHON;

        String kind() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @ParameterizedTest
    @EnumSource
    void atOpenTheTunnelIsRefused(Client client) throws IOException {
        String app = "com.acme.open." + client.kind();
        String told = run(client, app, "open.acme.test");
        // Node's agent hands the proxy's answer on as if it were the server's.
        assertThat(told).containsPattern(client == Client.NODE ? "answered 403\n" : "error HTTP/1.1 403 Forbidden\n");
        expectRule(app, "no-open");
    }

    @ParameterizedTest
    @EnumSource
    void onceItIsKnownToBeHttpTheHandshakeIsRefused(Client client) throws IOException {
        String app = "com.acme.late." + client.kind();
        assertThat(run(client, app, "late.acme.test")).contains("answered 403\n");
        expectRule(app, "no-late");
    }

    private static Stream<Arguments> cuts() {
        return Stream.of(Client.values())
                .flatMap(client -> Stream.of(Blocks.Event.values()).map(event -> Arguments.of(client, event)));
    }

    /** 1006: without a close frame, which nobody can send in the middle of somebody else's stream. */
    @ParameterizedTest
    @MethodSource("cuts")
    void whileItLivesItEndsWithoutACloseFrame(Client client, Blocks.Event event) throws Exception {
        String app = event.app(client.kind());
        try (RunningProgram program = start(client, app, "live.acme.test")) {
            program.awaitOutput(Pattern.compile("alive\n"));
            blocks.happens(event, app);
            assertThat(program.awaitExit()).as(program.story("exit code")).isZero();
            assertThat(program.out()).endsWith("close 1006\n");
        }
        expectRule(app, Blocks.rule(event, app));
    }

    private static void expectRule(String app, String rule) {
        assertThat(blocks.blocked(app).at("/firewall_rule/name").asString()).matches(rule);
    }

    private static String run(Client client, String app, String host) throws IOException {
        try (RunningProgram program = start(client, app, host)) {
            assertThat(program.awaitExit()).as(program.story("exit code")).isZero();
            return program.out();
        }
    }

    private static RunningProgram start(Client client, String app, String host) throws IOException {
        List<String> proxy = List.of("127.0.0.1", Integer.toString(blocks.port("apps")), Blocks.tag(app));
        return switch (client) {
            case NODE ->
                Program.ofDebian("/usr/bin/node", "/usr/share/doc/node-ws", dir)
                        .with("NODE_PATH", "/usr/share/nodejs")
                        .start(arguments(
                                Scripts.copy(dir, "blocked_websocket.js"), proxy, "ws://" + host + ":" + PORT + "/"));
            case PYTHON ->
                Program.ofDebian("/usr/bin/python3", "/usr/share/doc/python3-websockets", dir)
                        .start(arguments(
                                Scripts.copy(dir, "blocked_websocket.py", "tunnel.py"),
                                proxy,
                                host,
                                Integer.toString(PORT)));
        };
    }

    private static List<String> arguments(Path script, List<String> proxy, String... more) {
        return Stream.of(Stream.of(script.toString()), proxy.stream(), Stream.of(more))
                .flatMap(each -> each)
                .toList();
    }
}
