package io.postern.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.config.AdminRole;
import io.postern.gateway.access.AdminToken;
import io.postern.gateway.access.TokensFile;
import io.postern.gateway.e2e.TestingClient;
import io.postern.gateway.e2e.TestingConnection;
import io.postern.gateway.e2e.TestingGateway;
import io.postern.gateway.e2e.TestingOrigin;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What devices' flows teach the gateway, shown and decided on the command line of a running one. */
class BaselineCommandIT {

    private static final String SETTINGS = """
            baselines: {min-devices: 2, min-days: 1}
            upstream:
              allow-networks: ['127.0.0.0/8']
              hosts: {mail.acme.example: 127.0.0.1, cdn.acme.example: 127.0.0.1, drop.evil.example: 127.0.0.1}
            """;
    private static final String POLICY = """
            categories: {mail: {}}
            apps: {com.acme.mail: {category: mail}}
            rules: [{name: no-evil, when: {destination: "*.evil.example"}, action: alert}]
            """;

    @TempDir
    Path dir;

    @Test
    void whatDevicesDoIsProposedApprovedAndKeptOverARestart() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, SETTINGS, POLICY);
                TestingOrigin origin = new TestingOrigin()) {
            Shell shell = shell(gateway);
            flow(gateway, origin, "LC01", "mail.acme.example");
            await().until(() ->
                    standing(shell, "destination/unknown/acme.example").equals("learning"));
            flow(gateway, origin, "LC01", "cdn.acme.example");
            await().until(() -> flows(shell, "destination/unknown/acme.example") == 2);
            assertThat(standing(shell, "destination/unknown/acme.example"))
                    .as("one device however often")
                    .isEqualTo("learning");
            flow(gateway, origin, "LC02", "mail.acme.example");
            await().until(() ->
                    standing(shell, "destination/unknown/acme.example").equals("proposed"));

            assertThat(shell.run("diff", "--app", TestingClient.APP)).isZero();
            assertThat(shell.out())
                    .contains("app com.acme.mail (")
                    .containsPattern("\\+ +destination +acme\\.example +unknown +2 +1 ")
                    .containsPattern("\\+ +port +unknown:" + origin.port() + " ");
            assertThat(shell.run("approve", "--app", TestingClient.APP, "--all", "--reason", "looked at it"))
                    .isZero();
            assertThat(shell.out()).containsPattern("approved [1-9][0-9]* of app com.acme.mail");
            assertThat(standing(shell, "destination/unknown/acme.example")).isEqualTo("approved");
            assertThat(shell.run("diff", "--app", TestingClient.APP)).isZero();
            assertThat(shell.out()).isEmpty();
            assertThat(shell.run("reject", "--category", "mail", "--all", "--reason", "not yet", "--json"))
                    .isZero();
            assertThat(shell.json().at("/category").asString()).isEqualTo("mail");
        }
        try (TestingGateway gateway = TestingGateway.start(dir, SETTINGS, POLICY)) {
            Shell shell = shell(gateway);
            JsonNode kept = entry(shell, "destination/unknown/acme.example");
            assertThat(kept.at("/standing").asString()).isEqualTo("approved");
            assertThat(kept.at("/devices").asInt()).isEqualTo(2);
            assertThat(kept.at("/flows").asInt()).isEqualTo(3);
            assertThat(kept.at("/decision/by").asString()).isEqualTo("admin");
            assertThat(kept.at("/decision/reason").asString()).isEqualTo("looked at it");
            assertThat(kept.at("/decision/review_by").asString()).isNotEmpty();
            assertThat(shell.run("list", "--category", "mail", "--standing", "rejected"))
                    .isZero();
            assertThat(shell.out()).contains("category mail  destination/unknown/acme.example");
        }
        assertThat(audit())
                .containsExactly(
                        "baseline.approve /v1/baselines/app:com.acme.mail begun",
                        "baseline.approve /v1/baselines/app:com.acme.mail applied",
                        "baseline.reject /v1/baselines/category:mail begun",
                        "baseline.reject /v1/baselines/category:mail applied");
    }

    @Test
    void whatOneGatewayHasLearntAnotherProposesAndNobodyHasApproved() throws Exception {
        Path file = dir.resolve("mail.ndjson");
        Path first = Files.createDirectory(dir.resolve("first"));
        try (TestingGateway gateway = TestingGateway.start(first, SETTINGS, POLICY);
                TestingOrigin origin = new TestingOrigin()) {
            Shell shell = new Shell(gateway, first.resolve("var/admin/token"));
            flow(gateway, origin, "LC01", "mail.acme.example");
            await().until(() ->
                    standing(shell, "destination/unknown/acme.example").equals("learning"));
            assertThat(shell.run(
                            "approve",
                            "--app",
                            TestingClient.APP,
                            "--entry",
                            "destination/unknown/acme.example",
                            "--reason",
                            "ours"))
                    .isZero();
            assertThat(shell.run("export", file.toString(), "--app", TestingClient.APP))
                    .isZero();
            assertThat(shell.out()).contains("mail.ndjson: 1 baselines");
            assertThat(Files.readString(file))
                    .startsWith("{\"postern-baselines\":1}")
                    .doesNotContain("ours");
        }
        try (TestingGateway gateway = TestingGateway.start(dir, SETTINGS, POLICY);
                TestingOrigin origin = new TestingOrigin()) {
            Shell shell = shell(gateway);
            flow(gateway, origin, "LC02", "mail.acme.example");
            await().until(() ->
                    standing(shell, "destination/unknown/acme.example").equals("learning"));
            assertThat(shell.run("import", file.toString(), "--reason", "the other site"))
                    .isZero();
            assertThat(shell.out()).contains("took in 1 baselines with ");
            assertThat(standing(shell, "destination/unknown/acme.example")).isEqualTo("proposed");
            assertThat(entry(shell, "destination/unknown/acme.example")
                            .at("/devices")
                            .asInt())
                    .isEqualTo(2);
            Files.writeString(file, Files.readString(file).replace("\"learnt\":\"", "\"learnt\":\"AAAA"));
            assertThat(shell.run("import", file.toString(), "--reason", "broken"))
                    .isEqualTo(1);
            assertThat(shell.err()).contains("mail.ndjson:2: ").contains("not taken: baseline is of version 0");
            Path none = Files.writeString(dir.resolve("none"), "{}\n");
            assertThat(shell.run("import", none.toString(), "--reason", "r")).isEqualTo(1);
            assertThat(shell.err()).contains("is no export of baselines of format 1");
        }
        assertThat(audit())
                .containsExactly(
                        "baseline.import /v1/baselines/app:com.acme.mail begun",
                        "baseline.import /v1/baselines/app:com.acme.mail applied",
                        "baseline.import /v1/baselines/app:com.acme.mail begun",
                        "baseline.import /v1/baselines/app:com.acme.mail refused");
    }

    @Test
    void whatARuleSpeaksAgainstIsNeverProposed() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, SETTINGS, POLICY);
                TestingOrigin origin = new TestingOrigin()) {
            Shell shell = shell(gateway);
            flow(gateway, origin, "LC01", "drop.evil.example");
            flow(gateway, origin, "LC02", "drop.evil.example");
            await().until(() ->
                    standing(shell, "destination/unknown/evil.example").equals("tainted"));

            assertThat(shell.run("diff", "--app", TestingClient.APP)).isZero();
            assertThat(shell.out())
                    .containsPattern("x +destination +evil\\.example ")
                    .contains("against evil.example: rule no-evil; last 20")
                    .doesNotContain("+ ");
            assertThat(shell.run(
                            "approve",
                            "--app",
                            TestingClient.APP,
                            "--entry",
                            "destination/unknown/evil.example",
                            "--reason",
                            "why not"))
                    .isEqualTo(1);
            assertThat(shell.err()).contains("Conflict: evidence speaks of an entry that is named");
            assertThat(shell.run("approve", "--app", TestingClient.APP, "--all", "--reason", "why not"))
                    .isEqualTo(1);
            assertThat(shell.err()).contains("there is nothing to approve");
        }
    }

    @Test
    void whatIsAskedWronglyIsToldAndNothingChanges() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, SETTINGS, POLICY);
                TestingOrigin origin = new TestingOrigin()) {
            Shell shell = shell(gateway);
            flow(gateway, origin, "LC01", "mail.acme.example");
            await().until(() ->
                    !entry(shell, "destination/unknown/acme.example").isMissingNode());

            assertThat(shell.run("approve", "--app", "com.acme.none", "--entry", "x", "--reason", "r"))
                    .isEqualTo(1);
            assertThat(shell.err()).contains("Not Found: an entry that is named was not learnt");
            assertThat(shell.run(
                            "approve",
                            "--app",
                            TestingClient.APP,
                            "--entry",
                            "x",
                            "--reason",
                            " ",
                            "--review-by",
                            "soon"))
                    .isEqualTo(1);
            assertThat(shell.err()).contains("reason: must be one line").contains("review_by: must be a day");
            assertThat(shell.run("list", "--standing", "fine")).isEqualTo(1);
            assertThat(shell.err()).contains("standing must be one of approved,");
            assertThat(shell.run("approve", "--app", TestingClient.APP, "--reason", "r"))
                    .isEqualTo(2);
            assertThat(shell.run("approve", "--all", "--reason", "r")).isEqualTo(2);
            assertThat(shell.run()).isEqualTo(2);

            Shell viewer = new Shell(gateway, viewer(gateway));
            assertThat(viewer.run("list")).isZero();
            assertThat(viewer.run("reject", "--app", TestingClient.APP, "--entry", "x", "--reason", "r"))
                    .isEqualTo(1);
            assertThat(viewer.err()).contains("Forbidden: the role is viewer");
            assertThat(new Shell("http://127.0.0.1:1", dir.resolve("var/admin/token")).run("list"))
                    .isEqualTo(1);
        }
        assertThat(audit()).hasSize(3).allMatch(line -> line.endsWith(" refused"));
    }

    @Test
    void pagesFollowEachOther() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, SETTINGS, POLICY);
                TestingOrigin origin = new TestingOrigin()) {
            Shell shell = shell(gateway);
            flow(gateway, origin, "LC01", "mail.acme.example");
            await().until(() ->
                    !entry(shell, "destination/unknown/acme.example").isMissingNode());
            shell.run("list", "--json");
            JsonNode whole = shell.json().get("entries");
            List<JsonNode> paged = new ArrayList<>();
            new AdminClient(shell.base(), shell.token(), Optional.empty())
                    .pages(
                            "/v1/baselines",
                            Map.of("limit", "1"),
                            page -> page.get("entries").forEach(paged::add));

            assertThat(paged)
                    .hasSizeGreaterThan(8)
                    .containsExactlyElementsOf(whole.valueStream().toList());
        }
    }

    private static void flow(TestingGateway gateway, TestingOrigin origin, String device, String host)
            throws IOException {
        String request = "CONNECT " + host + ":" + origin.port() + " HTTP/1.1\r\nHost: " + host + ":" + origin.port()
                + "\r\nProxy-Authorization: " + TestingGateway.basic(TestingGateway.deviceTag(device)) + "\r\n\r\n";
        try (TestingConnection client = TestingClient.to(gateway).send(request)) {
            assertThat(client.head()).startsWith("HTTP/1.1 200 ");
            try (TestingConnection server = origin.accept()) {
                client.send("\0");
                assertThat(server.read(1)).isEqualTo("\0");
            }
        }
    }

    private static String standing(Shell shell, String id) {
        return entry(shell, id).path("standing").asString("");
    }

    private static int flows(Shell shell, String id) {
        return entry(shell, id).path("flows").asInt(0);
    }

    private static JsonNode entry(Shell shell, String id) {
        assertThat(shell.run("list", "--app", TestingClient.APP, "--json"))
                .as(shell::err)
                .isZero();
        return shell.json()
                .get("entries")
                .valueStream()
                .filter(entry -> entry.get("id").asString().equals(id))
                .findFirst()
                .orElse(JsonMapper.shared().missingNode());
    }

    private List<String> audit() throws IOException {
        try (Stream<String> lines = Files.lines(dir.resolve("var/audit.ndjson"))) {
            return lines.map(JsonMapper.shared()::readTree)
                    .map(entry -> entry.at("/action").asString() + " "
                            + entry.at("/resource").asString() + " "
                            + entry.at("/outcome").asString())
                    .toList();
        }
    }

    private Shell shell(TestingGateway gateway) {
        return new Shell(gateway, dir.resolve("var/admin/token"));
    }

    private Path viewer(TestingGateway gateway) throws Exception {
        double before = gateway.metric("postern_admin_tokens_reloads_total{result=\"applied\"}");
        String fresh = AdminToken.fresh();
        new TokensFile(dir.resolve("var/admin/tokens")).add(AdminToken.of("vera", AdminRole.VIEWER, fresh));
        gateway.gateway().reload();
        gateway.awaitMetricAtLeast("postern_admin_tokens_reloads_total{result=\"applied\"}", before + 1);
        return Files.writeString(dir.resolve("viewer"), fresh + "\n");
    }

    /** {@code postern baseline …} against a gateway; what the last run printed. */
    private static final class Shell {
        private final String url;
        private final Path token;
        private TestingTerminal terminal = new TestingTerminal();

        Shell(TestingGateway gateway, Path token) {
            this("http://127.0.0.1:" + gateway.gateway().adminAddress().getPort(), token);
        }

        Shell(String url, Path token) {
            this.url = url;
            this.token = token;
        }

        int run(String... arguments) {
            terminal = new TestingTerminal();
            Stream<String> access =
                    arguments.length == 0 ? Stream.of() : Stream.of("--url", url, "--token-file", token.toString());
            return terminal.run(Stream.of(Stream.of("baseline"), Stream.of(arguments), access)
                    .flatMap(each -> each)
                    .toArray(String[]::new));
        }

        String out() {
            return terminal.out();
        }

        String err() {
            return terminal.err();
        }

        JsonNode json() {
            return JsonMapper.shared().readTree(terminal.out());
        }

        URI base() {
            return URI.create(url);
        }

        String token() throws IOException {
            return Files.readString(token).strip();
        }
    }
}
