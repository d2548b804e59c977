package io.postern.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FleetTest {

    @TempDir
    Path folder;

    private TestingTerminal terminal = new TestingTerminal();
    private Path out = Path.of("");

    @BeforeEach
    void choose() {
        out = folder.resolve("profiles");
    }

    @Test
    void writesAFilePerDeviceThatIsItsOwnersAlone() throws IOException {
        devices("""
                device,profile,apps
                LC01,work,com.acme.mail com.acme.chat
                enterprises/e/devices/LC02,10,com.acme.mail,-
                "LC03",,
                """);

        assertThat(enroll("--app", "com.acme.web", "--profile", "11", "--out", out.toString()))
                .isZero();

        assertThat(names()).containsExactly("LC01.work.json", "LC02.10.json", "LC03.11.json", "manifest.ndjson");
        for (String name : names()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out.resolve(name))))
                    .isEqualTo("rw-------");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out)))
                .isEqualTo("rwx------");
        assertThat(manifest())
                .extracting(line -> line.path("device").asString() + line.path("apps"))
                .containsExactly(
                        "LC01[\"com.acme.mail\",\"com.acme.chat\"]",
                        "LC02[\"com.acme.mail\",\"-\"]",
                        "LC03[\"com.acme.web\"]");
        assertThat(Files.readString(out.resolve("LC03.11.json"))).contains("pst1.acme.LC03.11", "com.acme.web~");
        assertThat(Files.readString(out.resolve("manifest.ndjson"))).doesNotContain("~");
    }

    @Test
    void tellsEveryBadLineAndIssuesNothing() throws IOException {
        devices("""
                device,profile,owner,apps
                # a comment
                LC 01,work,me,com.acme.mail
                LC02,work,me,com..mail
                LC03,work,me,"com.acme
                LC04,work,me,com.acme.mail
                LC04,work,me,com.acme.mail
                LC05,,me,
                {"device": "LC06", "app": "a.b"}
                {"device": "LC07"
                {"device": "LC08", "apps": "com.acme.mail"}
                {"device": "LC09", "apps": [1]}
                {"device": 10, "apps": ["a.b"]}
                """);

        assertThat(enroll("--out", out.toString())).isEqualTo(2);

        assertThat(terminal.err().lines().map(line -> line.substring(line.indexOf(":") + 1)))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("1: has a column 'owner', must be among "),
                        line -> assertThat(line).startsWith("3: device: 'LC 01' is not a device id"),
                        line -> assertThat(line).startsWith("4: app: 'com..mail' is not a package"),
                        line -> assertThat(line).startsWith("5: has a quote that is not closed"),
                        line -> assertThat(line).isEqualTo("7: is device LC04, profile work again, first on line 6"),
                        line -> assertThat(line).startsWith("8: app: there is none"),
                        line -> assertThat(line).startsWith("9: has a member 'app'"),
                        line -> assertThat(line).startsWith("10: is not JSON: "),
                        line -> assertThat(line)
                                .isEqualTo(
                                        "11: has a member 'apps' that is \"com.acme.mail\", must be an array of packages"),
                        line -> assertThat(line).startsWith("12: app: '1' is not a package"),
                        line -> assertThat(line).isEqualTo("13: has a member 'device' that is 10, must be a string"));
        assertThat(names()).isEmpty();
    }

    @Test
    void printsLinesWithoutAFolder() throws IOException {
        devices("""
                {"device": "LC01", "profile": "10", "apps": ["com.acme.mail"]}
                {"device": "LC02"}
                """);

        assertThat(enroll("--app", "a.b")).isZero();

        List<JsonNode> lines =
                terminal.out().lines().map(JsonMapper.shared()::readTree).toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0).propertyNames())
                .containsExactly("device", "profile", "apps", "format", "until", "text");
        assertThat(lines.get(0).path("text").asString()).contains("pst1.acme.LC01.10");
        assertThat(lines.get(1).path("text").asString()).contains("a.b~");
    }

    @Test
    void renewsOnlyWhatIsAboutToExpire() throws IOException {
        devices("device,apps\nLC01,a.b\n");
        enroll("--ttl", "5d", "--out", out.toString());
        devices("device,apps\nLC02,a.b\n");
        enroll("--ttl", "30d", "--out", out.toString());
        String second = profile("LC02");
        terminal = new TestingTerminal();

        assertThat(run("--renew-within", "7d", "--ttl", "60d", "--out", out.toString(), "--json"))
                .isZero();

        JsonNode summary = JsonMapper.shared().readTree(terminal.out());
        assertThat(summary.path("issued").asInt()).isEqualTo(1);
        assertThat(summary.path("left").asInt()).isEqualTo(1);
        assertThat(summary.path("total").asInt()).isEqualTo(2);
        String in60Days =
                Long.toString(TestingTerminal.NOW.plus(Duration.ofDays(60)).getEpochSecond());
        assertThat(profile("LC01")).contains("~" + in60Days + "~");
        assertThat(profile("LC02")).isEqualTo(second);
    }

    @Test
    void aListIsBroughtUpToDate() throws IOException {
        TestingEnrolment settings = new TestingEnrolment(folder);
        devices("device,apps\nLC01,a.b\nLC02,a.b\n");
        enroll("--out", out.toString());
        devices("device,apps\nLC01,a.b\nLC02,a.b c.d\nLC03,a.b\n");

        enroll("--out", out.toString(), "--renew-within", "7d");
        assertThat(terminal.out()).contains(": issued 2, left alone 1, good until 2026-12-21T00:00:00Z");

        // k1 is not believed any more: what it signed is worth nothing, however fresh.
        settings.keys("{id: k2, secret-file: k2}");
        settings.run(terminal, "enroll", fleet("--out", out.toString(), "--renew-within", "7d"));
        assertThat(terminal.out()).contains(": issued 3, left alone 0");
        assertThat(profile("LC01")).contains("~k2~");
    }

    /** Devices that only know a gateway that is gone would be cut off until their tags expire. */
    @Test
    void anotherGatewayReachesEverybody() throws IOException {
        devices("device,apps\nLC01,a.b\n");
        enroll("--out", out.toString());
        enroll("--out", out.toString(), "--renew-within", "7d");
        assertThat(terminal.out()).contains(": issued 0, left alone 1");

        TestingEnrolment settings = new TestingEnrolment(folder);
        String[] moved = {
            "--gateway", "gw2.example:8443", "--format", "sing-box", "--renew-within", "7d", "--out", out.toString()
        };
        settings.run(terminal, "enroll", moved);
        assertThat(profile("LC01")).contains("gw2.example");

        settings.tenant("other");
        settings.run(terminal, "enroll", moved);
        assertThat(profile("LC01")).contains("pst1.other.LC01");

        terminal = new TestingTerminal();
        settings.run(terminal, "enroll", moved);
        assertThat(terminal.out()).contains(": issued 0, left alone 1");
    }

    @Test
    void theRevokedAreNotRenewed() throws IOException {
        devices("device,apps\nLC01,a.b\nLC02,a.b\n");
        enroll("--ttl", "5d", "--out", out.toString());
        String first = profile("LC01");
        TestingEnrolment settings = new TestingEnrolment(folder);
        Files.writeString(folder.resolve("revoked"), "device LC01\n");
        terminal = new TestingTerminal();

        settings.run(
                terminal,
                "enroll",
                "--gateway",
                "gw.example:8443",
                "--format",
                "sing-box",
                "--renew-within",
                "7d",
                "--out",
                out.toString());
        assertThat(terminal.out()).contains(": issued 1, left alone 0, left out as revoked 1");
        assertThat(terminal.err()).contains("LC01, profile work: is revoked, left out");
        assertThat(profile("LC01")).isEqualTo(first);

        assertThat(settings.run(
                        terminal,
                        "enroll",
                        "--gateway",
                        "gw.example:8443",
                        "--format",
                        "curl",
                        "--device",
                        "LC01",
                        "--app",
                        "a.b"))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("--device: 'LC01' is revoked");
    }

    @Test
    void anotherFormatIsNotMixedIn() throws IOException {
        devices("device,apps\nLC01,a.b\n");
        enroll("--out", out.toString());

        assertThat(new TestingEnrolment(folder)
                        .run(
                                terminal,
                                "enroll",
                                "--gateway",
                                "gw.example:8443",
                                "--format",
                                "mihomo",
                                "--renew-within",
                                "7d",
                                "--out",
                                out.toString()))
                .isEqualTo(2);
        assertThat(terminal.err()).endsWith("--format: is mihomo, " + out + " holds sing-box\n");
    }

    @Test
    void wireGuardTakesAddressesFromTheList() throws IOException {
        devices("device,address,apps\nLC01,10.66.0.1,a.b\nLC02,,a.b\n");
        String key = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";
        TestingEnrolment settings = new TestingEnrolment(folder);
        String[] options = {
            "--devices", list().toString(), "--gateway", "vpn.example:51820", "--format", "wireguard", "--peer-key", key
        };

        assertThat(settings.run(terminal, "enroll", options)).isEqualTo(2);
        assertThat(terminal.err()).contains(":3: address: is missing");
        devices("device,address,apps\nLC01,10.66.0.1 10.66.0.3,a.b\n");
        assertThat(settings.run(terminal, "enroll", options)).isEqualTo(2);
        assertThat(terminal.err()).contains(":2: address: there are several of a family");
        devices("device,address,apps\nLC01,10.66.0.1 fd66::1,a.b\n");
        assertThat(settings.run(terminal, "enroll", options)).isZero();
        assertThat(terminal.out()).contains("Address = 10.66.0.1/32, fd66::1/128");
    }

    @Test
    void tellsWhatOptionsDoNotGoTogether() throws IOException {
        assertThat(run("--renew-within", "7d")).isEqualTo(2);
        assertThat(terminal.err().lines())
                .containsExactly(
                        "--device: is missing, and so are --devices, and --out with --renew-within",
                        "--renew-within: needs --out, where the manifest is");
    }

    /** Tens of thousands are a matter of seconds; the number here keeps a slow machine's build short. */
    @Test
    void aFleetIsIssuedWhole() throws IOException {
        int fleet = 5_000;
        devices("device,apps\n"
                + IntStream.range(0, fleet)
                        .mapToObj(i -> "D" + i + ",com.acme.mail com.acme.chat")
                        .collect(Collectors.joining("\n")));

        assertThat(enroll("--out", out.toString())).isZero();

        assertThat(names()).hasSize(fleet + 1);
        assertThat(manifest()).hasSize(fleet);
        // Off a terminal progress is a few lines, not one per device.
        assertThat(terminal.err().lines()).hasSizeLessThan(10).last().isEqualTo("5000/5000 profiles");
    }

    private Path list() {
        return folder.resolve("fleet.csv");
    }

    private void devices(String text) throws IOException {
        Files.writeString(list(), text);
    }

    private int enroll(String... options) throws IOException {
        return new TestingEnrolment(folder).run(terminal, "enroll", fleet(options));
    }

    private String[] fleet(String... options) {
        return Stream.concat(
                        Stream.of(
                                "--devices", list().toString(), "--gateway", "gw.example:8443", "--format", "sing-box"),
                        Stream.of(options))
                .toArray(String[]::new);
    }

    private int run(String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of("--gateway", "gw.example:8443", "--format", "sing-box"));
        all.addAll(List.of(options));
        return new TestingEnrolment(folder).run(terminal, "enroll", all.toArray(String[]::new));
    }

    private String profile(String device) throws IOException {
        return Files.readString(out.resolve(device + ".work.json"));
    }

    private List<JsonNode> manifest() throws IOException {
        return Files.readAllLines(out.resolve("manifest.ndjson")).stream()
                .map(JsonMapper.shared()::readTree)
                .toList();
    }

    private List<String> names() throws IOException {
        if (!Files.isDirectory(out)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(out)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
