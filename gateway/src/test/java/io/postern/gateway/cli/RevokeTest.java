package io.postern.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.identity.Revoked;
import io.postern.gateway.identity.Revoked.Entry;
import io.postern.gateway.identity.Revoked.Kind;
import io.postern.gateway.identity.RevokedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class RevokeTest {

    private static final String FINGERPRINT = "AB:" + "0".repeat(62);

    @TempDir
    Path folder;

    private final TestingTerminal terminal = new TestingTerminal();

    @Test
    void addsLinesThatTheGatewayReads() throws IOException {
        TestingEnrolment settings = new TestingEnrolment(folder);
        Files.setPosixFilePermissions(list(), PosixFilePermissions.fromString("rw-r-----"));

        assertThat(settings.run(
                        terminal,
                        "revoke",
                        "--device",
                        "enterprises/e/devices/LC01",
                        "LC02",
                        "--key",
                        "k0",
                        "--token",
                        "5d1f",
                        "--certificate",
                        FINGERPRINT,
                        "--reason",
                        "lost on the train"))
                .isZero();

        assertThat(Files.readString(list())).isEqualTo("""
                # nobody yet
                # lost on the train
                device LC01
                device LC02
                key k0
                token 5d1f
                certificate ab%s
                """.formatted("0".repeat(62)));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(list())))
                .isEqualTo("rw-r-----");
        assertThat(terminal.out()).isEqualTo(list() + ": revoked 5, 5 in all\n");
    }

    @Test
    void refusesWhatIsRevokedAlready() throws IOException {
        TestingEnrolment settings = new TestingEnrolment(folder);
        settings.run(terminal, "revoke", "--device", "LC01");
        String before = Files.readString(list());

        assertThat(settings.run(terminal, "revoke", "--device", "LC02", "LC01")).isEqualTo(2);

        assertThat(terminal.err()).contains("identity.revoked-file: holds 'device LC01' already");
        assertThat(Files.readString(list())).isEqualTo(before);
    }

    @Test
    void tellsEveryFaultAtOnce() throws IOException {
        assertThat(new TestingEnrolment(folder)
                        .run(terminal, "revoke", "--device", "a b", "--certificate", "12", "--reason", "two\nlines"))
                .isEqualTo(2);
        assertThat(terminal.err().lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("--device: names 'a b', must match "),
                        line -> assertThat(line).startsWith("--certificate: names '12', must match "),
                        line -> assertThat(line).startsWith("--reason: has control characters"));
        assertThat(new TestingEnrolment(folder).run(terminal, "revoke")).isEqualTo(2);
    }

    @Test
    void leavesAListAloneThatNoGatewayCanRead() throws IOException {
        TestingEnrolment settings = new TestingEnrolment(folder);
        Files.writeString(list(), "devise LC07\n");

        assertThat(settings.run(terminal, "revoke", "--device", "LC01")).isEqualTo(2);
        assertThat(terminal.err()).contains(":1:1: identity.revoked-file: begins with 'devise'");
        assertThat(Files.readString(list())).isEqualTo("devise LC07\n");
    }

    @Test
    void makesTheListOfAGatewayThatHasNotStartedYet() throws IOException {
        TestingEnrolment settings = new TestingEnrolment(folder);
        settings.identity("state: {dir: var}\nidentity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}]}\n");

        assertThat(settings.run(terminal, "revoke", "--device", "LC01")).isZero();

        Path made = folder.resolve("var/revoked");
        assertThat(Files.readString(made)).isEqualTo("device LC01\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                .isEqualTo("rw-------");
        assertThat(settings.run(terminal, "revoke", "--device", "LC02")).isZero();
        assertThat(made).hasContent("device LC01\ndevice LC02");
    }

    @Test
    void printsWhatWasDoneAsJson() throws IOException {
        new TestingEnrolment(folder).run(terminal, "revoke", "--device", "LC01", "--json");

        assertThat(JsonMapper.shared().readTree(terminal.out()))
                .isEqualTo(JsonMapper.shared().readTree("{\"file\": \"" + list() + "\", \"added\": 1, \"total\": 1}"));
    }

    /** A link is followed: the list may be on a volume of its own. */
    @Test
    void writesThroughALink() throws IOException {
        Path real = Files.writeString(folder.resolve("elsewhere"), "device LC01");
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);

        assertThat(RevokedFile.add(link, List.of(new Entry(Kind.KEY, "k1")), Optional.empty())
                        .value()
                        .map(Revoked::size))
                .contains(2);
        assertThat(link).isSymbolicLink();
        assertThat(Files.readString(real)).isEqualTo("device LC01\nkey k1\n");
    }

    @Test
    void writersWaitForEachOther() throws IOException {
        Path script = folder.resolve("postern.yaml");
        new TestingEnrolment(folder);
        int writers = 4;
        List<Process> others = IntStream.range(0, writers)
                .mapToObj(i -> RevokeTest.process("revoke", "--config", script.toString(), "--device", "P" + i))
                .toList();
        for (Process other : others) {
            assertThat(other.onExit().join().exitValue())
                    .as(new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isZero();
        }
        assertThat(Files.readAllLines(list())).hasSize(1 + writers);
    }

    private static Process process(String... arguments) {
        try {
            return new ProcessBuilder(Stream.concat(
                                    Stream.of(
                                            ProcessHandle.current()
                                                    .info()
                                                    .command()
                                                    .orElse("java"),
                                            "-cp",
                                            System.getProperty("java.class.path"),
                                            Postern.class.getName()),
                                    Stream.of(arguments))
                            .toList())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path list() {
        return folder.resolve("revoked");
    }
}
