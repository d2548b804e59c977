package io.postern.gateway.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.postern.analytics.finding.Explanation;
import io.postern.gateway.http.Answer;
import io.postern.gateway.http.Media;
import io.postern.gateway.privacy.Pseudonyms;
import io.postern.gateway.records.FlowRecord;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/**
 * {@code GET /v1/explain/{id}}: a finding that is kept, a flow that lives, or one of the last that ended, in words that can be
 * forwarded.
 */
final class ExplainPages {

    static final String TEXT = "text/plain";

    /** Sorts behind every flow of this id and before those that began later. */
    private static final String BEHIND = "~";

    private static final FlowFilter ANY = new FlowFilter(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /** Looks at live flows at one time: each takes a turn of every loop for each 512 of its flows. */
    private static final int MAX_LOOKS = 2;

    private final Semaphore looks = new Semaphore(MAX_LOOKS);
    private final FindingReviews findings;
    private final FlowFeed feed;
    private final LiveFlows live;
    private final Work work;
    private final Pseudonyms names;

    ExplainPages(FindingReviews findings, FlowFeed feed, LiveFlows live, Work work) {
        this(findings, feed, live, work, Pseudonyms.NONE);
    }

    /** @param names what devices are called */
    ExplainPages(FindingReviews findings, FlowFeed feed, LiveFlows live, Work work, Pseudonyms names) {
        this.names = names;
        this.findings = findings;
        this.feed = feed;
        this.live = live;
        this.work = work;
    }

    CompletionStage<Answer> explain(Request request) {
        boolean text = Media.wanted(request.accept(), List.of(Answer.JSON, TEXT))
                .filter(TEXT::equals)
                .isPresent();
        String id = request.tail();
        Optional<FlowRecord> ended = ended(id);
        if (ended.isPresent()) {
            return explained(ended.get(), text).done();
        }
        return work.read(() -> finding(id, text))
                .thenCompose(answer -> answer.status().equals(HttpResponseStatus.NOT_FOUND)
                        ? living(id, text, answer)
                        : answer.done());
    }

    private Optional<FlowRecord> ended(String id) {
        for (long at = feed.next() - 1; at >= feed.oldest(); at--) {
            Optional<FlowRecord> flow = feed.at(at)
                    .filter(event -> event.kind() == FlowFeed.Kind.CLOSE)
                    .map(FlowFeed.Event::flow)
                    .filter(one -> one.uid().equals(id));
            if (flow.isPresent()) {
                return flow;
            }
        }
        return Optional.empty();
    }

    private Answer finding(String id, boolean text) {
        return findings.find(id)
                .map(kept ->
                        does(Explanation.of(names.of(kept), findings.campaign(kept.campaign())), findings.does(kept)))
                .map(one -> text ? text(one.text()) : Answer.json(HttpResponseStatus.OK, one))
                .orElseGet(() -> Answer.problem(
                        HttpResponseStatus.NOT_FOUND,
                        "there is no finding of this id, and no flow that lives or ended a short while ago"));
    }

    private static Explanation does(Explanation of, Optional<String> what) {
        return what.isEmpty()
                ? of
                : new Explanation(
                        of.uid(),
                        of.title(),
                        of.status(),
                        of.score(),
                        of.severity(),
                        Stream.concat(of.seen().stream(), Stream.of("What it does: it " + what.get() + "."))
                                .toList(),
                        of.matters(),
                        of.technique(),
                        of.supports(),
                        of.against(),
                        of.notVisible(),
                        of.remedies(),
                        of.timeline());
    }

    private CompletionStage<Answer> living(String id, boolean text, Answer absent) {
        if (!looks.tryAcquire()) {
            return Answer.problem(HttpResponseStatus.TOO_MANY_REQUESTS, "too many flows are being looked for already")
                    .with("retry-after", "1")
                    .done();
        }
        return live.newest(ANY, id + BEHIND, 1)
                .whenComplete((done, fault) -> looks.release())
                .thenApply(found -> found.stream()
                        .filter(flow -> flow.uid().equals(id))
                        .findFirst()
                        .map(flow -> explained(flow, text))
                        .orElse(absent));
    }

    private Answer explained(FlowRecord flow, boolean text) {
        FlowExplanation explanation = FlowExplanation.of(names.of(flow));
        return text ? text(explanation.text()) : Answer.json(HttpResponseStatus.OK, explanation);
    }

    private static Answer text(String text) {
        return Answer.text(HttpResponseStatus.OK, TEXT + "; charset=utf-8", text);
    }
}
