package io.postern.gateway.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** A whole answer, and the fields it has beyond those every answer has. */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares answers.
public record Answer(HttpResponseStatus status, String type, byte[] body, Map<String, String> fields) implements Reply {

    public static final String JSON = "application/json";
    public static final String YAML = "application/yaml";
    public static final String PROBLEM = "application/problem+json";

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    /** @param value a record; its parts become members in snake_case */
    public static Answer json(HttpResponseStatus status, Object value) {
        return new Answer(status, JSON, MAPPER.writeValueAsBytes(value), Map.of());
    }

    public static Answer problem(HttpProblem problem) {
        return new Answer(
                HttpResponseStatus.valueOf(problem.status()), PROBLEM, MAPPER.writeValueAsBytes(problem), Map.of());
    }

    public static Answer problem(HttpResponseStatus status, String detail) {
        return problem(HttpProblem.of(status, detail));
    }

    public static Answer text(HttpResponseStatus status, String type, String text) {
        return new Answer(status, type, text.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    public Answer with(String field, String value) {
        Map<String, String> more = new LinkedHashMap<>(fields);
        more.put(field, value);
        return new Answer(status, type, body, more);
    }

    /** Where nothing has to be waited for. */
    public CompletionStage<Answer> done() {
        return CompletableFuture.completedStage(this);
    }

    FullHttpResponse response(String request) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
        HttpHeaders headers = headers(response.headers(), type, request)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        fields.forEach(headers::set);
        return response;
    }

    /** What every answer says of itself. */
    public static HttpHeaders headers(HttpHeaders headers, String type, String request) {
        return headers.set(HttpHeaderNames.CONTENT_TYPE, type)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("x-content-type-options", "nosniff")
                .set("content-security-policy", "default-src 'none'; frame-ancestors 'none'")
                .set("x-request-id", request);
    }
}
