package io.postern.gateway.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks the admin API of a running gateway. What it refuses is an {@link IOException} in its own words. */
final class AdminClient {

    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(10);
    /** An answer may wait for a policy to be read. */
    private static final Duration ANSWER_WITHIN = Duration.ofMinutes(2);

    private final URI base;
    private final String token;
    private final HttpClient http;

    AdminClient(URI base, String token, Optional<SSLContext> tls) {
        this.base = base;
        this.token = token;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_WITHIN);
        tls.ifPresent(builder::sslContext);
        http = builder.build();
    }

    JsonNode get(String path, Map<String, String> query) throws IOException {
        return send(request(path, query).GET());
    }

    JsonNode post(String path, JsonNode body) throws IOException {
        return send(request(path, Map.of())
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body.toString())));
    }

    JsonNode patch(String path, JsonNode body) throws IOException {
        return send(request(path, Map.of())
                .header("content-type", "application/json")
                .method("PATCH", BodyPublishers.ofString(body.toString())));
    }

    JsonNode put(String path, JsonNode body) throws IOException {
        return send(request(path, Map.of())
                .header("content-type", "application/json")
                .PUT(BodyPublishers.ofString(body.toString())));
    }

    JsonNode delete(String path, Map<String, String> query) throws IOException {
        return send(request(path, query).DELETE());
    }

    /** As plain text. */
    String text(String path) throws IOException {
        HttpResponse<String> response = answer(
                request(path, Map.of())
                        .setHeader("accept", "text/plain, application/problem+json;q=0.5")
                        .GET(),
                BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(problem(json(response.body())));
        }
        return response.body();
    }

    /** As it is, of one type. */
    byte[] bytes(String path, String type) throws IOException {
        HttpResponse<byte[]> response = answer(
                request(path, Map.of())
                        .setHeader("accept", type + ", application/problem+json;q=0.5")
                        .GET(),
                BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IOException(problem(json(new String(response.body(), StandardCharsets.UTF_8))));
        }
        return response.body();
    }

    /** A part of a path, whatever it holds. */
    static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Every page, one after the other, to its end. */
    void pages(String path, Map<String, String> query, Consumer<JsonNode> each) throws IOException {
        Map<String, String> asked = new LinkedHashMap<>(query);
        JsonNode page = get(path, asked);
        each.accept(page);
        while (page.has("next")) {
            asked.put("cursor", page.get("next").asString());
            page = get(path, asked);
            each.accept(page);
        }
    }

    private HttpRequest.Builder request(String path, Map<String, String> query) {
        String parameters = query.entrySet().stream()
                .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return HttpRequest.newBuilder(base.resolve(path + (parameters.isEmpty() ? "" : "?" + parameters)))
                .timeout(ANSWER_WITHIN)
                .header("accept", "application/json")
                .header("authorization", "Bearer " + token);
    }

    private JsonNode send(HttpRequest.Builder request) throws IOException {
        HttpResponse<String> response = answer(request, BodyHandlers.ofString());
        JsonNode answer = json(response.body());
        if (response.statusCode() / 100 != 2) {
            throw new IOException(problem(answer));
        }
        return answer;
    }

    private JsonNode json(String body) throws IOException {
        try {
            return JsonMapper.shared().readTree(body);
        } catch (JacksonException e) {
            throw new IOException("what answers at " + base + " is no admin API", e);
        }
    }

    private <T> HttpResponse<T> answer(HttpRequest.Builder request, BodyHandler<T> body) throws IOException {
        try {
            return http.send(request.build(), body);
        } catch (ConnectException | HttpTimeoutException e) {
            throw new IOException("no gateway answers at " + base + ": is it running there?", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static String problem(JsonNode problem) {
        return problem.path("title").asString("refused") + ": "
                + problem.path("detail").asString("")
                + problem.path("errors")
                        .valueStream()
                        .map(error -> System.lineSeparator() + "  "
                                + error.path("path").asString("") + ": "
                                + error.path("what").asString(""))
                        .collect(Collectors.joining());
    }
}
