package io.postern.gateway.detect;

import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.flow.FlowEvent.Outcome;
import java.util.function.Consumer;

/** Tells all that one line says of its flow, in order. Not for several threads. */
public final class Unfolding {

    private final FlowFacts names;

    public Unfolding(FlowFacts names) {
        this.names = names;
    }

    /** What was told of the flow before this line. */
    public enum Before {
        NOTHING,
        /** That it is what the line has it to be. */
        SAME,
        /** That it is something else. */
        OTHERWISE
    }

    /** @param toldExchanges of the line, from the first on, how many were told of before */
    public void tell(FlowLine line, Before before, int toldExchanges, Consumer<FlowEvent> told) {
        Flow flow = line.flow();
        boolean refused = line.outcome().filter(Outcome.REFUSED::equals).isPresent();
        int question = before == Before.NOTHING ? 0 : asked(line);
        if (before == Before.NOTHING && !refused) {
            told.accept(new FlowEvent.Opened(flow, flow.startMillis()));
        } else if (before == Before.OTHERWISE) {
            told.accept(new FlowEvent.Learnt(flow, next(line, toldExchanges, question)));
        }
        for (int exchange = toldExchanges; exchange < line.exchanges().count(); exchange++) {
            long at = exchangeAt(line, exchange);
            while (question < line.questions().size()
                    && line.questions().get(question).atMillis() <= at) {
                ask(line, question++, told);
            }
            told.accept(new FlowEvent.Exchanged(
                    flow,
                    at,
                    line.exchanges().bytesOut(exchange),
                    line.exchanges().bytesIn(exchange)));
        }
        while (question < line.questions().size()) {
            ask(line, question++, told);
        }
        line.outcome()
                .ifPresent(outcome -> told.accept(
                        new FlowEvent.Closed(flow, line.atMillis(), line.bytesOut(), line.bytesIn(), outcome)));
    }

    private static long next(FlowLine line, int exchange, int question) {
        long at = exchange < line.exchanges().count() ? exchangeAt(line, exchange) : line.atMillis();
        return question < line.questions().size()
                ? Math.min(at, line.questions().get(question).atMillis())
                : at;
    }

    /** The first question of a flow is in every line of it. */
    private static int asked(FlowLine line) {
        int asked = 0;
        while (asked < line.questions().size()
                && line.questions().get(asked).atMillis() <= line.flow().startMillis()) {
            asked++;
        }
        return asked;
    }

    private void ask(FlowLine line, int question, Consumer<FlowEvent> told) {
        FlowLine.Question asked = line.questions().get(question);
        told.accept(new FlowEvent.Asked(
                line.flow(),
                Math.max(line.flow().startMillis(), asked.atMillis()),
                asked.name(),
                names.domain(asked.name()),
                asked.type(),
                asked.rcode(),
                asked.bytesIn()));
    }

    /** Not later than the line: a wall clock can be set back while a flow lives. */
    private static long exchangeAt(FlowLine line, int exchange) {
        return Math.min(line.flow().startMillis() + line.exchanges().offsetMillis(exchange), line.atMillis());
    }
}
