package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.AdminRole;
import io.postern.gateway.access.AdminToken;
import io.postern.gateway.access.TokensFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the admin API of a gateway of the tests. */
public record TestingAdmin(TestingGateway gateway, String token) {

    static final HttpClient HTTP = HttpClient.newHttpClient();

    /** With the token made at the first start. */
    public static TestingAdmin of(TestingGateway gateway) throws IOException {
        return new TestingAdmin(
                gateway,
                Files.readString(gateway.dir().resolve("var/admin/token")).strip());
    }

    /** With another token, once the gateway knows it. */
    TestingAdmin as(String name, AdminRole role) throws Exception {
        double before = gateway.metric("postern_admin_tokens_reloads_total{result=\"applied\"}");
        String fresh = AdminToken.fresh();
        new TokensFile(gateway.dir().resolve("var/admin/tokens")).add(AdminToken.of(name, role, fresh));
        gateway.gateway().reload();
        gateway.awaitMetricAtLeast("postern_admin_tokens_reloads_total{result=\"applied\"}", before + 1);
        return new TestingAdmin(gateway, fresh);
    }

    HttpResponse<String> get(String path, String... fields) throws Exception {
        return send("GET", path, "", fields);
    }

    /** A policy, to be put in force whatever there is. */
    HttpResponse<String> put(String policy) throws Exception {
        return put("/v1/policy", policy, "if-match", "*");
    }

    HttpResponse<String> put(String path, String policy, String... fields) throws Exception {
        String[] all = new String[fields.length + 2];
        System.arraycopy(fields, 0, all, 0, fields.length);
        all[fields.length] = "content-type";
        all[fields.length + 1] = "application/yaml";
        return send("PUT", path, policy, all);
    }

    public HttpResponse<String> send(String method, String path, String body, String... fields) throws Exception {
        HttpRequest.Builder request =
                request(path).method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (fields.length > 0) {
            request.headers(fields);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + gateway.gateway().adminAddress().getPort() + path))
                .timeout(Duration.ofSeconds(20));
        return token.isEmpty() ? request : request.header("authorization", "Bearer " + token);
    }

    static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }

    /** The answer is a problem of this status, as RFC 9457 has it. */
    static JsonNode problem(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(response.headers().firstValue("cache-control")).contains("no-store");
        JsonNode problem = json(response);
        assertThat(problem.at("/status").asInt()).isEqualTo(status);
        assertThat(problem.at("/title").asString()).isNotEmpty();
        assertThat(problem.at("/detail").asString()).isNotEmpty();
        return problem;
    }
}
