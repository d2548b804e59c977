package io.postern.gateway.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.postern.analytics.finding.Campaign;
import io.postern.analytics.finding.ExcuseUse;
import io.postern.analytics.finding.Kept;
import io.postern.analytics.finding.Suppression;
import io.postern.config.document.Reading;
import io.postern.gateway.http.Answer;
import io.postern.gateway.http.HttpProblem;
import io.postern.gateway.http.Media;
import io.postern.gateway.http.Refused;
import io.postern.gateway.http.Reply;
import io.postern.gateway.records.OcsfFinding;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code /v1/findings}, {@code /v1/campaigns} and {@code /v1/exceptions}. A finding is the same OCSF
 * object as in {@code findings.ndjson}, as it stands.
 */
final class FindingPages {

    private static final Pattern VERSION = Pattern.compile("\"([0-9]{1,18})\"");

    private final FindingReviews desk;
    private final FindingFeed feed;
    private final EventStreams streams;
    private final OcsfFinding ocsf;
    private final Work work;
    private final Refusals refusals = new Refusals();

    FindingPages(FindingReviews desk, FindingFeed feed, EventStreams streams, OcsfFinding ocsf, Work work) {
        this.desk = desk;
        this.feed = feed;
        this.streams = streams;
        this.ocsf = ocsf;
        this.work = work;
    }

    CompletionStage<? extends Reply> list(Request request) {
        try {
            FindingQuery query = FindingQuery.of(request.query());
            boolean streamed = Media.wanted(request.accept(), List.of(Answer.JSON, FlowPages.EVENTS))
                    .filter(FlowPages.EVENTS::equals)
                    .isPresent();
            if (streamed && request.method().equals(HttpMethod.GET)) {
                return CompletableFuture.completedStage(streams.open(
                        new FindingEvents(feed, ocsf, query),
                        Optional.ofNullable(request.headers().get("last-event-id"))));
            }
            return work.read(() -> page(query));
        } catch (Refused refused) {
            return refused.answer().done();
        }
    }

    private Answer page(FindingQuery query) {
        List<Kept> found = desk.list(query::takes, query.before(), query.limit() + 1);
        List<Kept> page = found.subList(0, Math.min(query.limit(), found.size()));
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes("{\"findings\":[".getBytes(US_ASCII));
        String between = "";
        for (Kept kept : page) {
            body.writeBytes(between.getBytes(US_ASCII));
            ocsf.write(kept, body);
            between = ",";
        }
        String next = found.size() > page.size()
                ? ",\"next\":\"" + FindingQuery.cursor(page.get(page.size() - 1)) + "\""
                : "";
        body.writeBytes(("]" + next + ",\"demoted\":").getBytes(US_ASCII));
        body.writeBytes(JsonMapper.shared().writeValueAsBytes(desk.demoted()));
        body.writeBytes("}".getBytes(US_ASCII));
        return new Answer(HttpResponseStatus.OK, Answer.JSON, body.toByteArray(), Map.of());
    }

    CompletionStage<Answer> show(Request request) {
        return work.read(() -> desk.find(request.tail()).map(this::one).orElseGet(FindingPages::absent));
    }

    private Answer one(Kept kept) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        ocsf.write(kept, body);
        return new Answer(HttpResponseStatus.OK, Answer.JSON, body.toByteArray(), Map.of())
                .with(HttpHeaderNames.ETAG.toString(), "\"" + kept.version() + "\"");
    }

    private static Answer absent() {
        return Answer.problem(HttpResponseStatus.NOT_FOUND, "there is no finding of this id");
    }

    /** @param first and last: of any of its findings, RFC 3339 */
    record Group(
            String uid,
            String destination,
            String technique,
            int devices,
            int apps,
            int findings,
            double score,
            String first,
            String last) {
        static Group of(Campaign campaign) {
            return new Group(
                    campaign.uid(),
                    campaign.destination(),
                    campaign.technique(),
                    campaign.devices(),
                    campaign.apps(),
                    campaign.findings(),
                    campaign.score(),
                    time(campaign.firstMillis()),
                    time(campaign.lastMillis()));
        }
    }

    private record Groups(List<Group> campaigns) {}

    CompletionStage<Answer> campaigns(Request request) {
        return work.read(() -> Answer.json(
                HttpResponseStatus.OK,
                new Groups(desk.campaigns().stream().map(Group::of).toList())));
    }

    /**
     * An exception of policy.
     *
     * @param used findings it excuses
     * @param exceeded findings of whom it was written for that it does not excuse
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Excused(
            String id,
            String analytic,
            String owner,
            String reason,
            String until,
            boolean inForce,
            int used,
            int exceeded,
            Optional<String> lastUsed) {
        static Excused of(ExcuseUse use) {
            return new Excused(
                    use.excuse().id(),
                    use.excuse().analytic(),
                    use.excuse().owner(),
                    use.excuse().reason(),
                    time(use.excuse().untilMillis()),
                    use.inForce(),
                    use.used(),
                    use.exceeded(),
                    use.lastMillis() == 0 ? Optional.empty() : Optional.of(time(use.lastMillis())));
        }
    }

    /** What an analyst found harmless. */
    record Answered(
            String finding,
            String app,
            String destination,
            String analytic,
            String verdict,
            String by,
            String reason,
            String since,
            String until) {
        static Answered of(Suppression one) {
            return new Answered(
                    one.finding(),
                    one.like().app(),
                    one.like().destination(),
                    one.like().analytic(),
                    one.conclusion().label(),
                    one.by(),
                    one.reason(),
                    time(one.fromMillis()),
                    time(one.untilMillis()));
        }
    }

    private record Silent(List<Excused> exceptions, List<Answered> suppressions) {}

    CompletionStage<Answer> exceptions(Request request) {
        return work.read(() -> Answer.json(
                HttpResponseStatus.OK,
                new Silent(
                        desk.exceptions().stream().map(Excused::of).toList(),
                        desk.suppressions().stream().map(Answered::of).toList())));
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    /** An analyst's answer; those who may not are written down as well. */
    Route.Page answering() {
        return new Route.Page() {
            @Override
            public CompletionStage<Answer> answer(Request request) {
                return refusals.unlessTooMany(request.peer(), () -> work.off(() -> review(request)));
            }

            @Override
            public void forbidden(Sender sender, String tail, String query) {
                if (!refusals.tooMany(sender.peer())) {
                    refusals.count(sender.peer());
                    work.off(() -> told(
                            tail,
                            sender,
                            Answer.problem(HttpResponseStatus.FORBIDDEN, "the role does not cover this")));
                }
            }
        };
    }

    private Answer review(Request request) {
        Reading<FindingBody> body = FindingBody.read(request.body());
        if (body.value().isEmpty()) {
            return told(
                    request.tail(),
                    request.sender(),
                    Answer.problem(HttpProblem.of(
                            HttpResponseStatus.UNPROCESSABLE_ENTITY,
                            "the body is no answer; nothing has changed",
                            body.problems())));
        }
        return answer(desk.review(request.tail(), body.value().get(), version(request), request.sender()));
    }

    /** A tag that is none of ours matches nothing. */
    private static OptionalLong version(Request request) {
        String ifMatch = String.join(",", request.headers().getAll(HttpHeaderNames.IF_MATCH))
                .strip();
        if (ifMatch.isEmpty() || ifMatch.equals("*")) {
            return OptionalLong.empty();
        }
        Matcher tag = VERSION.matcher(ifMatch);
        return OptionalLong.of(tag.matches() ? Long.parseLong(tag.group(1)) : -1);
    }

    private Answer told(String uid, Sender sender, Answer answer) {
        return desk.refused(uid, sender) ? answer : notAudited();
    }

    private Answer answer(FindingReviews.Result result) {
        return switch (result.end()) {
            case DONE -> one(result.kept().orElseThrow());
            case ABSENT -> absent();
            case STALE ->
                Answer.problem(
                        HttpResponseStatus.PRECONDITION_FAILED,
                        "the finding has changed since; look again. Nothing has changed by this");
            case TAKEN_UP ->
                Answer.problem(
                        HttpResponseStatus.CONFLICT,
                        "a newer finding has taken it up, answer that one; nothing has changed");
            case NOT_STORED ->
                Answer.problem(
                        HttpResponseStatus.INTERNAL_SERVER_ERROR,
                        "it is in force, but could not be stored and ends with this run; the log says why");
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
