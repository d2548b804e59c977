package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingAdmin.json;
import static io.postern.gateway.e2e.TestingAdmin.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.postern.config.AdminRole;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Policy by the admin API: shown, tried out, replaced, and every replacement written down. */
class PolicyApiIT {

    private static final String MANAGED = "policy: {managed: true}\n";
    private static final String NO_BAD =
            "rules: [{name: no-bad, when: {app: com.acme.bad}, action: block, mode: enforce}]\n";

    @TempDir
    Path dir;

    @Test
    void filesStayTheOneSourceUnlessTheOperatorSaysOtherwise() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, "", NO_BAD)) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            JsonNode shown = json(admin.get("/v1/policy"));

            assertThat(shown.at("/managed").asBoolean()).isFalse();
            assertThat(shown.at("/current").asBoolean()).isTrue();
            assertThat(shown.at("/documents/0/content").asString()).isEqualTo(NO_BAD);
            problem(admin.put("rules: []"), 409);
            assertThat(Files.readString(dir.resolve("policy.yaml"))).isEqualTo(NO_BAD);
            assertThat(audit())
                    .as("who wanted to change it")
                    .singleElement()
                    .satisfies(
                            entry -> assertThat(entry.at("/outcome").asString()).isEqualTo("refused"));

            JsonNode tried = json(admin.put(
                    "/v1/policy?dry-run",
                    "apps: {com.acme.mail: {approved: true}}\n" + NO_BAD.replace("no-bad", "no-worse")));
            assertThat(tried.at("/applied").asBoolean()).isFalse();
            assertThat(tried.at("/changes/rules/added/names/0").asString()).isEqualTo("no-worse");
            assertThat(tried.at("/changes/rules/removed/names/0").asString()).isEqualTo("no-bad");
            assertThat(tried.at("/changes/apps/added/count").asInt()).isEqualTo(1);
            assertThat(tried.at("/current")).isEqualTo(shown.at("/version"));

            TestingFile.replace(dir.resolve("policy.yaml"), "rules: [{name");
            gateway.gateway().reload();
            gateway.awaitMetric("postern_policy_reloads_total{result=\"rejected\"}", 1);
            JsonNode broken = json(admin.get("/v1/policy"));
            assertThat(broken.at("/current").asBoolean())
                    .as("what the file says is not in force")
                    .isFalse();
            assertThat(broken.at("/version")).isEqualTo(shown.at("/version"));
        }
    }

    @Test
    void whatIsPutIsInForceAtOnceAndAfterARestart() throws Exception {
        String version;
        try (TestingGateway gateway = TestingGateway.start(dir, MANAGED, "");
                TestingOrigin origin = new TestingOrigin();
                TestingConnection bad = tunnel(gateway, origin, "com.acme.bad");
                TestingConnection good = tunnel(gateway, origin, "com.acme.good")) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            String none = json(admin.get("/v1/policy")).at("/version").asString();
            JsonNode tried = json(admin.put("/v1/policy?dry-run=true", NO_BAD));
            assertThat(tried.at("/live_flows/judged").asInt()).isEqualTo(2);
            assertThat(tried.at("/live_flows/otherwise").asInt()).isEqualTo(1);
            assertThat(tried.at("/live_flows/ended").asInt()).isEqualTo(1);
            assertThat(gateway.gateway().liveFlows()).as("only tried").isEqualTo(2);

            HttpResponse<String> put = admin.put("/v1/policy", NO_BAD, "if-match", "\"" + none + "\"");
            assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
            assertThat(json(put).at("/applied").asBoolean()).isTrue();
            version = json(put).at("/proposed").asString();
            assertThat(version).isEqualTo(tried.at("/proposed").asString());
            assertThat(put.headers().firstValue("etag")).contains("\"" + version + "\"");
            assertThatThrownBy(bad::rest).isInstanceOf(IOException.class);
            await().until(() -> gateway.gateway().liveFlows() == 1);

            HttpResponse<String> yaml = admin.get("/v1/policy", "accept", "application/yaml");
            assertThat(yaml.body()).isEqualTo(NO_BAD);
            assertThat(yaml.headers().firstValue("etag"))
                    .as("other bytes, another strong tag")
                    .contains("\"" + version + ".yaml\"");
            problem(admin.put("/v1/policy", NO_BAD, "if-match", "\"" + none + "\""), 412);
            problem(admin.put("/v1/policy", NO_BAD), 428);
            assertThat(history()).hasSize(1);
            for (Path own :
                    List.of(dir.resolve("var/policy/policy.yaml"), history().get(0))) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
                        .isEqualTo("rw-------");
            }
        }
        try (TestingGateway again = TestingGateway.start(dir, MANAGED, "")) {
            assertThat(json(TestingAdmin.of(again).get("/v1/policy"))
                            .at("/version")
                            .asString())
                    .isEqualTo(version);
        }
    }

    @Test
    void anyOfTheTagsMayMatch() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, MANAGED, "")) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            String json = admin.get("/v1/policy").headers().firstValue("etag").orElseThrow();
            problem(admin.put("/v1/policy", NO_BAD, "if-match", "\"a\", W/" + json), 412);
            assertThat(admin.put("/v1/policy", NO_BAD, "if-match", "\"a\", " + json + " , \"b\"")
                            .statusCode())
                    .isEqualTo(200);
            String yaml = admin.get(
                            "/v1/policy", "accept", "application/json;q=0.5, application/*;q=0.1, application/yaml")
                    .headers()
                    .firstValue("etag")
                    .orElseThrow();
            assertThat(admin.put("/v1/policy", NO_BAD + "#\n", "if-match", yaml).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void everyProblemIsToldAtOnceWithItsPlace() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, MANAGED, "")) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            String broken = "rules:\n  - {name: a, actoin: block}\n  - {name: b, action: blok}\n";
            JsonNode problem = problem(admin.put(broken), 422);

            assertThat(problem.at("/errors")).hasSizeGreaterThanOrEqualTo(2);
            assertThat(problem.at("/errors").valueStream().map(JsonNode::toString))
                    .anySatisfy(error -> assertThat(error)
                            .contains("\"line\":2", "\"path\":\"rules[0].actoin\"", "did you mean action?"))
                    .anySatisfy(error -> assertThat(error).contains("\"line\":3", "\"column\":23"));
            assertThat(problem(admin.put("/v1/policy?dry-run", broken), 422).at("/errors"))
                    .isEqualTo(problem.at("/errors"));
            assertThat(history()).isEmpty();
        }
    }

    /** Whoever may put a policy is not therefore to have the gateway read its disk to them. */
    @Test
    void listsOutsideThePolicysFolderAreNotOpened() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, MANAGED, "")) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            for (String file : List.of("/etc/passwd", "../../k1", "feeds/../../../k1")) {
                String refused = problem(admin.put("lists: {feed: {files: ['" + file + "']}}\n"), 422)
                        .toString();
                assertThat(refused).contains("may not be opened").doesNotContain("root");
            }
            Files.writeString(dir.resolve("var/policy/feed.txt"), "bad.example\n");
            HttpResponse<String> put = admin.put(
                    "lists: {feed: {files: [feed.txt]}}\nrules: [{name: r, when: {list: feed}, action: block}]\n");
            assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
        }
    }

    /** Keys stand beside postern.yaml and policy files; an operator's dry run must not read them out. */
    @Test
    void aDryRunOpensOnlyListsThatThePolicyInForceNames() throws Exception {
        Files.writeString(dir.resolve("feed.txt"), "bad.example\n");
        Files.writeString(dir.resolve("gw.key"), "-----BEGIN PRIVATE KEY-----\nTOPSECRET==\n");
        try (TestingGateway gateway = TestingGateway.start(dir, "", "lists: {feed: {files: [feed.txt]}}\n")) {
            TestingAdmin operator = TestingAdmin.of(gateway).as("op", AdminRole.OPERATOR);
            for (String attack : List.of(
                    "service-classes: {y: {files: [gw.key, k1]}}\n",
                    "lists: {l: {files: [./gw.key]}}\n",
                    "lists: {l: {files: [sub/../gw.key]}}\n")) {
                assertThat(problem(operator.put("/v1/policy?dry-run", attack), 422)
                                .toString())
                        .contains("may not be opened")
                        .doesNotContain("SECRET", "BEGIN");
            }
            assertThat(operator.put("/v1/policy?dry-run", "lists: {other: {files: [./feed.txt]}}\n")
                            .statusCode())
                    .as("what the operator named already")
                    .isEqualTo(200);
            Files.writeString(dir.resolve("feed.txt"), "TOP SECRET\n".repeat(3));
            assertThat(problem(operator.put("/v1/policy?dry-run", "service-classes: {y: {files: feed.txt}}"), 422)
                            .toString())
                    .contains("is not a domain pattern")
                    .doesNotContain("SECRET");
        }
    }

    @Test
    void theLastTwentyVersionsAreKept() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, MANAGED, "")) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            for (int i = 0; i < 23; i++) {
                assertThat(admin.put(NO_BAD + "# " + i + "\n").statusCode()).isEqualTo(200);
            }
            assertThat(history()).hasSize(20);
            assertThat(history().get(19).getFileName().toString()).startsWith("00000023-");
            assertThat(Files.readString(history().get(19))).endsWith("# 21\n");
        }
    }

    @Test
    void everyWriteIsInTheAuditLog() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, MANAGED, "")) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            HttpResponse<String> put = admin.put(NO_BAD);
            admin.put("rules: [{}]");
            admin.put("/v1/policy?dry-run", NO_BAD);
            admin.put("/v1/policy", NO_BAD, "if-match", "\"stale\"");

            List<JsonNode> entries = audit();
            assertThat(entries)
                    .extracting(entry -> entry.at("/outcome").asString())
                    .containsExactly("begun", "applied", "refused", "refused");
            JsonNode applied = entries.get(1);
            assertThat(applied.at("/actor").asString()).isEqualTo("admin");
            assertThat(applied.at("/role").asString()).isEqualTo("admin");
            assertThat(applied.at("/by").asString()).isEqualTo("token");
            assertThat(applied.at("/peer").asString()).isEqualTo("127.0.0.1");
            assertThat(applied.at("/action").asString()).isEqualTo("policy.replace");
            assertThat(applied.at("/resource").asString()).isEqualTo("/v1/policy");
            assertThat(applied.at("/after").asString())
                    .isEqualTo(json(put).at("/proposed").asString());
            assertThat(applied.at("/before").asString())
                    .isEqualTo(json(put).at("/current").asString());
            assertThat(put.headers().firstValue("x-request-id"))
                    .contains(applied.at("/request").asString());
            gateway.awaitMetric("postern_audit_entries_total{result=\"written\"}", 4);
            gateway.awaitMetric("postern_audit_broken", 0);
        }
        Path log = dir.resolve("var/audit.ndjson");
        Files.writeString(log, Files.readString(log).replace("\"refused\"", "\"applied\""));
        try (TestingGateway again = TestingGateway.start(dir, MANAGED, "")) {
            again.awaitMetric("postern_audit_broken", 1);
            assertThat(TestingAdmin.of(again).put(NO_BAD + "#\n").statusCode()).isEqualTo(200);
            assertThat(audit()).as("it goes on, and what is broken stays").hasSize(6);
        }
    }

    @Test
    void whoMayNotIsWrittenDownAsOftenAsIsBearable() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, MANAGED, "")) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            TestingAdmin viewer = admin.as("looks", AdminRole.VIEWER);
            TestingAdmin operator = admin.as("tries", AdminRole.OPERATOR);
            problem(viewer.put("/v1/policy?dry-run", NO_BAD), 403);
            problem(viewer.put(NO_BAD), 403);
            await().until(() -> audit().size() == 1);
            problem(operator.put(NO_BAD), 403);
            problem(admin.put("/v1/policy", NO_BAD), 428);

            assertThat(audit())
                    .allSatisfy(
                            entry -> assertThat(entry.at("/outcome").asString()).isEqualTo("refused"))
                    .extracting(entry -> entry.at("/actor").asString())
                    .containsExactly("looks", "tries", "admin");
            HttpResponse<String> last = admin.put("/v1/policy", NO_BAD);
            for (int i = 0; i < 200 && last.statusCode() == 428; i++) {
                last = admin.put("/v1/policy", NO_BAD);
            }
            problem(last, 429);
            int written = audit().size();
            assertThat(written).isLessThan(200);
        }
    }

    @Test
    void whatCannotBeWrittenDownIsNotDone() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, MANAGED, "")) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            Files.createDirectory(dir.resolve("var/audit.ndjson"));
            String before = json(admin.get("/v1/policy")).at("/version").asString();

            problem(admin.put(NO_BAD), 503);
            assertThat(json(admin.get("/v1/policy")).at("/version").asString()).isEqualTo(before);
            assertThat(history()).isEmpty();
            gateway.awaitMetricAtLeast("postern_audit_entries_total{result=\"failed\"}", 1);

            Files.delete(dir.resolve("var/audit.ndjson"));
            assertThat(admin.put(NO_BAD).statusCode()).isEqualTo(200);
        }
    }

    private List<JsonNode> audit() throws IOException {
        Path log = dir.resolve("var/audit.ndjson");
        if (!Files.exists(log)) {
            return List.of();
        }
        return Files.readAllLines(log, StandardCharsets.US_ASCII).stream()
                .map(line -> JsonMapper.shared().readTree(line))
                .toList();
    }

    private List<Path> history() throws IOException {
        Path folder = dir.resolve("var/policy/history");
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (var all = Files.list(folder)) {
            return all.sorted().toList();
        }
    }

    private static TestingConnection tunnel(TestingGateway gateway, TestingOrigin origin, String app)
            throws IOException {
        TestingConnection client = TestingClient.to(gateway).send(TestingClient.connect(origin.authority(), app));
        assertThat(client.head()).startsWith("HTTP/1.1 200 ");
        return client;
    }
}
