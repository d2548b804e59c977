package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingAdmin.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import io.postern.config.AdminRole;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Real answers are what the shipped description says they are. */
class AdminContractIT {

    private static final String POLICY =
            "rules: [{name: r, when: {app: com.acme.bad}, action: block, mode: enforce}]\n";

    @TempDir
    Path dir;

    /** An answer, and to what. */
    private record Answered(String method, String path, HttpResponse<String> response) {}

    private final List<Answered> answers = new ArrayList<>();

    @Test
    void answersAreAsDescribed() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, "policy: {managed: true}\n", "");
                TestingOrigin origin = new TestingOrigin()) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            TestingAdmin viewer = admin.as("vera", AdminRole.VIEWER);
            TestingAdmin nobody = new TestingAdmin(gateway, "");
            JsonNode document = YAMLMapper.shared()
                    .readTree(ask(nobody, "GET", "/openapi.yaml", "").body());
            flow(gateway, origin, "com.acme.one");
            flow(gateway, origin, "com.acme.two");
            await().until(() -> gateway.records().size() == 2);

            for (String path :
                    List.of("/livez", "/readyz", "/metrics", "/v1/policy", "/v1/flows", "/v1/flows?limit=1")) {
                ask(admin, "GET", path, "");
            }
            ask(admin, "GET", "/v1/policy", "", "accept", "application/yaml");
            ask(admin, "GET", "/v1/policy", "", "accept", "text/html");
            ask(admin, "GET", "/v1/flows?limit=x", "");
            ask(admin, "GET", "/v1/flows", "x");
            ask(nobody, "GET", "/v1/flows", "");
            ask(viewer, "PUT", "/v1/policy", POLICY, "content-type", "application/yaml");
            ask(admin, "PUT", "/v1/policy", POLICY, "content-type", "application/yaml");
            ask(admin, "PUT", "/v1/policy", POLICY);
            ask(admin, "PUT", "/v1/policy?dry-run", POLICY, "content-type", "application/yaml");
            ask(admin, "PUT", "/v1/policy?dry-run", "rules: {}", "content-type", "application/yaml");
            ask(admin, "PUT", "/v1/policy", POLICY, "content-type", "application/yaml", "if-match", "\"x\"");
            ask(admin, "PUT", "/v1/policy", POLICY, "content-type", "application/yaml", "if-match", "*");

            String address = "/v1/addresses/10.77.0.0%2F24";
            String owner = "{\"device\": \"LC01\"}";
            ask(admin, "PUT", address, owner, "content-type", "application/json");
            ask(admin, "PUT", address, owner, "content-type", "application/json");
            ask(admin, "PUT", address, "{}", "content-type", "application/json");
            ask(admin, "PUT", address, owner, "content-type", "text/plain");
            ask(admin, "PUT", "/v1/addresses/10.77.0.1%2F24", owner, "content-type", "application/json");
            ask(viewer, "PUT", address, owner, "content-type", "application/json");
            ask(admin, "GET", "/v1/addresses", "");
            ask(admin, "GET", "/v1/addresses?cursor=x", "");
            ask(viewer, "DELETE", address, "");
            ask(admin, "DELETE", address, "");
            ask(admin, "DELETE", address, "");

            String whom = "{\"device\": \"LC01\", \"app\": \"com.acme.one\", \"reason\": \"r\"}";
            String contained = JsonMapper.shared()
                    .readTree(ask(admin, "POST", "/v1/quarantine", whom, "content-type", "application/json")
                            .body())
                    .get("id")
                    .asString();
            ask(admin, "POST", "/v1/quarantine", whom, "content-type", "application/json");
            ask(admin, "POST", "/v1/quarantine", "{}", "content-type", "application/json");
            ask(viewer, "POST", "/v1/quarantine", whom, "content-type", "application/json");
            ask(viewer, "GET", "/v1/quarantine?limit=1", "");
            ask(admin, "GET", "/v1/quarantine?state=x", "");
            ask(viewer, "GET", "/v1/quarantine/" + contained, "");
            ask(viewer, "DELETE", "/v1/quarantine/" + contained, "");
            ask(admin, "DELETE", "/v1/quarantine/" + contained + "?reason=over", "");
            ask(admin, "DELETE", "/v1/quarantine/q-0", "");
            ask(viewer, "GET", "/v1/kill-switch", "");
            String on = "{\"on\": true, \"reason\": \"r\"}";
            ask(viewer, "PUT", "/v1/kill-switch", on, "content-type", "application/json");
            ask(admin, "PUT", "/v1/kill-switch", "{}", "content-type", "application/json");
            ask(admin, "PUT", "/v1/kill-switch", on, "content-type", "application/json");
            ask(admin, "GET", "/readyz", "");
            ask(admin, "PUT", "/v1/kill-switch", on.replace("true", "false"), "content-type", "application/json");

            String approval = "{\"app\": \"com.acme.one\", \"entries\": \"all\", \"reason\": \"r\"}";
            await().until(() -> admin.get("/v1/baselines?app=com.acme.one&trait=destination")
                    .body()
                    .contains("com.acme.one"));
            ask(admin, "GET", "/v1/baselines?limit=3", "");
            ask(admin, "GET", "/v1/baselines?standing=x", "");
            ask(admin, "GET", "/v1/baselines/diff", "");
            ask(admin, "GET", "/v1/baselines/diff?app=com.acme.one", "");
            ask(admin, "POST", "/v1/baselines/approve", approval, "content-type", "application/json");
            ask(
                    admin,
                    "POST",
                    "/v1/baselines/approve",
                    approval.replace("\"all\"", "[\"alpn/unknown/h2\"]"),
                    "content-type",
                    "application/json");
            ask(admin, "POST", "/v1/baselines/approve", "{}", "content-type", "application/json");
            String entry = JsonMapper.shared()
                    .readTree(
                            admin.get("/v1/baselines?app=com.acme.one&limit=1").body())
                    .at("/entries/0/id")
                    .asString();
            ask(
                    admin,
                    "POST",
                    "/v1/baselines/reject",
                    approval.replace("\"all\"", "[\"" + entry + "\"]"),
                    "content-type",
                    "application/json");
            ask(admin, "GET", "/v1/baselines?limit=3&standing=rejected", "");
            ask(viewer, "POST", "/v1/baselines/reject", approval, "content-type", "application/json");
            ask(admin, "GET", "/v1/baselines/export?app=com.acme.one", "");
            ask(admin, "GET", "/v1/baselines/export?cursor=x", "");
            ask(viewer, "GET", "/v1/baselines/export", "");
            String learnt = json(admin.get("/v1/baselines/export?app=com.acme.one"))
                    .at("/baselines/0/learnt")
                    .asString();
            String share =
                    "{\"app\": \"com.acme.two\", \"format\": 1, \"learnt\": \"" + learnt + "\", \"reason\": \"r\"}";
            ask(admin, "POST", "/v1/baselines/import", share, "content-type", "application/json");
            ask(admin, "POST", "/v1/baselines/import", "{}", "content-type", "application/json");
            ask(
                    admin,
                    "POST",
                    "/v1/baselines/import",
                    share.replace(learnt, learnt.substring(0, learnt.length() / 8 * 4)),
                    "content-type",
                    "application/json");
            ask(viewer, "POST", "/v1/baselines/import", share, "content-type", "application/json");
            ask(admin, "GET", "/v1/inventory?managed=true", "");
            ask(admin, "GET", "/v1/inventory?managed=x", "");
            ask(viewer, "GET", "/v1/inventory/reports", "");

            for (String device : List.of("LC01", "LC02", "LC03")) {
                gateway.gateway().findings().accept(TestingFinding.of(device).at(System.currentTimeMillis()));
            }
            await().until(() ->
                    !json(admin.get("/v1/campaigns")).get("campaigns").isEmpty());
            String finding = "/v1/findings/" + TestingFinding.of("LC01").uid();
            String review = "{\"verdict\": \"benign\", \"reason\": \"r\"}";
            ask(admin, "GET", "/v1/campaigns", "");
            ask(admin, "GET", "/v1/findings?limit=2", "");
            ask(admin, "GET", "/v1/findings?status=x", "");
            ask(admin, "GET", finding, "");
            ask(admin, "GET", "/v1/findings/none", "");
            ask(admin, "PATCH", finding, review, "content-type", "application/json", "if-match", "\"99\"");
            ask(admin, "PATCH", finding, "{}", "content-type", "application/json");
            ask(viewer, "PATCH", finding, review, "content-type", "application/json");
            ask(admin, "PATCH", finding, review, "content-type", "application/json");
            ask(admin, "GET", "/v1/exceptions", "");
            ask(admin, "GET", "/v1/explain/" + TestingFinding.of("LC01").uid(), "");
            ask(admin, "GET", "/v1/explain/" + TestingFinding.of("LC01").uid(), "", "accept", "text/plain");
            ask(admin, "GET", "/v1/explain/none", "");
            ask(
                    admin,
                    "GET",
                    "/v1/explain/"
                            + gateway.records()
                                    .get(0)
                                    .at("/connection_info/uid")
                                    .asString(),
                    "");

            Set<Integer> statuses = new TreeSet<>();
            for (Answered answer : answers) {
                assertDescribed(document, answer);
                statuses.add(answer.response.statusCode());
            }
            assertThat(statuses).contains(200, 201, 400, 401, 403, 404, 406, 412, 413, 415, 422, 428);
        }
    }

    private HttpResponse<String> ask(TestingAdmin who, String method, String path, String body, String... fields)
            throws Exception {
        HttpResponse<String> response = who.send(method, path, body, fields);
        answers.add(new Answered(
                method,
                path.replaceFirst("\\?.*", "")
                        .replaceFirst("(/v1/addresses/).*", "$1{prefix}")
                        .replaceFirst("(/v1/(findings|explain|quarantine)/).*", "$1{id}"),
                response));
        return response;
    }

    private static void assertDescribed(JsonNode document, Answered answer) {
        String what = answer.method + " " + answer.path + " " + answer.response.statusCode();
        JsonNode described = document.get("paths")
                .get(answer.path)
                .get(answer.method.toLowerCase(Locale.ROOT))
                .get("responses")
                .path(Integer.toString(answer.response.statusCode()));
        assertThat(described.isMissingNode()).as(what).isFalse();
        JsonNode response = described.has("$ref")
                ? document.at(described.get("$ref").asString().substring(1))
                : described;
        String type =
                answer.response.headers().firstValue("content-type").orElse("").replaceFirst(";.*", "");
        JsonNode content = response.get("content").path(type);
        assertThat(content.isMissingNode()).as(what + " as " + type).isFalse();
        if (type.endsWith("json")) {
            ObjectNode schema = JsonMapper.shared().createObjectNode();
            schema.setAll((ObjectNode) content.get("schema"));
            schema.set("components", document.get("components"));
            assertThat(SchemaRegistry.withDialect(Dialects.getDraft202012())
                            .getSchema(schema)
                            .validate(JsonMapper.shared().readTree(answer.response.body())))
                    .as(what + ": " + answer.response.body())
                    .isEmpty();
        }
        response.path("headers")
                .propertyNames()
                .forEach(name -> assertThat(answer.response.headers().firstValue(name))
                        .as(what + ": " + name)
                        .isPresent());
    }

    private static void flow(TestingGateway gateway, TestingOrigin origin, String app) throws IOException {
        try (TestingConnection client = TestingClient.to(gateway);
                TestingConnection answered = client.send(TestingClient.connect(origin.authority(), app))) {
            assertThat(answered.head()).startsWith("HTTP/1.1 200 ");
            origin.accept().close();
        }
    }
}
