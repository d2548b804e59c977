package io.postern.gateway.admin;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.postern.gateway.http.Answer;
import io.postern.gateway.http.Media;
import io.postern.gateway.http.Refused;
import io.postern.gateway.http.Reply;
import io.postern.gateway.records.FlowRecord;
import io.postern.gateway.records.OcsfFlow;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;

/**
 * {@code GET /v1/flows}: live ones first, then those that ended, newest first; or both as they come. Each is the same
 * OCSF object as in {@code flows.ndjson}. For the admin's event loop only.
 */
final class FlowPages {

    static final String EVENTS = "text/event-stream";

    /** Listings of live flows at one time: each takes a turn of every loop for each 512 of its flows. */
    private static final int MAX_LISTINGS = 4;

    private final Semaphore listings = new Semaphore(MAX_LISTINGS);
    private final FlowFeed feed;
    private final LiveFlows live;
    private final EventStreams streams;
    private final OcsfFlow ocsf;

    FlowPages(FlowFeed feed, LiveFlows live, EventStreams streams, OcsfFlow ocsf) {
        this.feed = feed;
        this.live = live;
        this.streams = streams;
        this.ocsf = ocsf;
    }

    /** Flows, and where the next page starts. */
    private record Page(List<FlowRecord> flows, Optional<FlowCursor> next) {}

    CompletionStage<Reply> flows(Request request) {
        try {
            FlowQuery query = FlowQuery.of(request.query(), feed.run());
            boolean streamed = Media.wanted(request.accept(), List.of(Answer.JSON, EVENTS))
                    .filter(EVENTS::equals)
                    .isPresent();
            if (streamed && request.method().equals(HttpMethod.GET)) {
                return CompletableFuture.completedStage(streams.open(
                        new FlowEvents(feed, ocsf, query),
                        Optional.ofNullable(request.headers().get("last-event-id"))));
            }
            return page(query).thenApply(this::render);
        } catch (Refused refused) {
            return CompletableFuture.completedStage(refused.answer());
        }
    }

    private CompletionStage<Page> page(FlowQuery query) throws Refused {
        FlowCursor cursor = query.cursor().orElse(FlowCursor.START);
        boolean liveRead = cursor.before() >= 0;
        if (liveRead || query.state().filter(FlowQuery.State.CLOSED::equals).isPresent()) {
            return CompletableFuture.completedStage(closed(query, List.of(), cursor.before()));
        }
        if (!listings.tryAcquire()) {
            throw new Refused(
                    Answer.problem(HttpResponseStatus.TOO_MANY_REQUESTS, "too many flows are being listed already")
                            .with("retry-after", "1"));
        }
        CompletionStage<List<FlowRecord>> newest = live.newest(query.filter(), cursor.live(), query.limit() + 1)
                .whenComplete((done, fault) -> listings.release());
        return newest.thenApply(found -> {
            if (found.size() > query.limit()) {
                List<FlowRecord> page = found.subList(0, query.limit());
                return new Page(
                        page,
                        Optional.of(new FlowCursor(page.get(page.size() - 1).uid(), -1)));
            }
            return query.state().isPresent() ? new Page(found, Optional.empty()) : closed(query, found, -1);
        });
    }

    /** Goes on with those that ended before this; negative: with the last. */
    private Page closed(FlowQuery query, List<FlowRecord> first, long before) {
        List<FlowRecord> flows = new ArrayList<>(first);
        long oldest = feed.oldest();
        long at = before < 0 ? feed.next() : Math.min(before, feed.next());
        while (at > oldest) {
            if (flows.size() == query.limit()) {
                return new Page(flows, Optional.of(new FlowCursor("", at)));
            }
            at--;
            feed.at(at)
                    .filter(event -> event.kind() == FlowFeed.Kind.CLOSE)
                    .map(FlowFeed.Event::flow)
                    .filter(query.filter()::takes)
                    .ifPresent(flows::add);
        }
        return new Page(flows, Optional.empty());
    }

    private Reply render(Page page) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes("{\"flows\":[".getBytes(StandardCharsets.US_ASCII));
        String between = "";
        for (FlowRecord flow : page.flows) {
            body.writeBytes(between.getBytes(StandardCharsets.US_ASCII));
            ocsf.write(flow, body);
            between = ",";
        }
        String next = page.next
                .map(cursor -> ",\"next\":\"" + cursor.text(feed.run()) + "\"")
                .orElse("");
        body.writeBytes(("]" + next + "}").getBytes(StandardCharsets.US_ASCII));
        return new Answer(HttpResponseStatus.OK, Answer.JSON, body.toByteArray(), Map.of());
    }
}
