package io.postern.gateway.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.postern.gateway.http.Answer;
import java.util.concurrent.CompletionStage;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * A change; who may not make it is written down as well, as often as {@link Refusals} lets them.
 *
 * @param how off the event loop
 * @param refused writes down that a sender may not; whether it is on the disk
 */
record Audited(Work work, Refusals refusals, Function<Request, Answer> how, BiPredicate<Sender, String> refused)
        implements Route.Page {

    @Override
    public CompletionStage<Answer> answer(Request request) {
        return refusals.unlessTooMany(request.peer(), () -> work.off(() -> how.apply(request)));
    }

    @Override
    public void forbidden(Sender sender, String tail, String query) {
        if (!refusals.tooMany(sender.peer())) {
            refusals.count(sender.peer());
            work.off(() -> refused.test(sender, tail)
                    ? Answer.problem(HttpResponseStatus.FORBIDDEN, "the role does not cover this")
                    : notAudited());
        }
    }

    static Answer notAudited() {
        return Answer.problem(
                HttpResponseStatus.SERVICE_UNAVAILABLE, "the audit log cannot be written; nothing has changed");
    }

    static Answer endNotAudited() {
        return Answer.problem(
                HttpResponseStatus.SERVICE_UNAVAILABLE, "it is done, but the audit log could not be told its end");
    }
}
