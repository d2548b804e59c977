package io.postern.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.e2e.TestingGateway;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Quarantine and kill switch of a running gateway, on its command line. */
class QuarantineCommandIT {

    @TempDir
    Path dir;

    private TestingTerminal terminal = new TestingTerminal();

    @Test
    void somebodyIsContainedListedAndReleased() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            assertThat(run(
                            gateway,
                            "quarantine",
                            "add",
                            "--device",
                            "LC01",
                            "--profile",
                            "work",
                            "--app",
                            "com.acme.mail",
                            "--ttl",
                            "5m",
                            "--reason",
                            "looks odd",
                            "--json"))
                    .isEqualTo(Postern.OK);
            String id = json().get("id").asString();
            assertThat(run(gateway, "quarantine", "add", "--device", "LC02", "--sticky", "--reason", "lost"))
                    .isEqualTo(Postern.OK);
            assertThat(terminal.out()).containsPattern("q-[0-9a-f]{16} until it is released");

            assertThat(run(gateway, "quarantine", "list")).isEqualTo(Postern.OK);
            assertThat(terminal.out())
                    .containsPattern(id + " +active +LC01 +work +com.acme.mail +20\\S+Z +admin +looks odd")
                    .containsPattern("active +LC02 +all +all +released +admin +lost");
            assertThat(run(gateway, "quarantine", "release", id, "--reason", "harmless"))
                    .isEqualTo(Postern.OK);
            assertThat(terminal.out()).isEqualTo("released " + id + System.lineSeparator());
            assertThat(run(gateway, "quarantine", "list", "--device", "LC01", "--state", "all", "--json"))
                    .isEqualTo(Postern.OK);
            assertThat(json().at("/quarantines/0/release_reason").asString()).isEqualTo("harmless");
        }
    }

    @Test
    void enforcementIsSwitchedOffAndOn() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            assertThat(run(gateway, "kill-switch", "on", "--reason", "a bad rule"))
                    .isEqualTo(Postern.OK);
            assertThat(terminal.out()).isEqualTo("kill switch on by admin" + System.lineSeparator());
            assertThat(run(gateway, "kill-switch", "show", "--json")).isEqualTo(Postern.OK);
            assertThat(json().at("/reason").asString()).isEqualTo("a bad rule");
            assertThat(run(gateway, "kill-switch", "off", "--reason", "mended")).isEqualTo(Postern.OK);
            assertThat(terminal.out()).startsWith("kill switch off");
        }
    }

    @Test
    void whatIsWrongIsToldInTheGatewaysWords() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            assertThat(run(gateway, "quarantine", "release", "q-0", "--reason", "r"))
                    .isEqualTo(Postern.FAILED);
            assertThat(terminal.err()).contains("no such quarantine stands");
            assertThat(run(gateway, "quarantine", "add", "--device", "LC 1", "--ttl", "soon", "--reason", "r"))
                    .isEqualTo(Postern.FAILED);
            assertThat(terminal.err()).contains("'LC 1' is not a device id").contains("must be a time of 1s and more");
            assertThat(run(gateway, "quarantine", "release", "q-0")).isEqualTo(Postern.BAD_USAGE_OR_CONFIGURATION);
        }
    }

    private int run(TestingGateway gateway, String... arguments) {
        terminal = new TestingTerminal();
        return terminal.run(Stream.concat(
                        Stream.of(arguments),
                        Stream.of(
                                "--url",
                                "http://127.0.0.1:"
                                        + gateway.gateway().adminAddress().getPort(),
                                "--token-file",
                                dir.resolve("var/admin/token").toString()))
                .toArray(String[]::new));
    }

    private JsonNode json() {
        return JsonMapper.shared().readTree(terminal.out());
    }
}
