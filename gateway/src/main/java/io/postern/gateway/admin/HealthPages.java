package io.postern.gateway.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.postern.gateway.http.Answer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Is it alive, is it ready? */
final class HealthPages {

    private final Health health;

    HealthPages(Health health) {
        this.health = health;
    }

    /** As {@code /livez} and {@code /readyz} say it. */
    record Status(
            String status,
            List<String> reasons,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> notes) {}

    CompletionStage<Answer> live(Request request) {
        return CompletableFuture.completedStage(status("live", "stuck", health.deadly(), List.of()));
    }

    CompletionStage<Answer> ready(Request request) {
        return CompletableFuture.completedStage(status("ready", "unready", health.unready(), health.notes()));
    }

    private static Answer status(String well, String otherwise, List<String> reasons, List<String> notes) {
        return reasons.isEmpty()
                ? Answer.json(HttpResponseStatus.OK, new Status(well, reasons, notes))
                : Answer.json(HttpResponseStatus.SERVICE_UNAVAILABLE, new Status(otherwise, reasons, notes));
    }
}
