package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingAdmin.json;
import static io.postern.gateway.e2e.TestingAdmin.problem;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.AdminRole;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who is in quarantine, by the admin API: contained, shown, released, and written down. */
class QuarantineApiIT {

    private static final String WHOM =
            "{\"device\": \"enterprises/e/devices/LC01\", \"profile\": \"work\", \"app\": \"com.acme.mail\", \"ttl\": \"2h\","
                    + " \"sticky\": false, \"reason\": \"looks odd\"}";

    @TempDir
    Path dir;

    private static HttpResponse<String> post(TestingAdmin admin, String body) throws Exception {
        return admin.send("POST", "/v1/quarantine", body, "content-type", "application/json");
    }

    private static HttpResponse<String> delete(TestingAdmin admin, String id) throws Exception {
        return admin.send("DELETE", "/v1/quarantine/" + id + "?reason=harmless", "");
    }

    private List<String> audit() throws IOException {
        List<String> entries = new ArrayList<>();
        for (String line : Files.readAllLines(dir.resolve("var/audit.ndjson"), UTF_8)) {
            JsonNode entry = JsonMapper.shared().readTree(line);
            entries.add(
                    entry.at("/actor").asString() + " " + entry.at("/action").asString() + " "
                            + entry.at("/outcome").asString());
        }
        return entries;
    }

    @Test
    void oneIsBegunShownAndReleasedByWhoeverHasTheRole() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            TestingAdmin otto = TestingAdmin.of(gateway).as("otto", AdminRole.OPERATOR);
            TestingAdmin vera = TestingAdmin.of(gateway).as("vera", AdminRole.VIEWER);
            HttpResponse<String> begun = post(otto, WHOM);
            assertThat(begun.statusCode()).as(begun.body()).isEqualTo(201);
            JsonNode one = json(begun);
            String id = one.get("id").asString();
            assertThat(one.at("/device").asString()).isEqualTo("LC01");
            assertThat(one.at("/actor").asString()).isEqualTo("otto");
            assertThat(one.at("/scope").asString()).isEqualTo("app");
            assertThat(Duration.between(
                            Instant.parse(one.at("/since").asString()),
                            Instant.parse(one.at("/until").asString())))
                    .isEqualTo(Duration.ofHours(2));

            HttpResponse<String> again = post(otto, WHOM);
            assertThat(again.statusCode()).isEqualTo(200);
            assertThat(json(again).get("id").asString()).isEqualTo(id);
            assertThat(json(vera.get("/v1/quarantine/" + id)).at("/reason").asString())
                    .isEqualTo("looks odd");
            problem(post(vera, WHOM), 403);
            problem(delete(vera, id), 403);

            assertThat(json(delete(otto, id)).at("/state").asString()).isEqualTo("released");
            JsonNode over = json(delete(otto, id));
            assertThat(over.at("/released_by").asString()).isEqualTo("otto");
            assertThat(over.at("/release_reason").asString()).isEqualTo("harmless");
            problem(delete(otto, "q-0000000000000000"), 404);
            assertThat(json(vera.get("/v1/quarantine")).get("quarantines")).isEmpty();
            assertThat(json(vera.get("/v1/quarantine?state=all&device=LC01&app=com.acme.mail"))
                            .get("quarantines"))
                    .hasSize(1);
        }
        assertThat(audit())
                .contains("vera quarantine.contain refused", "vera quarantine.release refused")
                .containsSubsequence(
                        "otto quarantine.contain begun",
                        "otto quarantine.contain applied",
                        "otto quarantine.release begun",
                        "otto quarantine.release applied",
                        "otto quarantine.release refused");
    }

    @Test
    void everythingWrongIsToldAtOnceAndChangesNothing() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            JsonNode errors = problem(
                            post(
                                    admin,
                                    "{\"device\": \"a b\", \"app\": \"x+y\", \"ttl\": \"soon\", \"sticky\": \"no\", \"who\": 1}"),
                            422)
                    .get("errors");
            assertThat(errors.valueStream().map(one -> one.at("/path").asString()))
                    .contains("device", "app", "ttl", "sticky", "who", "reason");
            for (String body : List.of(
                    "[]",
                    "{",
                    "{\"device\": \"LC01\"}",
                    "{\"reason\": \"r\"}",
                    "{\"device\": \"-\", \"reason\": \"r\"}")) {
                problem(post(admin, body), 422);
            }
            problem(admin.get("/v1/quarantine?state=x"), 400);
            problem(admin.get("/v1/quarantine?cursor=x"), 400);
            assertThat(json(admin.get("/v1/quarantine?state=all")).get("quarantines"))
                    .isEmpty();
        }
    }

    @Test
    void aFullTableIsToldAndPagesMissNothing() throws Exception {
        try (TestingGateway gateway =
                TestingGateway.start(dir, "response: {quarantine: {entries: 16, longest: 90m}}\n", "")) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                HttpResponse<String> begun =
                        post(admin, "{\"device\": \"LC" + i + "\", \"ttl\": \"9d\", \"reason\": \"r\"}");
                ids.add(json(begun).get("id").asString());
                assertThat(Duration.between(
                                Instant.parse(json(begun).at("/since").asString()),
                                Instant.parse(json(begun).at("/until").asString())))
                        .as("cut to the longest")
                        .isEqualTo(Duration.ofMinutes(90));
            }
            problem(post(admin, "{\"device\": \"LC99\", \"reason\": \"r\"}"), 507);
            List<String> paged = new ArrayList<>();
            String cursor = "";
            do {
                JsonNode page = json(admin.get("/v1/quarantine?limit=5" + cursor));
                page.get("quarantines").forEach(one -> paged.add(one.get("id").asString()));
                cursor = page.has("next") ? "&cursor=" + page.get("next").asString() : "";
            } while (!cursor.isEmpty());
            assertThat(paged).containsExactlyInAnyOrderElementsOf(ids);
        }
    }

    @Test
    void onlyAnAdminTurnsTheKillSwitchAndNobodyAgainstTheSettings() throws Exception {
        String on = "{\"on\": true, \"reason\": \"a bad rule\"}";
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            TestingAdmin otto = TestingAdmin.of(gateway).as("otto", AdminRole.OPERATOR);
            problem(otto.send("PUT", "/v1/kill-switch", on, "content-type", "application/json"), 403);
            TestingAdmin admin = TestingAdmin.of(gateway);
            problem(admin.send("PUT", "/v1/kill-switch", "{\"on\": 1}", "content-type", "application/json"), 422);
            assertThat(json(admin.send("PUT", "/v1/kill-switch", on, "content-type", "application/json"))
                            .at("/actor")
                            .asString())
                    .isEqualTo("admin");
        }
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            JsonNode kept = json(TestingAdmin.of(gateway).get("/v1/kill-switch"));
            assertThat(kept.at("/on").asBoolean()).isTrue();
            assertThat(kept.at("/reason").asString()).isEqualTo("a bad rule");
        }
        try (TestingGateway gateway = TestingGateway.start(dir, "response: {kill-switch: true}\n", "")) {
            problem(
                    TestingAdmin.of(gateway)
                            .send(
                                    "PUT",
                                    "/v1/kill-switch",
                                    on.replace("true", "false"),
                                    "content-type",
                                    "application/json"),
                    409);
        }
        assertThat(audit()).contains("otto kill-switch refused", "admin kill-switch applied");
    }
}
