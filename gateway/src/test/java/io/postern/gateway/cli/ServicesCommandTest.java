package io.postern.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServicesCommandTest {

    @TempDir
    Path dir;

    private final TestingTerminal terminal = new TestingTerminal();

    private void lists(String acme) throws IOException {
        Files.createDirectories(dir.resolve("lists/data"));
        Files.writeString(dir.resolve("lists/data/acme"), acme);
        Files.writeString(
                dir.resolve("mapping.tsv"),
                "# ours\ncloud-storage\t@acme\tfiles\npaste\t.acme.example\tall the rest\n");
    }

    private int refresh() {
        return terminal.run(
                "services",
                "refresh",
                "--from",
                dir.resolve("lists").toString(),
                "--mapping",
                dir.resolve("mapping.tsv").toString(),
                "--out",
                dir.resolve("services.tsv").toString(),
                "--source",
                "lists of Acme, commit 1");
    }

    @Test
    void aListIsMadeAndTakenByTheSettingsThatNameIt() throws IOException {
        lists("full:drive.acme.example\nregexp:^x$\n");
        assertThat(refresh()).as(terminal.err()).isZero();
        assertThat(terminal.out()).contains("services.tsv: patterns: 2, date: 2026-11-21");

        Path key = Files.writeString(dir.resolve("k1"), "s".repeat(32));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Path settings = Files.writeString(
                dir.resolve("postern.yaml"),
                "identity: {tag-keys: [{id: k1, secret-file: k1}]}\nservices: {file: services.tsv}\n");
        TestingTerminal shown = new TestingTerminal();
        assertThat(shown.run("services", "show", "drive.acme.example", "--config", settings.toString()))
                .isZero();
        assertThat(shown.out())
                .contains("classes: cloud-storage")
                .contains("domain: acme.example")
                .contains("list: 2026-11-21, lists of Acme, commit 1");
        TestingTerminal resolver = new TestingTerminal();
        assertThat(resolver.run("services", "show", "2620:fe::fe", "--config", settings.toString()))
                .isZero();
        assertThat(resolver.out()).contains("classes: doh-resolver");
        TestingTerminal checked = new TestingTerminal();
        assertThat(checked.run("check", "--config", settings.toString())).isZero();
        assertThat(checked.out()).contains("service classes: 2026-11-21");

        Files.writeString(dir.resolve("services.tsv"), "paste\t.acme.example\nnothing\n");
        TestingTerminal broken = new TestingTerminal();
        assertThat(broken.run("check", "--config", settings.toString())).isEqualTo(2);
        assertThat(broken.out()).contains("services.file: ").contains("services.tsv:2: is not class");
    }

    @Test
    void whatCannotBeMadeLeavesTheListAsItWas() throws IOException {
        Files.writeString(dir.resolve("services.tsv"), "kept");
        lists("full:a..b\n");
        assertThat(refresh()).isEqualTo(1);
        assertThat(terminal.err()).contains("no pattern: full:a..b");

        Files.delete(dir.resolve("lists/data/acme"));
        assertThat(refresh()).isEqualTo(1);
        assertThat(terminal.err()).contains("acme cannot be read");
        assertThat(Files.readString(dir.resolve("services.tsv"))).isEqualTo("kept");
    }

    /** What the shipped list says of a name below one of the new list's stays, and of all others. */
    @Test
    void oneListIsPutIntoTheShippedOneOrIntoAnother() throws IOException {
        Files.createDirectories(dir.resolve("lists"));
        Path list =
                Files.writeString(dir.resolve("lists/acme"), "dropbox.com\nfull:drive.acme.example\ninclude:more\n");
        Files.writeString(dir.resolve("lists/more"), "more.example\nregexp:^x$\n");
        assertThat(refresh(list, "paste")).as(terminal.err()).isZero();
        String made = Files.readString(dir.resolve("services.tsv"));
        assertThat(made.lines())
                .contains("paste\t.dropbox.com", "paste\tdrive.acme.example", "paste\t.more.example")
                .anyMatch(line -> line.startsWith("push\t"))
                .noneMatch(line -> line.endsWith("\t.dropbox.com") && !line.startsWith("paste"));

        Path base = Files.writeString(dir.resolve("base.tsv"), "push\t.acme.example\n");
        assertThat(refresh(list, "cloud-storage,paste", "--base", base.toString()))
                .as(terminal.err())
                .isZero();
        assertThat(Files.readString(dir.resolve("services.tsv")).lines().filter(line -> !line.startsWith("#")))
                .containsExactly(
                        "push\t.acme.example",
                        "cloud-storage,paste\tdrive.acme.example",
                        "cloud-storage,paste\t.dropbox.com",
                        "cloud-storage,paste\t.more.example");

        assertThat(refresh(list, "No Class")).isEqualTo(1);
        assertThat(refresh(list, "paste", "--base", list.toString())).isEqualTo(1);
        assertThat(refresh(list, "paste", "--from", dir.toString())).isEqualTo(2);
        assertThat(Files.readString(dir.resolve("services.tsv"))).contains("cloud-storage,paste\t.more.example");
    }

    private int refresh(Path list, String classes, String... more) {
        String[] all = new String[more.length + 8];
        String[] usual = {
            "services",
            "refresh",
            "--list",
            list.toString(),
            "--classes",
            classes,
            "--out",
            dir.resolve("services.tsv").toString()
        };
        System.arraycopy(usual, 0, all, 0, usual.length);
        System.arraycopy(more, 0, all, usual.length, more.length);
        return terminal.run(all);
    }

    @Test
    void theShippedListTellsWhereItIsFrom() {
        assertThat(terminal.run("services", "list")).isZero();
        assertThat(terminal.out())
                .contains("source: v2fly/domain-list-community at commit c975cce (MIT")
                .contains("date: 2026-11-21")
                .contains("public suffixes: 2023-02-09")
                .contains("app-backend");
        TestingTerminal shown = new TestingTerminal();
        assertThat(shown.run("services", "show", "acme.slack.com", "--json")).isZero();
        assertThat(shown.out()).contains("\"tenant\":\"acme\"").contains("\"domain\":\"slack.com\"");
    }
}
