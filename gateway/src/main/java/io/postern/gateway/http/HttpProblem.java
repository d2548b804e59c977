package io.postern.gateway.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.postern.config.document.Problem;
import java.util.List;

/**
 * A problem as RFC 9457 has it, never with the client's words but where they are its policy's.
 *
 * @param errors everything wrong with a body, in its order
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record HttpProblem(String type, String title, int status, String detail, List<Problem> errors) {

    /** Told at most; whoever has more will come again. */
    private static final int MAX_ERRORS = 1_000;

    public HttpProblem {
        errors = errors.stream().limit(MAX_ERRORS).toList();
    }

    public static HttpProblem of(HttpResponseStatus status, String detail) {
        return of(status, detail, List.of());
    }

    public static HttpProblem of(HttpResponseStatus status, String detail, List<Problem> errors) {
        return new HttpProblem("about:blank", status.reasonPhrase(), status.code(), detail, errors);
    }
}
