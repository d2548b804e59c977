package io.postern.gateway.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.postern.analytics.Verdict;
import io.postern.analytics.flow.Protocol;
import io.postern.gateway.http.Refused;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What {@code GET /v1/flows} is asked for. */
record FlowQuery(FlowFilter filter, Optional<State> state, int limit, Optional<FlowCursor> cursor) {

    static final List<String> FILTERS =
            List.of("device", "profile", "app", "protocol", "verdict", "listener", "destination", "since", "state");
    static final int MAX_LIMIT = 1_000;
    static final int USUAL_LIMIT = 100;

    /** Which half of the flows. */
    enum State {
        LIVE,
        CLOSED
    }

    static FlowQuery of(Map<String, String> query, String run) throws Refused {
        FlowFilter filter = new FlowFilter(
                text(query, "device"),
                text(query, "profile"),
                text(query, "app"),
                constant(query, "protocol", Protocol.values(), Protocol::label),
                constant(query, "verdict", Verdict.Action.values(), FlowQuery::lowerCase),
                text(query, "listener"),
                text(query, "destination"),
                since(query));
        Optional<String> cursor = text(query, "cursor");
        Optional<FlowCursor> from = cursor.flatMap(text -> FlowCursor.parse(text, run));
        if (cursor.isPresent() && from.isEmpty()) {
            throw refused("cursor", "one that this run of the gateway gave");
        }
        return new FlowQuery(
                filter, constant(query, "state", State.values(), FlowQuery::lowerCase), limit(query), from);
    }

    private static Optional<String> text(Map<String, String> query, String name) {
        return Optional.ofNullable(query.get(name));
    }

    private static Optional<Instant> since(Map<String, String> query) throws Refused {
        String text = query.get("since");
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            throw refused("since", "a time in UTC such as 2027-01-31T08:00:00Z");
        }
    }

    static int limit(Map<String, String> query) throws Refused {
        String text = query.getOrDefault("limit", Integer.toString(USUAL_LIMIT));
        if (!text.matches("[1-9][0-9]{0,3}") || Integer.parseInt(text) > MAX_LIMIT) {
            throw refused("limit", "a number from 1 to " + MAX_LIMIT);
        }
        return Integer.parseInt(text);
    }

    private static <E extends Enum<E>> Optional<E> constant(
            Map<String, String> query, String name, E[] constants, Function<? super E, String> label) throws Refused {
        String text = query.get(name);
        if (text == null) {
            return Optional.empty();
        }
        Optional<E> constant = Arrays.stream(constants)
                .filter(one -> label.apply(one).equals(text))
                .findFirst();
        if (constant.isEmpty()) {
            throw refused(name, Arrays.stream(constants).map(label).collect(Collectors.joining(", ", "one of ", "")));
        }
        return constant;
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static Refused refused(String parameter, String must) {
        return new Refused(HttpResponseStatus.BAD_REQUEST, parameter + " must be " + must);
    }
}
