package io.postern.gateway.facts;

import java.util.Optional;
import java.util.function.ObjIntConsumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads native events, one JSON object each: a JSON array of them, or one a line (NDJSON).
 *
 * <pre>
 * {id, time, event, device: {id, profile}, app?: {package, uid?, version_code?}, attributes: {…},
 *  source?: {name, latency: realtime|batched}}
 * </pre>
 *
 * A fault of one leaves the others as they are; in an array what is no JSON ends the reading, on a line only that line.
 * Nothing is held but one event of {@value #MAX_EVENT} bytes at most. Thread-safe.
 */
public final class NativeEvents {

    /** Of one event, in bytes. */
    public static final int MAX_EVENT = 16 * 1_024;

    /** Of one body. */
    public static final int MAX_EVENTS = 10_000;

    private static final int MAX_DEPTH = 5;
    private static final int MAX_TEXT = 4_096;
    private static final int MAX_NUMBER = 32;
    private static final int MAX_NAME = 64;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_TEXT)
                    .maxNumberLength(MAX_NUMBER)
                    .maxNameLength(MAX_NAME)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final Told.Fault NOT_JSON = new Told.Fault("", "is not one JSON object (RFC 8259)");
    private static final Told.Fault TOO_LONG = new Told.Fault("", "is longer than " + MAX_EVENT + " bytes");
    private static final Told.Fault TOO_MANY = new Told.Fault(
            "", "is beyond the " + MAX_EVENTS + " that a body may have; it was not read, nor any behind it");

    private final Optional<String> source;

    /** Of events that say themselves whose they are. */
    public NativeEvents() {
        this(Optional.empty());
    }

    /** @param source who they are of, whatever they say; absent: as each says */
    public NativeEvents(Optional<String> source) {
        this.source = source;
    }

    /**
     * Reads a body.
     *
     * @param each told of every event with its place: from 0 in an array, the number of its line from 1 in NDJSON
     * @return whether it is an array
     */
    public boolean body(byte[] body, ObjIntConsumer<Told> each) {
        int start = 0;
        while (start < body.length && blank(body[start])) {
            start++;
        }
        if (start < body.length && body[start] == '[') {
            array(body, start, each);
            return true;
        }
        lines(body, each);
        return false;
    }

    private void lines(byte[] body, ObjIntConsumer<Told> each) {
        int number = 0;
        int count = 0;
        int from = 0;
        while (from < body.length) {
            int to = from;
            boolean empty = true;
            while (to < body.length && body[to] != '\n') {
                empty &= blank(body[to]);
                to++;
            }
            number++;
            if (!empty) {
                if (++count > MAX_EVENTS) {
                    each.accept(TOO_MANY, number);
                    return;
                }
                each.accept(line(body, from, to), number);
            }
            from = to + 1;
        }
    }

    /** Reads one event, of which the bytes are all. */
    public Told line(byte[] bytes, int from, int to) {
        if (to - from > MAX_EVENT) {
            return TOO_LONG;
        }
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), bytes, from, to - from)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                return NOT_JSON;
            }
            Told told = event(in);
            return in.nextToken() == null ? told : NOT_JSON;
        } catch (JacksonException broken) {
            return NOT_JSON;
        }
    }

    private void array(byte[] body, int start, ObjIntConsumer<Told> each) {
        int index = 0;
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), body, start, body.length - start)) {
            in.nextToken();
            for (JsonToken token = in.nextToken(); token != JsonToken.END_ARRAY; index++, token = in.nextToken()) {
                if (index == MAX_EVENTS) {
                    each.accept(TOO_MANY, index);
                    return;
                }
                long began = in.currentTokenLocation().getByteOffset();
                Told told = NOT_JSON;
                if (token == JsonToken.START_OBJECT) {
                    told = event(in);
                } else {
                    in.skipChildren();
                }
                boolean tooLong = in.currentLocation().getByteOffset() - began > MAX_EVENT;
                each.accept(tooLong ? TOO_LONG : told, index);
            }
            if (in.nextToken() != null) {
                each.accept(new Told.Fault("", "follows the end of the array"), index);
            }
        } catch (JacksonException broken) {
            each.accept(new Told.Fault("", "is no JSON (RFC 8259); it was not read, nor any behind it"), index);
        }
    }

    /** From the object's start to its end, whatever is in it. */
    private Told event(JsonParser in) {
        int depth = in.streamReadContext().getNestingDepth();
        NativeEvent event = new NativeEvent();
        try {
            event.read(in);
            return new Told.Event(event.made(source));
        } catch (Wrong wrong) {
            while (in.streamReadContext().getNestingDepth() >= depth) {
                in.nextToken();
            }
            return wrong.fault();
        }
    }

    private static boolean blank(byte octet) {
        return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n';
    }
}
