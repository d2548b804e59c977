package io.postern.analytics.context;

import java.util.List;

/** Which of a device's sources is believed of a time, and what their silence says. */
final class Witnesses {

    private final List<Source> sources;

    /** @param sources those that there are at any time, by the numbers of their entries */
    Witnesses(List<Source> sources) {
        this.sources = sources;
    }

    /** @return number of the entry that holds then, or -1 */
    int state(Timeline timeline, long atMillis) {
        int batched = -1;
        for (int i = timeline.last(atMillis); i >= 0; i--) {
            long entry = timeline.get(i);
            Source source = sources.get(Timeline.source(entry));
            if (source.livedThrough(Timeline.millis(entry), atMillis)) {
                if (!source.batched) {
                    return i;
                }
                batched = batched < 0 ? i : batched;
            }
        }
        return batched;
    }

    Answer noneTold(Timeline events, FactKind kind, long withinMillis, long atMillis) {
        // What was pushed out may have been one.
        return events.completeSince() > atMillis - withinMillis
                ? Answer.UNKNOWN
                : silent(kind, atMillis - withinMillis, atMillis, Truth.FALSE);
    }

    Answer silent(FactKind kind, long fromMillis, long toMillis, Truth concluded) {
        int number = wouldTell(kind, fromMillis, toMillis);
        return number < 0 ? Answer.UNKNOWN : new Answer(concluded, 0, sources.get(number).name);
    }

    int wouldTell(FactKind kind, long fromMillis, long toMillis) {
        for (int i = 0; i < sources.size(); i++) {
            if (sources.get(i).wouldTell(kind, fromMillis, toMillis)) {
                return i;
            }
        }
        return -1;
    }

    Answer answer(Timeline timeline, int found, long atMillis, boolean negated) {
        if (found < 0) {
            return Answer.UNKNOWN;
        }
        long entry = timeline.get(found);
        return told(entry, Truth.of((Timeline.what(entry) == 1) != negated), atMillis);
    }

    Answer told(long entry, Truth truth, long atMillis) {
        return new Answer(truth, atMillis - Timeline.millis(entry), name(entry));
    }

    Answer told(History.Told one, Truth truth, long atMillis) {
        return new Answer(truth, atMillis - one.millis(), sources.get(one.source()).name);
    }

    String name(long entry) {
        return sources.get(Timeline.source(entry)).name;
    }
}
