package io.postern.gateway.context;

import io.postern.analytics.context.ContextEvent;
import io.postern.config.ContextSettings;
import io.postern.gateway.facts.Told;
import java.util.ArrayList;
import java.util.List;

/**
 * What of one request is taken: events that are their source's to tell, and of a time that can be. Each of the others is an
 * error with its place.
 */
final class Sieve {

    /** Told at most; whoever has more of them will not read them one by one. */
    static final int MAX_ERRORS = 1_000;

    private final Source source;
    private final long nowMillis;
    private final long latest;
    private final long earliest;
    private final List<ContextEvent> taken = new ArrayList<>();
    private final List<LineError> errors = new ArrayList<>(0);
    private int refused;

    /**
     * One that was not taken.
     *
     * @param place the number of its line from 1, or its index in a list from 0
     * @param pointer RFC 6901, in the event
     */
    record LineError(int place, String pointer, String problem) {}

    Sieve(Source source, ContextSettings settings, long nowMillis) {
        this.source = source;
        this.nowMillis = nowMillis;
        this.latest = nowMillis + settings.skew().toMillis();
        this.earliest = nowMillis - settings.kept().toMillis();
    }

    void put(Told told, int place) {
        if (told instanceof Told.Event event) {
            put(event.event(), place);
        } else if (told instanceof Told.Fault fault) {
            refuse(EventName.OTHER, EventResult.MALFORMED, place, fault.pointer(), fault.problem());
        }
    }

    private void put(ContextEvent event, int place) {
        EventName name = EventName.of(event.said());
        if (!source.speaksFor(event.device())) {
            refuse(name, EventResult.FOREIGN_DEVICE, place, "/device/id", "is no device this source may speak for");
        } else if (!source.reports(event.said())) {
            refuse(
                    name,
                    EventResult.UNDECLARED,
                    place,
                    "/event",
                    "is not among what this source is declared to report");
        } else if (event.timeMillis() > latest) {
            refuse(name, EventResult.FUTURE, place, "/time", "is ahead of our clock by more than context.skew");
        } else if (event.timeMillis() < earliest) {
            refuse(name, EventResult.OLD, place, "/time", "is longer ago than context.kept");
        } else {
            long lag = nowMillis - event.timeMillis();
            source.lag(lag);
            taken.add(lag > Source.LATE.toMillis() && !event.batched() ? late(event) : event);
        }
    }

    private static ContextEvent late(ContextEvent event) {
        return new ContextEvent(
                event.id(),
                event.timeMillis(),
                event.device(),
                event.profile(),
                event.app(),
                event.said(),
                event.source(),
                true);
    }

    private void refuse(EventName name, EventResult result, int place, String pointer, String problem) {
        source.count(name, result);
        refused++;
        if (errors.size() < MAX_ERRORS) {
            errors.add(new LineError(place, pointer, problem));
        }
    }

    List<ContextEvent> taken() {
        return taken;
    }

    List<LineError> errors() {
        return errors;
    }

    /** Also those of which no error is told any more. */
    int refused() {
        return refused;
    }
}
