package io.postern.gateway.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.postern.config.document.Reading;
import io.postern.gateway.http.Answer;
import io.postern.gateway.http.HttpProblem;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** {@code /v1/devices}: which device a pseudonym stands for, and that nothing is known of one any more. */
final class DevicePages {

    private final DeviceDesk desk;
    private final Work work;
    private final Refusals refusals = new Refusals();

    DevicePages(DeviceDesk desk, Work work) {
        this.desk = desk;
        this.work = work;
    }

    record Resolved(String pseudonym, String device) {}

    Route.Page resolving() {
        return new Audited(work, refusals, this::resolve, (sender, tail) -> desk.refused(sender));
    }

    /** {@code POST /v1/devices/forget}. */
    Route.Page forgetting() {
        return new Route.Page() {
            @Override
            public CompletionStage<Answer> answer(Request request) {
                return refusals.unlessTooMany(request.peer(), () -> forget(request));
            }

            @Override
            public void forbidden(Sender sender, String tail, String query) {
                new Audited(work, refusals, DevicePages::never, (who, what) -> desk.notForgotten(who))
                        .forbidden(sender, tail, query);
            }
        };
    }

    /** @param device as it was asked for */
    record Forgotten(String device, Map<String, Long> erased, Map<String, Long> kept) {}

    /** @param state what it does meanwhile */
    record Erasing(String device, String state) {}

    private CompletionStage<Answer> forget(Request request) {
        Reading<ForgetBody> body = ForgetBody.read(request.body());
        if (body.value().isEmpty()) {
            return work.off(() -> desk.notForgotten(request.sender())
                    ? Answer.problem(HttpProblem.of(
                            HttpResponseStatus.UNPROCESSABLE_ENTITY,
                            "the body does not say which device and why",
                            body.problems()))
                    : Audited.notAudited());
        }
        ForgetBody asked = body.value().get();
        // A log of gigabytes takes longer than a connection may: whoever asks again hears of the same.
        return desk.forget(asked.device(), asked.reason(), request.sender())
                .thenApply(end -> end.map(forgotten -> answer(asked.device(), forgotten))
                        .orElseGet(
                                () -> Answer.json(HttpResponseStatus.ACCEPTED, new Erasing(asked.device(), "erasing"))
                                        .with("retry-after", "1")));
    }

    private static Answer answer(String device, DeviceDesk.Forgotten forgotten) {
        return switch (forgotten.end()) {
            case DONE ->
                Answer.json(HttpResponseStatus.OK, new Forgotten(device, forgotten.erased(), forgotten.kept()));
            case PARTLY ->
                Answer.problem(
                        HttpResponseStatus.INTERNAL_SERVER_ERROR,
                        "not all is erased; ask again once this is mended: " + String.join("; ", forgotten.failed()));
            case CONTAINED ->
                Answer.problem(
                        HttpResponseStatus.CONFLICT,
                        "it is in quarantine, and would be let go by that: release it first; nothing has changed");
            case BUSY ->
                Answer.problem(
                                HttpResponseStatus.SERVICE_UNAVAILABLE,
                                "another device is being erased; nothing has changed")
                        .with("retry-after", "5");
            case NOT_AUDITED -> Audited.notAudited();
            case END_NOT_AUDITED -> Audited.endNotAudited();
        };
    }

    private static Answer never(Request request) {
        throw new IllegalStateException("is answered elsewhere: " + request);
    }

    private Answer resolve(Request request) {
        Reading<ResolveBody> body = ResolveBody.read(request.body());
        if (body.value().isEmpty()) {
            return desk.refused(request.sender())
                    ? Answer.problem(HttpProblem.of(
                            HttpResponseStatus.UNPROCESSABLE_ENTITY,
                            "the body does not say which pseudonym and why",
                            body.problems()))
                    : Audited.notAudited();
        }
        ResolveBody asked = body.value().get();
        DeviceDesk.Resolved resolved = desk.resolve(asked.pseudonym(), asked.reason(), request.sender());
        return switch (resolved.end()) {
            case DONE ->
                Answer.json(
                        HttpResponseStatus.OK,
                        new Resolved(asked.pseudonym(), resolved.device().orElseThrow()));
            case ABSENT ->
                Answer.problem(
                        HttpResponseStatus.NOT_FOUND,
                        "it stands for no device that is known here: it was made elsewhere");
            case NOT_AUDITED -> Audited.notAudited();
        };
    }
}
