package io.postern.gateway.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A source of context of a gateway of the tests, and what it sends. */
record TestingSource(int port, String token) {

    static final String ALL =
            "[lock, app-state, interaction, background-start, protected-resource, crypto, staging, inventory, posture,"
                    + " flow-owner]";

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** A file with the token of a source, which is its name over and over. */
    static String tokenFile(Path dir, String name) throws IOException {
        Path file = dir.resolve(name);
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, token(name) + "\n");
        }
        return file.toString();
    }

    static String token(String name) {
        return name.repeat(32);
    }

    static TestingSource of(TestingGateway gateway, String name) {
        return new TestingSource(gateway.address("context").getPort(), token(name));
    }

    HttpResponse<String> events(String body) throws Exception {
        return post("/v1/context/events", "application/x-ndjson", body.getBytes(UTF_8));
    }

    HttpResponse<String> post(String path, String type, byte[] body, String... fields) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20))
                .header("content-type", type)
                .POST(BodyPublishers.ofByteArray(body));
        if (!token.isEmpty()) {
            request.header("authorization", "Bearer " + token);
        }
        if (fields.length > 0) {
            request.headers(fields);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }

    /** The answer is 202 with so many of each. */
    static JsonNode taken(HttpResponse<String> response, int accepted, int duplicates, int refused) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        JsonNode json = json(response);
        assertThat(json.at("/accepted").intValue()).as(response.body()).isEqualTo(accepted);
        assertThat(json.at("/duplicates").intValue()).as(response.body()).isEqualTo(duplicates);
        assertThat(json.at("/refused").intValue()).as(response.body()).isEqualTo(refused);
        return json;
    }

    static String lock(String id, Instant time, String device, boolean locked) {
        return event(id, time, device, "device.lock", "", "\"locked\":" + locked);
    }

    /** @param app a package, or nothing */
    static String event(String id, Instant time, String device, String event, String app, String attributes) {
        return "{\"id\":\"" + id + "\",\"time\":\"" + time + "\",\"event\":\"" + event + "\",\"device\":{\"id\":\""
                + device + "\",\"profile\":\"work\"},"
                + (app.isEmpty() ? "" : "\"app\":{\"package\":\"" + app + "\"},")
                + "\"attributes\":{" + attributes + "},\"source\":{\"name\":\"x\",\"latency\":\"realtime\"}}\n";
    }
}
