package io.postern.gateway.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.postern.analytics.baseline.Subject;
import io.postern.config.document.Reading;
import io.postern.gateway.http.Answer;
import io.postern.gateway.http.HttpProblem;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** {@code /v1/baselines/export} and {@code import}: what one gateway has learnt, for another. */
final class BaselineSharing {

    /** In base64; the last baseline of a page may take as much again. */
    private static final int ENOUGH = 1 << 20;

    private final BaselineDesk desk;
    private final Work work;
    private final Refusals refusals = new Refusals();

    BaselineSharing(BaselineDesk desk, Work work) {
        this.desk = desk;
        this.work = work;
    }

    /**
     * @param format of what was learnt
     * @param next cursor of the next page; absent on the last
     */
    record Page(
            int format,
            List<Share> baselines,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> next) {}

    /** @param learnt base64 */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Share(Optional<String> app, Optional<String> category, String learnt) {}

    CompletionStage<Answer> export(Request request) {
        Map<String, String> query = request.query();
        Optional<String> cursor = Optional.ofNullable(query.get("cursor"));
        Optional<Subject> after = cursor.flatMap(BaselineSharing::subject);
        Optional<Subject> app = Optional.ofNullable(query.get("app")).map(Subject::app);
        Optional<Subject> category = Optional.ofNullable(query.get("category")).map(Subject::category);
        if (cursor.isPresent() && after.isEmpty()) {
            return refused("cursor must be one that a page gave");
        }
        if (app.isPresent() && category.isPresent()) {
            return refused("of app and category there can be one");
        }
        return work.off(() -> page(app.or(() -> category), after, request.sender()));
    }

    private static CompletionStage<Answer> refused(String what) {
        return Answer.problem(HttpResponseStatus.BAD_REQUEST, what).done();
    }

    private static Optional<Subject> subject(String cursor) {
        try {
            return Subject.parse(new String(Base64.getUrlDecoder().decode(cursor), UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Answer page(Optional<Subject> only, Optional<Subject> after, Sender sender) {
        List<Share> shares = new ArrayList<>();
        List<Subject> named = new ArrayList<>();
        long size = 0;
        boolean more = false;
        for (Subject subject : desk.subjects()) {
            if (only.filter(one -> !one.equals(subject)).isPresent()
                    || after.filter(one -> subject.compareTo(one) <= 0).isPresent()) {
                continue;
            }
            if (size >= ENOUGH) {
                more = true;
                break;
            }
            Optional<byte[]> learnt = desk.share(subject);
            if (learnt.isPresent()) {
                String text = Base64.getEncoder().encodeToString(learnt.get());
                size += text.length();
                named.add(subject);
                shares.add(new Share(
                        BaselineEntry.name(subject, Subject.Kind.APP),
                        BaselineEntry.name(subject, Subject.Kind.CATEGORY),
                        text));
            }
        }
        Optional<String> next = more
                ? Optional.of(Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(named.get(named.size() - 1).toString().getBytes(UTF_8)))
                : Optional.empty();
        return desk.shared(named, sender)
                ? Answer.json(HttpResponseStatus.OK, new Page(BaselineShare.VERSION, shares, next))
                : notAudited();
    }

    Route.Page importing() {
        return new Importing();
    }

    /** Those who may not are written down as well. */
    private final class Importing implements Route.Page {

        @Override
        public CompletionStage<Answer> answer(Request request) {
            return refusals.unlessTooMany(request.peer(), () -> work.off(() -> take(request)));
        }

        private Answer take(Request request) {
            Reading<BaselineShare> body = BaselineShare.read(request.body());
            return body.value()
                    .map(read -> BaselineSharing.answer(read.subject(), desk.take(read, request.sender())))
                    .orElseGet(() -> told(
                            request.sender(),
                            Answer.problem(HttpProblem.of(
                                    HttpResponseStatus.UNPROCESSABLE_ENTITY,
                                    "the body is no baseline; nothing has changed",
                                    body.problems()))));
        }

        @Override
        public void forbidden(Sender sender, String tail, String query) {
            if (!refusals.tooMany(sender.peer())) {
                refusals.count(sender.peer());
                work.off(() ->
                        told(sender, Answer.problem(HttpResponseStatus.FORBIDDEN, "the role does not cover this")));
            }
        }

        private Answer told(Sender sender, Answer answer) {
            return desk.notTaken("", sender) ? answer : notAudited();
        }
    }

    /** @param entries that the baseline has */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Done(Optional<String> app, Optional<String> category, int entries) {}

    private static Answer answer(Subject subject, BaselineDesk.Took took) {
        return switch (took.end()) {
            case TAKEN ->
                Answer.json(
                        HttpResponseStatus.OK,
                        new Done(
                                BaselineEntry.name(subject, Subject.Kind.APP),
                                BaselineEntry.name(subject, Subject.Kind.CATEGORY),
                                took.entries()));
            case BROKEN ->
                Answer.problem(
                        HttpResponseStatus.UNPROCESSABLE_ENTITY, "not taken: " + took.why() + "; nothing has changed");
            case NOT_STORED ->
                Answer.problem(
                        HttpResponseStatus.INTERNAL_SERVER_ERROR,
                        "it counts, but could not be stored and may end with this run; the log says why");
            case NOT_AUDITED -> notAudited();
            case END_NOT_AUDITED ->
                Answer.problem(
                        HttpResponseStatus.SERVICE_UNAVAILABLE,
                        "it is done, but the audit log could not be told its end");
        };
    }

    private static Answer notAudited() {
        return Answer.problem(
                HttpResponseStatus.SERVICE_UNAVAILABLE, "the audit log cannot be written; nothing has changed");
    }
}
