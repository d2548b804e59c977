package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingAdmin.json;
import static io.postern.gateway.e2e.TestingAdmin.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

/** Whose inner addresses are, by the admin API: said, shown, taken back, kept over restarts, and written down. */
class AddressesApiIT {

    private static final String FILE =
            "identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], addresses-file: addresses.csv}\n";

    @TempDir
    Path dir;

    @Test
    void whatIsPutStaysOverARestartUntilItIsDeleted() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            TestingAdmin admin = TestingAdmin.of(gateway).as("otto", AdminRole.OPERATOR);
            HttpResponse<String> put = put(admin, "10.77.0.2", """
                    {"device": "enterprises/e/devices/LC01", "profile": "10", "app": "com.acme.mail", "proof": "tunnel-key"}""");
            assertThat(put.statusCode()).as(put.body()).isEqualTo(201);
            assertThat(put.body())
                    .isEqualTo(
                            "{\"prefix\":\"10.77.0.2/32\",\"device\":\"LC01\",\"profile\":\"10\",\"app\":\"com.acme.mail\",\"proof\":\"tunnel-key\",\"source\":\"api\",\"until\":null}");
            assertThat(put(admin, "fd77::%2F64", "{\"device\": \"LC02\", \"ttl\": \"1d\"}")
                            .statusCode())
                    .isEqualTo(201);
            assertThat(put(admin, "fd77::/64", "{\"device\": \"LC03\", \"ttl\": \"1d\"}")
                            .statusCode())
                    .isEqualTo(200);
            gateway.awaitMetric("postern_addresses{source=\"api\"}", 2);
        }
        assertThat(audit().stream()
                        .map(entry -> entry.at("/action").asString() + " "
                                + entry.at("/resource").asString() + " "
                                + entry.at("/outcome").asString()))
                .containsExactly(
                        "address.assign /v1/addresses/10.77.0.2/32 begun",
                        "address.assign /v1/addresses/10.77.0.2/32 applied",
                        "address.assign /v1/addresses/fd77::/64 begun",
                        "address.assign /v1/addresses/fd77::/64 applied",
                        "address.assign /v1/addresses/fd77::/64 begun",
                        "address.assign /v1/addresses/fd77::/64 applied");
        assertThat(audit().get(5).at("/before").asString()).startsWith("LC02 work - address until ");
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            JsonNode all = json(admin.get("/v1/addresses"));
            assertThat(devices(all)).containsExactly("LC01", "LC03");
            assertThat(all.at("/addresses/1/until").asString()).endsWith("Z");
            assertThat(admin.send("DELETE", "/v1/addresses/10.77.0.2%2F32", "").statusCode())
                    .isEqualTo(200);
            problem(admin.send("DELETE", "/v1/addresses/10.77.0.2", ""), 404);
            assertThat(devices(json(admin.get("/v1/addresses")))).containsExactly("LC03");
        }
    }

    @Test
    void aTimeIsKept() throws Exception {
        TestingClock clock = new TestingClock(Instant.parse("2026-11-21T08:00:00Z"));
        try (TestingGateway gateway = TestingGateway.start(dir, "", "", clock)) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            put(admin, "10.77.0.2", "{\"device\": \"LC01\", \"ttl\": \"1h\"}");
            gateway.awaitMetric("postern_addresses{source=\"api\"}", 1);
            clock.pass(Duration.ofHours(1));
            gateway.awaitMetric("postern_addresses{source=\"api\"}", 0);
        }
    }

    @Test
    void sourcesAreShownTogetherPageByPage() throws Exception {
        Files.writeString(dir.resolve("addresses.csv"), """
                address,device,profile,app,proof
                10.77.0.1,LC01,work,-,tunnel-key
                10.77.0.2,LC01,work,-,tunnel-key
                """);
        try (TestingGateway gateway = TestingGateway.start(dir, FILE, "")) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            put(admin, "10.77.0.2", "{\"device\": \"LC02\"}");
            JsonNode first = json(admin.get("/v1/addresses?limit=2"));
            assertThat(devices(first)).containsExactly("LC01", "LC02");
            JsonNode second = json(admin.get(
                    "/v1/addresses?limit=2&cursor=" + first.at("/next").asString()));
            assertThat(devices(second)).containsExactly("LC01");
            assertThat(second.has("next")).isFalse();
            assertThat(second.at("/addresses/0/source").asString()).isEqualTo("file");
            assertThat(devices(json(admin.get("/v1/addresses?device=LC02")))).containsExactly("LC02");
            problem(admin.get("/v1/addresses?cursor=bm9uZQ"), 400);
            problem(admin.send("DELETE", "/v1/addresses/10.77.0.1", ""), 404);
        }
    }

    @Test
    void whatIsWrongIsToldAtOnceAndWrittenDown() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            JsonNode wrong = problem(put(admin, "10.77.0.2", """
                            {"device": "LC 01", "profile": "a b", "app": "x y", "proof": "mtls-bound", "ttl": "never"}"""), 422);
            assertThat(wrong.at("/errors")
                            .valueStream()
                            .map(error -> error.at("/path").asString()))
                    .containsExactlyInAnyOrder("device", "profile", "app", "proof", "ttl");
            assertThat(problem(put(admin, "10.77.0.2", "{\"devcie\": \"LC01\", \"app\": 7}"), 422)
                            .at("/errors"))
                    .hasSize(2);
            problem(put(admin, "10.77.0.2", "[]"), 422);
            problem(put(admin, "10.77.0.2", "{\"device\": \"A\", \"device\": \"B\"}"), 422);
            problem(put(admin, "10.77.0.2%2F24", "{\"device\": \"LC01\"}"), 400);
            problem(put(admin, "10.77.0", "{\"device\": \"LC01\"}"), 400);
            TestingAdmin viewer = admin.as("vera", AdminRole.VIEWER);
            problem(put(viewer, "10.77.0.2", "{\"device\": \"LC01\"}"), 403);
            assertThat(json(admin.get("/v1/addresses")).at("/addresses")).isEmpty();
        }
        assertThat(audit())
                .hasSize(5)
                .allSatisfy(entry -> assertThat(entry.at("/outcome").asString()).isEqualTo("refused"));
    }

    @Test
    void anOwnFileThatDoesNotReadKeepsItFromStarting() throws IOException {
        Files.createDirectories(dir.resolve("var"));
        Files.writeString(dir.resolve("var/addresses"), "10.77.0.2/32,LC01,work,-,address,-\n10.77.0.3/32,LC01\n");
        assertThatThrownBy(() -> TestingGateway.start(dir))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("addresses:2: ");
    }

    private static HttpResponse<String> put(TestingAdmin admin, String prefix, String body) throws Exception {
        return admin.send("PUT", "/v1/addresses/" + prefix, body, "content-type", "application/json");
    }

    private static List<String> devices(JsonNode page) {
        return page.at("/addresses")
                .valueStream()
                .map(address -> address.at("/device").asString())
                .toList();
    }

    private List<JsonNode> audit() throws IOException {
        List<JsonNode> entries = new ArrayList<>();
        for (String line : Files.readAllLines(dir.resolve("var/audit.ndjson"))) {
            entries.add(JsonMapper.shared().readTree(line));
        }
        return entries;
    }
}
