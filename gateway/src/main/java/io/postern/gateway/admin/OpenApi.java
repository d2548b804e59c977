package io.postern.gateway.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.postern.gateway.http.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The description of the API, as shipped. */
final class OpenApi {

    private static final String TEXT = read();

    private OpenApi() {}

    static CompletionStage<Answer> page(Request request) {
        return CompletableFuture.completedStage(Answer.text(HttpResponseStatus.OK, Answer.YAML, TEXT));
    }

    private static String read() {
        try (@Nullable InputStream in = OpenApi.class.getResourceAsStream("openapi.yaml")) {
            if (in == null) {
                throw new IllegalStateException("no resource openapi.yaml");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
