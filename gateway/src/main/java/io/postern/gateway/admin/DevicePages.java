package io.postern.gateway.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.postern.config.document.Reading;
import io.postern.gateway.http.Answer;
import io.postern.gateway.http.HttpProblem;

/** {@code /v1/devices}: which device a pseudonym stands for. */
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
