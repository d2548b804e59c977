package io.postern.gateway.detect;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.detect.Detection;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.flow.FlowEvent.Outcome;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells detection of lines about flows, and of facts, in order of time: lines come when a flow ends, or an hour has passed,
 * and tell of what was before.
 *
 * <p>What a line tells is held until the input's clock, which is the latest end of a line, is a window further: then no line
 * may begin earlier that was written in order. At most {@value #MOST_HELD} lines wait, some 100 MB; one more, and the
 * earliest goes first. A line that tells of a time already told of is late: it is told at once, and counted. One line
 * that is dated more than a day ahead does not move the clock until the next agrees.
 *
 * <p>Of {@value #MOST_ALIVE} flows that live, and of the last {@value SeenBefore#MOST} lines at least, it is known that they were
 * told of; beyond, a flow opens again, a line that comes twice counts twice. Not for several threads.
 */
public final class Telling {

    static final int MOST_HELD = 200_000;
    static final int MOST_ALIVE = 200_000;

    private static final long LEAP = Duration.ofDays(1).toMillis();
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long REACHED_EVERY = Duration.ofMinutes(1).toMillis();

    /** A line between what was told of it and what was not. */
    private static final class Held {
        final FlowLine line;
        final long order;
        final boolean first;
        final boolean learnt;
        boolean begun;
        int exchange;
        int question;
        long at;

        Held(FlowLine line, long order, boolean first, boolean learnt) {
            this.line = line;
            this.order = order;
            this.first = first;
            this.learnt = learnt;
            if (first) {
                at = line.flow().startMillis();
            } else {
                skipTold();
                at = Math.max(line.flow().startMillis(), nextAt(this));
            }
        }

        /** The first question of a flow is in every record of it. */
        private void skipTold() {
            while (question < line.questions().size()
                    && line.questions().get(question).atMillis() <= line.flow().startMillis()) {
                question++;
            }
        }
    }

    private final Detection detection;
    private final Facts facts;
    private final FlowFacts names;
    private final Consumer<Finding> findings;
    private final PriorityQueue<Held> held = new PriorityQueue<>(Telling::earlier);
    private final Map<String, Integer> alive = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > MOST_ALIVE;
        }
    };

    private long window;
    private long clock = Long.MIN_VALUE;
    private boolean begun;
    private boolean leapt;
    private long told = Long.MIN_VALUE;
    private long nextReached = Long.MIN_VALUE;
    private long lines;
    private long late;

    /** Facts by when they were. */
    public interface Facts {

        Facts NONE = new Facts() {
            @Override
            public @Nullable ContextEvent until(long atMillis) {
                return null;
            }
        };

        /** The next one that is not later than this; null if there is none. */
        @Nullable
        ContextEvent until(long atMillis);
    }

    /** @param findings told of each finding as it comes up, changes or ends */
    public Telling(Detection detection, FlowFacts names, Facts facts, Consumer<Finding> findings) {
        this.detection = detection;
        this.names = names;
        this.facts = facts;
        this.findings = findings;
    }

    private static int earlier(Held one, Held other) {
        int byTime = Long.compare(one.at, other.at);
        return byTime != 0 ? byTime : Long.compare(one.order, other.order);
    }

    /**
     * What follows is of another input, whose lines tell of at most so long before the latest of them.
     *
     * <p>One that begins before what was told, as an older file does, has a clock of its own.
     */
    public void begin(Duration reach) {
        window = reach.toMillis();
        begun = true;
    }

    public void line(FlowLine line) {
        follow(line);
        String uid = line.flow().uid();
        Integer before = alive.get(uid);
        boolean first = before == null;
        boolean learnt = before != null && before != line.flow().hashCode();
        if (line.outcome().isPresent()) {
            alive.remove(uid);
        } else if (first || learnt) {
            alive.put(uid, line.flow().hashCode());
        }
        Held next = new Held(line, lines++, first, learnt);
        if (told != Long.MIN_VALUE && next.at < told - REACHED_EVERY) {
            late++;
        }
        held.add(next);
        tell(clock - window);
        while (held.size() > MOST_HELD) {
            step(Long.MAX_VALUE);
        }
    }

    /** All that is held is told; the next line may be of any time. */
    public void flush() {
        while (!held.isEmpty()) {
            step(Long.MAX_VALUE);
        }
        clock = Long.MIN_VALUE;
    }

    /** Nothing follows. */
    public void end() {
        flush();
        ContextEvent fact = facts.until(Long.MAX_VALUE);
        while (fact != null) {
            told = Math.max(told, fact.timeMillis());
            detection.told(fact, findings);
            fact = facts.until(Long.MAX_VALUE);
        }
        if (told != Long.MIN_VALUE) {
            // Who judges by the hour judges the last one too.
            detection.reached(told - Math.floorMod(told, HOUR) + HOUR, findings);
        }
    }

    /** Lines that told of a time already told of. */
    public long late() {
        return late;
    }

    private void follow(FlowLine line) {
        long at = line.atMillis();
        if (begun && at < clock - window) {
            flush();
        }
        if (begun || clock == Long.MIN_VALUE) {
            begun = false;
            leapt = false;
            clock = Math.max(clock, at);
        } else if (at - clock <= LEAP) {
            clock = Math.max(clock, at);
            leapt = false;
        } else if (leapt) {
            clock = at;
            leapt = false;
        } else {
            leapt = true;
        }
    }

    private void tell(long until) {
        Held next = held.peek();
        while (next != null && next.at < until) {
            step(until);
            next = held.peek();
        }
    }

    /** Tells the earliest of what is held, and what follows of the same line as long as nothing else is earlier. */
    private void step(long until) {
        Held next = held.poll();
        while (next != null) {
            reach(next.at);
            if (!tellNext(next)) {
                return;
            }
            Held other = held.peek();
            if (next.at >= until || (other != null && earlier(other, next) < 0)) {
                held.add(next);
                return;
            }
        }
    }

    private void reach(long at) {
        ContextEvent fact = facts.until(at);
        while (fact != null) {
            detection.told(fact, findings);
            fact = facts.until(at);
        }
        told = Math.max(told, at);
        if (told >= nextReached) {
            detection.reached(told, findings);
            nextReached = told + REACHED_EVERY;
        }
    }

    /**
     * Tells one thing.
     *
     * @return false when the line has nothing more to tell
     */
    private boolean tellNext(Held next) {
        FlowLine line = next.line;
        Flow flow = line.flow();
        boolean refused = line.outcome().filter(Outcome.REFUSED::equals).isPresent();
        if (!next.begun) {
            next.begun = true;
            if (next.first && !refused) {
                tell(new FlowEvent.Opened(flow, next.at));
            } else if (next.learnt) {
                tell(new FlowEvent.Learnt(flow, next.at));
            }
        } else if (questionIsNext(next)) {
            FlowLine.Question asked = line.questions().get(next.question++);
            tell(new FlowEvent.Asked(
                    flow,
                    next.at,
                    asked.name(),
                    names.domain(asked.name()),
                    asked.type(),
                    asked.rcode(),
                    asked.bytesIn()));
        } else if (next.exchange < line.exchanges().count()) {
            int exchange = next.exchange++;
            tell(new FlowEvent.Exchanged(
                    flow,
                    next.at,
                    line.exchanges().bytesOut(exchange),
                    line.exchanges().bytesIn(exchange)));
        } else {
            line.outcome()
                    .ifPresent(outcome ->
                            tell(new FlowEvent.Closed(flow, next.at, line.bytesOut(), line.bytesIn(), outcome)));
            return false;
        }
        next.at = Math.max(next.at, nextAt(next));
        return true;
    }

    private void tell(FlowEvent event) {
        detection.observe(event, findings);
    }

    /** When the next thing was that is not told: an exchange, a question, or the line's end. */
    private static long nextAt(Held next) {
        FlowLine line = next.line;
        long at = questionIsNext(next)
                ? line.questions().get(next.question).atMillis()
                : next.exchange < line.exchanges().count() ? exchangeAt(next) : line.atMillis();
        return Math.min(at, line.atMillis());
    }

    private static boolean questionIsNext(Held next) {
        FlowLine line = next.line;
        return next.question < line.questions().size()
                && (next.exchange >= line.exchanges().count()
                        || line.questions().get(next.question).atMillis() <= exchangeAt(next));
    }

    private static long exchangeAt(Held next) {
        return next.line.flow().startMillis() + next.line.exchanges().offsetMillis(next.exchange);
    }
}
