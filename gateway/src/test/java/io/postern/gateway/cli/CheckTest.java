package io.postern.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.real.SelfSigned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CheckTest {

    @TempDir
    Path folder;

    private final TestingTerminal terminal = new TestingTerminal();
    private Path settings = Path.of("");

    @BeforeEach
    void writeGoodFiles() throws IOException {
        Path key = Files.writeString(folder.resolve("k1"), "s".repeat(32));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(
                folder.resolve("rules.yaml"),
                "rules: [{name: no-paste, when: {service-class: paste}, action: block}]\n");
        settings = settings(
                "identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}]}\npolicy: {files: [\"*.yaml\"]}\n");
    }

    @Test
    void saysWhatAGoodConfigurationAmountsTo() {
        assertThat(terminal.run("check", "--config", settings.toString())).isZero();
        assertThat(terminal.out())
                .startsWith(
                        settings + ": ok, tenant acme, listeners: 1, tag keys: 1; service classes: 2026-11-21; policy ")
                .endsWith("apps: 0, rules: 1, exceptions: 0" + System.lineSeparator());
    }

    @Test
    void tellsProblemsOfSettingsAndPolicyTogether() throws IOException {
        settings = settings(
                "listners: []\npolicy: {files: [rules.yaml]}\nidentity: {tag-keys: [{id: k1, secret-file: k1}]}\n");
        Files.writeString(folder.resolve("rules.yaml"), "rules: [{name: a, action: blok}]\n");

        assertThat(terminal.run("check", "--config", settings.toString())).isEqualTo(2);
        assertThat(terminal.out().lines())
                .containsExactly(
                        settings + ":1:1: listners: no such setting (did you mean listeners?)",
                        folder.resolve("rules.yaml")
                                + ":1:27: rules[0].action: 'blok' is not known, must be allow, alert,"
                                + " throttle, block, quarantine (did you mean block?)",
                        "2 problems");
    }

    /** What check tells, serve does not start with, and says it too. */
    @Test
    void serveTellsProblemsOfSettingsAndPolicyTogether() throws IOException {
        settings = settings(
                "listners: []\npolicy: {files: [rules.yaml]}\nidentity: {tag-keys: [{id: k1, secret-file: k1}]}\n");
        Files.writeString(folder.resolve("rules.yaml"), "rules: [{name: a, action: blok}]\n");

        assertThat(terminal.run("serve", "--config", settings.toString())).isEqualTo(2);
        assertThat(terminal.err().lines())
                .hasSize(2)
                .anyMatch(line -> line.contains("listners"))
                .anyMatch(line -> line.contains("'blok' is not known"));
    }

    @Test
    void saysWhichPolicyIsTheGatewaysOwn() throws IOException {
        settings = settings("identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}]}\nstate: {dir: var}\n"
                + "policy: {managed: true}\n");
        assertThat(terminal.run("check", "--config", settings.toString())).isZero();
        assertThat(terminal.out()).contains("; policy managed, to be made as " + folder.resolve("var/policy/"));

        Path own = Path.of(terminal.out().replaceFirst("(?s).*to be made as (.*?), apps.*", "$1"));
        Files.createDirectories(own.getParent());
        Files.writeString(own, "rules: [{name: a, action: block}]\n");
        assertThat(terminal.run("check", "--config", settings.toString())).isZero();
        assertThat(terminal.out())
                .containsPattern("; policy [0-9a-f]{12} \\(managed, " + own + "\\), apps: 0, rules: 1");
    }

    @Test
    void warnsAndPassesWhereOnlyADayHasPassed() throws IOException {
        Files.writeString(folder.resolve("rules.yaml"), """
                rules: [{name: a, action: block}]
                exceptions: [{rule: a, owner: x, reason: y, until: 2026-11-20}]
                """);

        assertThat(terminal.run("check", "--config", settings.toString())).isZero();
        assertThat(terminal.out())
                .contains("warning: " + folder.resolve("rules.yaml")
                        + ":2:52: exceptions[0].until: the exception expired on 2026-11-20 and lifts nothing");
    }

    @Test
    void tellsACertificateThatIsNotItsKeys() throws IOException {
        SelfSigned one = SelfSigned.mint(Files.createDirectory(folder.resolve("one")), "gw.acme.example");
        SelfSigned other = SelfSigned.mint(Files.createDirectory(folder.resolve("other")), "gw.acme.example");
        settings = settings("identity: {tag-keys: [{id: k1, secret-file: k1}]}\n"
                + "listeners: [{name: apps, type: http-connect, bind: '127.0.0.1:0', tls: {certificate: '"
                + one.certificate() + "', key: '" + other.key() + "'}}]\n");

        assertThat(terminal.run("check", "--config", settings.toString())).isEqualTo(2);
        assertThat(terminal.out())
                .isEqualTo(one.certificate() + ": listeners[0].tls: " + other.key() + " is not the key of "
                        + one.certificate() + System.lineSeparator() + "1 problem" + System.lineSeparator());
        // What check tells, serve does not start with.
        assertThat(terminal.run("serve", "--config", settings.toString())).isEqualTo(2);
    }

    @Test
    void printsJsonForMachines() throws IOException {
        settings = settings("admin: {bind: nowhere}\nidentity: {tag-keys: [{id: k1, secret-file: k1}]}\n");

        assertThat(terminal.run("check", "--json", "--config", settings.toString()))
                .isEqualTo(2);
        JsonNode report = JsonMapper.shared().readTree(terminal.out());
        assertThat(report.at("/problems/0/path").asString()).isEqualTo("admin.bind");
        assertThat(report.at("/problems/0/line").asInt()).isEqualTo(1);
        assertThat(report.at("/summary").isNull()).isTrue();
    }

    @Test
    void usageIsAnErrorOfItsOwn() {
        assertThat(terminal.run("check", "--what")).isEqualTo(2);
        assertThat(terminal.run()).isEqualTo(2);
        assertThat(terminal.run("--version")).isZero();
        assertThat(terminal.out()).startsWith("postern ");
    }

    private Path settings(String yaml) throws IOException {
        return Files.writeString(folder.resolve("postern.conf"), yaml);
    }
}
