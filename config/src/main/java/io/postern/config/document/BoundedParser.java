package io.postern.config.document;

import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.parser.Parser;

/**
 * Refuses what costs more than its bytes: the composer recurses into every level, and an alias repeats all that stands
 * behind its anchor. The parser itself is a state machine and needs no bound but the document's.
 */
final class BoundedParser implements Parser {

    static final int MAX_DEPTH = 32;
    static final int MAX_ALIASES = 100;

    private final Parser parser;
    private int depth;
    private int aliases;

    BoundedParser(Parser parser) {
        this.parser = parser;
    }

    @Override
    public Event next() {
        Event event = parser.next();
        switch (event.getEventId()) {
            case MappingStart, SequenceStart ->
                require(++depth <= MAX_DEPTH, "more than " + MAX_DEPTH + " levels", event);
            case MappingEnd, SequenceEnd -> depth--;
            case Alias -> require(++aliases <= MAX_ALIASES, "more than " + MAX_ALIASES + " aliases", event);
            case Scalar, Comment, DocumentStart, DocumentEnd, StreamStart, StreamEnd -> {}
        }
        return event;
    }

    private static void require(boolean within, String what, Event event) {
        if (!within) {
            throw new ParserException("has " + what, event.getStartMark());
        }
    }

    @Override
    public boolean checkEvent(Event.ID id) {
        return parser.checkEvent(id);
    }

    @Override
    public Event peekEvent() {
        return parser.peekEvent();
    }

    @Override
    public boolean hasNext() {
        return parser.hasNext();
    }
}
