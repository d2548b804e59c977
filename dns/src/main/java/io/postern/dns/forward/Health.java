package io.postern.dns.forward;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whether one server answers. A question may stay without an answer for its own sake: whoever answers for its name is down,
 * or wants the server to look as if it were. So a server counts as silent when questions of {@value #DOMAINS} registrable
 * domains that it was asked first had no answer within a minute and it said nothing else meanwhile. Who is asked only where
 * another has no answer hears little else than what nobody answers, so that speaks against nobody ({@link #silentToo}).
 * Where nobody is there at all one question tells.
 *
 * <pre>
 * well → silent, or nobody there → left alone → tried by one question → well
 *                                      ↑                 ↓
 *                                      └──── no answer ──┘
 * </pre>
 *
 * It is left alone for a second, then for two, and so on to a minute; of questions that were under way at the same time none
 * but the one that tries it makes that longer. Times are nanoseconds of one clock. Thread-safe.
 */
final class Health {

    static final int DOMAINS = 3;
    private static final long WINDOW = Duration.ofMinutes(1).toNanos();
    private static final long FIRST_PAUSE = Duration.ofSeconds(1).toNanos();
    private static final int MOST_DOUBLINGS = 6;
    private static final State WELL = new State(List.of(), 0, 0, false);

    /** Written seldom and by one at a time; read by each question. */
    private volatile State state = WELL;

    private volatile long heardAt;

    /** A domain of which a question has no answer. */
    private record Silence(String domain, long at) {}

    /**
     * What is known of it.
     *
     * @param silences since it last said something, while it is well
     * @param pauses how often it was left alone since
     * @param at when the pause is over; while it is tried, since when
     */
    private record State(List<Silence> silences, int pauses, long at, boolean tried) {

        boolean suspect() {
            return pauses > 0 || !silences.isEmpty();
        }

        State leave(long now) {
            return left(pauses + 1, now);
        }

        private static State left(int pauses, long now) {
            long pause = FIRST_PAUSE << Math.min(pauses - 1, MOST_DOUBLINGS);
            return new State(List.of(), pauses, now + pause, false);
        }

        /** Of a question that failed, of which there may have been many when it was left alone. */
        State again(long askedAt, long now) {
            return triedBy(askedAt) ? leave(now) : this;
        }

        State asLong(long askedAt, long now) {
            return triedBy(askedAt) ? left(pauses, now) : this;
        }

        private boolean triedBy(long askedAt) {
            return tried && askedAt - at >= 0;
        }

        State silent(String domain, long now) {
            List<Silence> all = Stream.concat(
                            silences.stream().filter(each -> now - each.at < WINDOW && !each.domain.equals(domain)),
                            Stream.of(new Silence(domain, now)))
                    .toList();
            return all.size() < DOMAINS ? new State(all, 0, 0, false) : leave(now);
        }
    }

    /** @param now before which nothing is asked */
    Health(long now) {
        heardAt = now;
    }

    /** Whether it may be asked. Of one that was left alone who is told so is the only one for {@code patience}. */
    boolean ask(long now, long patience) {
        return state.pauses == 0 || trial(now, patience);
    }

    private synchronized boolean trial(long now, long patience) {
        long over = state.tried ? state.at + patience : state.at;
        boolean may = state.pauses == 0 || now - over >= 0;
        if (may && state.pauses > 0) {
            state = new State(List.of(), state.pauses, now, true);
        }
        return may;
    }

    /** Whether nothing speaks against it but, at most, a name or two. */
    boolean well() {
        return state.pauses == 0;
    }

    /** It said something. */
    void heard(long now) {
        heardAt = now;
        if (state.suspect()) {
            forget();
        }
    }

    private synchronized void forget() {
        state = WELL;
    }

    /** A question of that registrable domain, which no other server was asked before, has no answer, and its time is over. */
    synchronized void silent(String domain, long askedAt, long now) {
        if (askedAt - heardAt >= 0) {
            state = state.pauses == 0 ? state.silent(domain, now) : state.again(askedAt, now);
        }
    }

    /** Neither had the server that was asked before. It stays as well as it was; one that was tried is left alone as long again. */
    synchronized void silentToo(long askedAt, long now) {
        if (askedAt - heardAt >= 0) {
            state = state.asLong(askedAt, now);
        }
    }

    /** Nobody is there, whatever is asked. */
    synchronized void unreachable(long askedAt, long now) {
        if (askedAt - heardAt >= 0) {
            state = state.pauses == 0 ? state.leave(now) : state.again(askedAt, now);
        }
    }
}
