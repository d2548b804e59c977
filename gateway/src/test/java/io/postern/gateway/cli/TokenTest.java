package io.postern.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenTest {

    @TempDir
    Path folder;

    private final TestingTerminal terminal = new TestingTerminal();
    private Path tokens = Path.of("");

    @BeforeEach
    void writeSettings() throws IOException {
        Path key = Files.writeString(folder.resolve("k1"), "s".repeat(32));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(
                folder.resolve("postern.yaml"),
                "identity: {tag-keys: [{id: k1, secret-file: k1}]}\nadmin: {tokens-file: keys/admin}\n");
        tokens = folder.resolve("keys/admin");
    }

    @Test
    void aTokenIsPrintedOnceAndKeptAsAHash() throws IOException {
        assertThat(token("add", "ops", "--role", "operator")).isZero();
        String token = terminal.out().strip();

        assertThat(token).matches("postern_[A-Za-z0-9_-]{43}");
        assertThat(Files.readString(tokens))
                .matches("ops:operator:[A-Za-z0-9_-]{22}:[0-9a-f]{64}\n")
                .doesNotContain(token);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(tokens)))
                .isEqualTo("rw-------");
        assertThat(terminal.run(
                        "check", "--config", folder.resolve("postern.yaml").toString()))
                .isZero();
    }

    @Test
    void namesAreListedAndRevoked() throws IOException {
        token("add", "ops", "--role", "operator");
        token("add", "vera", "--role", "viewer");
        assertThat(token("list", "--json")).isZero();
        assertThat(terminal.out())
                .endsWith("[{\"name\":\"ops\",\"role\":\"operator\"},{\"name\":\"vera\",\"role\":\"viewer\"}]"
                        + System.lineSeparator());

        assertThat(token("revoke", "ops")).isZero();
        assertThat(Files.readString(tokens)).startsWith("vera:viewer:").doesNotContain("ops");
        assertThat(token("revoke", "ops")).isEqualTo(1);
        assertThat(terminal.err()).contains("has no token named ops");
    }

    @Test
    void whatIsNoNameNoRoleOrTakenIsRefused() throws IOException {
        token("add", "ops", "--role", "operator");
        String before = Files.readString(tokens);

        assertThat(token("add", "ops", "--role", "admin")).isEqualTo(1);
        assertThat(token("add", "o:s", "--role", "admin")).isEqualTo(2);
        assertThat(token("add", "o\ns", "--role", "admin")).isEqualTo(2);
        assertThat(token("add", "other", "--role", "root")).isEqualTo(2);
        assertThat(token("add", "other")).isEqualTo(2);
        assertThat(token("list", "--role", "admin")).isEqualTo(2);
        assertThat(terminal.err())
                .contains("has a token named ops already")
                .contains("NAME: 'o:s' is not a name, must be 1–32 of A-Z a-z 0-9 _ -")
                .contains("--role: 'root' is not known, must be viewer, operator or admin");
        assertThat(Files.readString(tokens)).isEqualTo(before);
    }

    @Test
    void aFileThatDoesNotReadIsToldAndLeftAsItIs() throws IOException {
        Files.createDirectories(tokens.getParent());
        Files.writeString(tokens, "ops:boss:x\n");
        Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));

        assertThat(token("add", "vera", "--role", "viewer")).isEqualTo(1);
        assertThat(terminal.err()).contains(tokens + ":1:1: admin.tokens-file: has 3 parts");
        assertThat(Files.readString(tokens)).isEqualTo("ops:boss:x\n");
        assertThat(terminal.run(
                        "check", "--config", folder.resolve("postern.yaml").toString()))
                .isEqualTo(2);
        assertThat(terminal.out()).contains(tokens + ":1:1: admin.tokens-file: has 3 parts");
    }

    @Test
    void anAuditLogThatIsNotThereIsWhole() {
        assertThat(terminal.run(
                        "audit",
                        "verify",
                        "--config",
                        folder.resolve("postern.yaml").toString()))
                .isZero();
        assertThat(terminal.out()).contains("whole, entries: 0");
    }

    @Test
    void aBrokenAuditLogIsAFailure() throws IOException {
        Files.createDirectories(folder.resolve("var"));
        Files.writeString(folder.resolve("var/audit.ndjson"), "{}\n");

        assertThat(terminal.run(
                        "audit",
                        "verify",
                        "--config",
                        folder.resolve("postern.yaml").toString()))
                .isEqualTo(1);
        assertThat(terminal.out()).contains("broken: line 1 has number -1, must have 1");
    }

    private int token(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "token";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[arguments.length + 1] = "--config";
        all[arguments.length + 2] = folder.resolve("postern.yaml").toString();
        return terminal.run(all);
    }
}
