package io.postern.gateway.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.postern.gateway.http.Answer;
import io.postern.gateway.http.Connections;
import io.postern.gateway.http.Following;
import io.postern.gateway.http.Reply;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * Everybody who follows something live. All of them read the one ring at their own pace, so a slow one costs nobody
 * anything: what it has not read in time is gone for it, and it is told how much.
 */
final class EventStreams {

    private final int max;
    private final Connections connections;
    private final LongAdder dropped;
    private final Set<EventStream> streams = new CopyOnWriteArraySet<>();
    private final AtomicBoolean woken = new AtomicBoolean();

    EventStreams(int max, Connections connections, LongAdder dropped) {
        this.max = max;
        this.connections = connections;
        this.dropped = dropped;
    }

    /**
     * @param events of one feed whoever calls
     * @param lastEvent id of the last event the client has seen
     */
    Reply open(Events events, Optional<String> lastEvent) {
        if (streams.size() >= max) {
            return Answer.problem(
                            HttpResponseStatus.TOO_MANY_REQUESTS,
                            "there are " + max + " streams already, as many as admin.streams allows")
                    .with("retry-after", "5");
        }
        long next = events.next();
        return new Following((context, request) -> {
            connections.keep(context.channel());
            EventStream stream =
                    new EventStream(events, resume(events.run(), lastEvent, next), dropped, gone -> left(gone, events));
            streams.add(stream);
            events.watch(Optional.of(() -> wake(context.executor())));
            stream.begin(context, request);
        });
    }

    /** The first event to send: without a last one, or with one of another run, only what is new. */
    private static long resume(String run, Optional<String> lastEvent, long next) {
        List<String> parts = lastEvent.map(id -> List.of(id.split("-", -1))).orElse(List.of());
        if (parts.size() == 2 && parts.get(0).equals(run) && parts.get(1).matches("[0-9]{1,18}")) {
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
        streams.forEach(EventStream::pump);
    }

    private void left(EventStream stream, Events events) {
        streams.remove(stream);
        if (streams.isEmpty()) {
            events.watch(Optional.empty());
        }
    }

    int count() {
        return streams.size();
    }

    /** Ends all: who may read has changed. Clients come again, and with their last event's id miss nothing. */
    void end() {
        streams.forEach(EventStream::end);
    }
}
