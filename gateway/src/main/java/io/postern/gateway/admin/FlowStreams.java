package io.postern.gateway.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.postern.gateway.http.Answer;
import io.postern.gateway.http.Connections;
import io.postern.gateway.http.Following;
import io.postern.gateway.http.Reply;
import io.postern.gateway.records.OcsfFlow;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * Everybody who follows flows live. All of them read the one ring at their own pace, so a slow one costs nobody
 * anything: what it has not read in time is gone for it, and it is told how much.
 */
final class FlowStreams {

    private final FlowFeed feed;
    private final OcsfFlow ocsf;
    private final int max;
    private final Connections connections;
    private final LongAdder dropped;
    private final Set<FlowStream> streams = new CopyOnWriteArraySet<>();
    private final AtomicBoolean woken = new AtomicBoolean();

    FlowStreams(FlowFeed feed, OcsfFlow ocsf, int max, Connections connections, LongAdder dropped) {
        this.feed = feed;
        this.ocsf = ocsf;
        this.max = max;
        this.connections = connections;
        this.dropped = dropped;
    }

    /** @param lastEvent id of the last event the client has seen */
    Reply open(FlowQuery query, Optional<String> lastEvent) {
        if (streams.size() >= max) {
            return Answer.problem(
                            HttpResponseStatus.TOO_MANY_REQUESTS,
                            "there are " + max + " streams already, as many as admin.streams allows")
                    .with("retry-after", "5");
        }
        long next = feed.next();
        return new Following((context, request) -> {
            connections.keep(context.channel());
            FlowStream stream = new FlowStream(feed, ocsf, query, resume(lastEvent, next), dropped, this::left);
            streams.add(stream);
            feed.watch(Optional.of(() -> wake(context.executor())));
            stream.begin(context, request);
        });
    }

    /** The first event to send: without a last one, or with one of another run, only what is new. */
    private long resume(Optional<String> lastEvent, long next) {
        List<String> parts = lastEvent.map(id -> List.of(id.split("-", -1))).orElse(List.of());
        if (parts.size() == 2 && parts.get(0).equals(feed.run()) && parts.get(1).matches("[0-9]{1,18}")) {
            return Math.min(next, Long.parseLong(parts.get(1)) + 1);
        }
        return next;
    }

    private void wake(Executor loop) {
        if (woken.compareAndSet(false, true)) {
            loop.execute(this::pump);
        }
    }

    private void pump() {
        woken.set(false);
        streams.forEach(FlowStream::pump);
    }

    private void left(FlowStream stream) {
        streams.remove(stream);
        if (streams.isEmpty()) {
            feed.watch(Optional.empty());
        }
    }

    int count() {
        return streams.size();
    }

    /** Ends all: who may read has changed. Clients come again, and with their last event's id miss nothing. */
    void end() {
        streams.forEach(FlowStream::end);
    }
}
