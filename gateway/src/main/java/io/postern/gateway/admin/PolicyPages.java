package io.postern.gateway.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.postern.config.AdminRole;
import io.postern.gateway.http.Answer;
import io.postern.gateway.http.HttpProblem;
import io.postern.gateway.http.Media;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** {@code /v1/policy}: what is in force, what another one would change, and another one. */
final class PolicyPages {

    /** Sets the strong tag of the document apart from that of the JSON with the same version, RFC 9110 section 8.8.1. */
    private static final String AS_YAML = ".yaml";

    private static final Pattern STRONG_TAG = Pattern.compile("(?:^|,)\\s*\"([\\x21\\x23-\\x7e]+)\"\\s*(?=,|$)");

    private static final Set<String> TRIED = Set.of("dry-run", "dry-run=", "dry-run=true");

    private final PolicyDesk desk;
    private final Work work;
    private final Refusals refusals = new Refusals();

    PolicyPages(PolicyDesk desk, Work work) {
        this.desk = desk;
        this.work = work;
    }

    CompletionStage<Answer> show(Request request) {
        return work.off(() -> shown(desk.show(), request));
    }

    private static Answer shown(PolicyDesk.Shown policy, Request request) {
        boolean yaml = Media.wanted(request.accept(), List.of(Answer.JSON, Answer.YAML))
                .filter(Answer.YAML::equals)
                .isPresent();
        if (!yaml) {
            return tagged(Answer.json(HttpResponseStatus.OK, policy), policy.version());
        }
        Optional<String> only = policy.documents().stream()
                .findFirst()
                .filter(document -> policy.documents().size() == 1)
                .flatMap(PolicyDesk.Document::content);
        return only.map(text ->
                        tagged(Answer.text(HttpResponseStatus.OK, Answer.YAML, text), policy.version() + AS_YAML))
                .orElseGet(() -> Answer.problem(
                        HttpResponseStatus.NOT_ACCEPTABLE,
                        "the policy is not one document but "
                                + policy.documents().size() + ", to be had as JSON"));
    }

    CompletionStage<Answer> put(Request request) {
        Optional<Boolean> dryRun = request.flag("dry-run");
        if (dryRun.isEmpty()) {
            return Answer.problem(HttpResponseStatus.BAD_REQUEST, "dry-run must be true or false")
                    .done();
        }
        return dryRun.get() ? work.off(() -> answer(desk.tryOut(request.body()))) : replace(request);
    }

    /** As {@link #put}; those who may not even try out are written down as well. */
    Route.Page putting() {
        return new Route.Page() {
            @Override
            public CompletionStage<Answer> answer(Request request) {
                return put(request);
            }

            @Override
            public void forbidden(Sender sender, String tail, String query) {
                if (!TRIED.contains(query) && !refusals.tooMany(sender.peer())) {
                    refusals.count(sender.peer());
                    work.off(() -> refusal(sender));
                }
            }
        };
    }

    private CompletionStage<Answer> replace(Request request) {
        return refusals.unlessTooMany(request.peer(), () -> replaced(request));
    }

    private CompletionStage<Answer> refuse(Request request, HttpResponseStatus status, String detail) {
        return work.off(() -> desk.refused(request.sender()) ? Answer.problem(status, detail) : notAudited());
    }

    /** Nobody waits for it: the answer is on its way. */
    private Answer refusal(Sender sender) {
        return desk.refused(sender)
                ? Answer.problem(HttpResponseStatus.FORBIDDEN, "the role does not cover this")
                : notAudited();
    }

    private CompletionStage<Answer> replaced(Request request) {
        if (!request.sender().actor().role().covers(AdminRole.ADMIN)) {
            return refuse(
                    request,
                    HttpResponseStatus.FORBIDDEN,
                    "without dry-run the role must be admin; nothing has changed");
        }
        if (!desk.managed()) {
            return refuse(
                    request,
                    HttpResponseStatus.CONFLICT,
                    "the policy is kept in files, and they are its one source; policy.managed would let it be"
                            + " replaced here");
        }
        String ifMatch = String.join(",", request.headers().getAll(HttpHeaderNames.IF_MATCH))
                .strip();
        Optional<Set<String>> versions = versions(ifMatch);
        if (ifMatch.isEmpty()) {
            return refuse(
                    request,
                    HttpResponseStatus.PRECONDITION_REQUIRED,
                    "If-Match must name the version to replace, or be * for whatever there is");
        }
        return work.off(() -> answer(desk.replace(request.body(), versions, request.sender())));
    }

    /** Of strong entity tags, any of which may match; what is anything else matches nothing. */
    private static Optional<Set<String>> versions(String ifMatch) {
        if (ifMatch.equals("*")) {
            return Optional.empty();
        }
        return Optional.of(STRONG_TAG
                .matcher(ifMatch)
                .results()
                .map(tag -> tag.group(1))
                .map(tag -> tag.endsWith(AS_YAML) ? tag.substring(0, tag.length() - AS_YAML.length()) : tag)
                .collect(Collectors.toUnmodifiableSet()));
    }

    private static Answer answer(PolicyDesk.Result result) {
        Answer answer =
                switch (result.end()) {
                    case TRIED, APPLIED ->
                        Answer.json(HttpResponseStatus.OK, result.change().orElseThrow());
                    case INVALID ->
                        Answer.problem(HttpProblem.of(
                                HttpResponseStatus.UNPROCESSABLE_ENTITY,
                                "the policy does not read; nothing has changed",
                                result.problems()));
                    case STALE ->
                        Answer.problem(
                                HttpResponseStatus.PRECONDITION_FAILED,
                                "another version is in force; nothing has changed");
                    case NOT_AUDITED -> notAudited();
                    case END_NOT_AUDITED ->
                        Answer.problem(
                                HttpResponseStatus.SERVICE_UNAVAILABLE,
                                "the policy is in force, but the audit log could not be told its end");
                    case FAILED ->
                        Answer.problem(
                                HttpResponseStatus.INTERNAL_SERVER_ERROR,
                                "the policy could not be put in force; the log says why, by the id");
                };
        return tagged(answer, result.version());
    }

    private static Answer notAudited() {
        return Answer.problem(
                HttpResponseStatus.SERVICE_UNAVAILABLE, "the audit log cannot be written; nothing has changed");
    }

    private static Answer tagged(Answer answer, String version) {
        return answer.with(HttpHeaderNames.ETAG.toString(), "\"" + version + "\"");
    }
}
