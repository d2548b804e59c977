package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingSource.event;
import static io.postern.gateway.e2e.TestingSource.lock;
import static io.postern.gateway.e2e.TestingSource.taken;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What becomes of facts once they are told: the inventory knows the app, and baselines know in what state it was. */
class ToldDevicesIT {

    private static final String INSTALLED =
            "\"managed\":true,\"version_name\":\"4.12\",\"signer_sha256\":\"" + "ab".repeat(32) + "\"";
    private static final String POLICY = """
            categories: {mail: {}}
            apps:
              com.acme.mail: {category: mail, approved: true, owner: messaging-team, review-by: 2020-06-30}
              com.acme.none: {category: mail, approved: true, owner: nobody-asked}
            """;

    @TempDir
    Path dir;

    @Test
    void theInventoryListsWhatSourcesTellAndOutlivesARestart() throws Exception {
        try (TestingGateway gateway = start()) {
            TestingSource agent = TestingSource.of(gateway, "agent");
            taken(
                    agent.events(event("e1", Instant.now(), "LC01", "app.inventory", "com.acme.mail", INSTALLED)
                            + event("e2", Instant.now(), "LC02", "app.inventory", "com.acme.mail", INSTALLED)
                            + event("e3", Instant.now(), "LC02", "app.removed", "com.acme.mail", "")),
                    3,
                    0,
                    0);
            await().until(() -> devices(gateway).equals(List.of("LC01")));
            JsonNode app = inventory(gateway).get(0);
            assertThat(app.at("/managed").asBoolean()).isTrue();
            assertThat(app.at("/policy/owner").asString()).isEqualTo("messaging-team");
        }
        try (TestingGateway gateway = start()) {
            await().until(() -> devices(gateway).equals(List.of("LC01")));
            JsonNode reports = TestingAdmin.json(admin(gateway).get("/v1/inventory/reports"));
            assertThat(reports.get("unused").findValuesAsString("app")).containsExactly("com.acme.none");
            assertThat(reports.get("overdue").findValuesAsString("app")).containsExactly("com.acme.mail");
        }
    }

    @Test
    void whatALockedDeviceDoesIsLearntAsOfTheBackground() throws Exception {
        try (TestingGateway gateway = start();
                TestingOrigin origin = new TestingOrigin()) {
            TestingSource agent = TestingSource.of(gateway, "agent");
            taken(agent.events(lock("e1", Instant.now(), "LC01", true)), 1, 0, 0);
            gateway.awaitMetric("postern_analytic_keys{table=\"device-contexts\"}", 1);
            try (TestingConnection flow =
                    TestingClient.to(gateway).send(TestingClient.connect(origin.authority(), TestingClient.APP))) {
                assertThat(flow.head()).startsWith("HTTP/1.1 200 ");
                try (TestingConnection server = origin.accept()) {
                    flow.send("\0");
                    assertThat(server.read(1)).isEqualTo("\0");
                }
            }
            await().until(() -> baselines(gateway).stream().anyMatch(id -> id.contains("/background/")));
            assertThat(baselines(gateway)).noneMatch(id -> id.contains("/unknown/"));
        }
    }

    private static JsonNode inventory(TestingGateway gateway) throws Exception {
        return TestingAdmin.json(admin(gateway).get("/v1/inventory")).get("apps");
    }

    private static List<String> devices(TestingGateway gateway) throws Exception {
        return inventory(gateway).findValuesAsString("device");
    }

    private static List<String> baselines(TestingGateway gateway) throws Exception {
        return TestingAdmin.json(admin(gateway).get("/v1/baselines"))
                .get("entries")
                .findValuesAsString("id");
    }

    private static TestingAdmin admin(TestingGateway gateway) throws IOException {
        return TestingAdmin.of(gateway);
    }

    private TestingGateway start() throws IOException {
        return TestingGateway.start(
                dir, """
                upstream: {allow-networks: ['127.0.0.0/8']}
                context:
                  bind: "127.0.0.1:0"
                  sources: [{name: agent, token-file: %s, devices: ["*"], reports: %s}]
                """.formatted(TestingSource.tokenFile(dir, "agent"), TestingSource.ALL), POLICY);
    }
}
