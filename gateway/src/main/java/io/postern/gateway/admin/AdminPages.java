package io.postern.gateway.admin;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.meters.ScrapeFormat;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** What there is to see, and what is said about everything else: problems as RFC 9457, never with the client's words. */
final class AdminPages {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String JSON_TYPE = "application/json";
    private static final String PROBLEM_TYPE = "application/problem+json";

    private final Health health;
    private final Meters meters;

    AdminPages(Health health, Meters meters) {
        this.health = health;
        this.meters = meters;
    }

    /** The whole answer; the caller sends it and then ends the connection. */
    FullHttpResponse answer(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return unreadable(request.decoderResult().cause());
        }
        return switch (path(request.uri())) {
            case "/livez" -> read(request, () -> status("live", "stuck", health.deadly()));
            case "/readyz" -> read(request, () -> status("ready", "unready", health.unready()));
            case "/metrics" -> read(request, () -> metrics(request));
            default -> problem(HttpResponseStatus.NOT_FOUND, "there are /livez, /readyz and /metrics");
        };
    }

    private static String path(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    private interface Page {
        FullHttpResponse render();
    }

    private static FullHttpResponse read(HttpRequest request, Page page) {
        HttpMethod method = request.method();
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            FullHttpResponse refused = problem(HttpResponseStatus.METHOD_NOT_ALLOWED, "only GET and HEAD are served");
            refused.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
            return refused;
        }
        if (HttpUtil.isTransferEncodingChunked(request) || HttpUtil.getContentLength(request, 0L) > 0) {
            return problem(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, "no body is read here");
        }
        return page.render();
    }

    private FullHttpResponse metrics(HttpRequest request) {
        ScrapeFormat format = ScrapeAccept.format(request.headers().getAll(HttpHeaderNames.ACCEPT));
        return response(HttpResponseStatus.OK, format.contentType(), meters.scrape(format));
    }

    private static FullHttpResponse status(String well, String otherwise, List<String> reasons) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeStringProperty("status", reasons.isEmpty() ? well : otherwise);
            json.writeArrayPropertyStart("reasons");
            reasons.forEach(json::writeString);
            json.writeEndArray();
            json.writeEndObject();
        }
        HttpResponseStatus status = reasons.isEmpty() ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE;
        return response(status, JSON_TYPE, text.toString());
    }

    private static FullHttpResponse unreadable(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return problem(
                    HttpResponseStatus.REQUEST_URI_TOO_LONG,
                    "the request line is over " + AdminServer.MAX_REQUEST_LINE + " bytes");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return problem(
                    HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                    "the header is over " + AdminServer.MAX_HEADER_BYTES + " bytes");
        }
        return problem(HttpResponseStatus.BAD_REQUEST, "this is not HTTP/1.1 as RFC 9112 has it");
    }

    private static FullHttpResponse problem(HttpResponseStatus status, String detail) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeStringProperty("type", "about:blank");
            json.writeStringProperty("title", status.reasonPhrase());
            json.writeNumberProperty("status", status.code());
            json.writeStringProperty("detail", detail);
            json.writeEndObject();
        }
        return response(status, PROBLEM_TYPE, text.toString());
    }

    private static FullHttpResponse response(HttpResponseStatus status, String type, String text) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8)));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, type)
                .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("x-content-type-options", "nosniff")
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        return response;
    }
}
