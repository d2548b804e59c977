package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * What a client of UDP ASSOCIATE sees when its datagrams are blocked: docs/blocked.md. No client of Debian's sends them,
 * so it is a script.
 */
@Tag("real")
class BlockedDatagramsIT {

    /** Questions without an answer until it gives up, where none is to come and where one is. */
    private static final String FEW = "10";

    private static final String MANY = "300";

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

    @Test
    void atOpenNothingComesBackAndTheAssociationStays() throws IOException {
        String app = "com.acme.datagrams.open";
        try (RunningProgram client = start(app, "open.acme.test", FEW)) {
            assertThat(client.awaitExit()).as(client.story("exit code")).isZero();
            assertThat(client.out()).isEqualTo("nothing\n");
        }
        expectDropped(app, "no-open");
    }

    @Test
    void onceItIsKnownWhatTheySpeakNothingComesBack() throws IOException {
        String app = "com.acme.datagrams.late";
        try (RunningProgram client = start(app, "late.acme.test", FEW)) {
            assertThat(client.awaitExit()).as(client.story("exit code")).isZero();
            assertThat(client.out()).isEqualTo("nothing\n");
        }
        expectDropped(app, "no-late");
    }

    @ParameterizedTest
    @EnumSource
    void whileTheyLiveTheyFallSilent(Blocks.Event event) throws Exception {
        String app = event.app("datagrams");
        try (RunningProgram client = start(app, "live.acme.test", MANY)) {
            client.awaitOutput(Pattern.compile("alive\n"));
            blocks.happens(event, app);
            assertThat(client.awaitExit()).as(client.story("exit code")).isZero();
            assertThat(client.out()).endsWith("alive\nnothing\n");
        }
        expectDropped(app, Blocks.rule(event, app));
    }

    private static void expectDropped(String app, String rule) {
        JsonNode record = blocks.blocked(app);
        assertThat(record.at("/firewall_rule/name").asString()).matches(rule);
        assertThat(record.at("/disposition_id").asInt()).isEqualTo(rule.startsWith("quarantine") ? 3 : 6);
    }

    private static RunningProgram start(String app, String host, String first) throws IOException {
        return Program.installed("python3", "python3", dir)
                .start(
                        Scripts.copy(dir, "socks_datagrams.py").toString(),
                        "127.0.0.1",
                        Integer.toString(blocks.port("socks")),
                        Blocks.tag(app),
                        host,
                        "7000",
                        first);
    }
}
