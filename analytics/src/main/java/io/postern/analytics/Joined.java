package io.postern.analytics;

import io.postern.analytics.Tracked.Stream;
import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.Protocol;
import io.postern.analytics.instrument.Cadence;
import io.postern.analytics.instrument.Presence;
import io.postern.analytics.instrument.Sizes;
import io.postern.analytics.state.Spans;

/** What two have seen of one app and one destination, into the first of them. What both counted counts once. */
final class Joined {

    private static final Stream[] STREAMS = Stream.values();
    private static final Stream[] QUIET = {Stream.QUIET_CONNECTS, Stream.QUIET_EXCHANGES};
    private static final Truth[] TRUTHS = Truth.values();

    /**
     * Check-ins of some days that tell a rhythm by themselves: of an instrument nothing can be taken back, so that what was not unseen
     * is left out by what the last days alone say.
     */
    private static final int ENOUGH = 6;

    private Joined() {}

    /** All of it. */
    static void both(Tracked mine, Tracked theirs) {
        long[] words = mine.words;
        int at = mine.at;
        long[] others = theirs.words;
        int from = theirs.at;
        words[at + Tracked.SEEN] = words[at + Tracked.SEEN] == 0
                ? others[from + Tracked.SEEN]
                : Spans.joined(words[at + Tracked.SEEN], others[from + Tracked.SEEN]);
        Presence.join(words, at + Tracked.PRESENCE, others, from + Tracked.PRESENCE);
        for (Stream stream : STREAMS) {
            Cadence.join(words, at + stream.at, others, from + stream.at);
        }
        Sizes.join(words, at + Tracked.SIZES, others, from + Tracked.SIZES);
        words[at + Tracked.COUNTS] = most(words[at + Tracked.COUNTS], others[from + Tracked.COUNTS]);
        flags(mine, theirs);
        for (int i = 0; i < Tracked.MEMORIES; i++) {
            if (mine.memory(i) == 0) {
                mine.remember(i, theirs.memory(i));
            }
        }
    }

    private static void flags(Tracked mine, Tracked theirs) {
        if (mine.port() == 0) {
            mine.speaks(Protocol.UNKNOWN, theirs.port());
        }
        if (mine.protocol() == Protocol.UNKNOWN) {
            mine.speaks(theirs.protocol(), mine.port());
        }
        mine.marks(theirs.shape(), theirs.fresh(), theirs.unusual());
        mine.ofDomain(Math.max(mine.domainLetters(), theirs.domainLetters()));
        mine.words[mine.at + 1] |= theirs.words[theirs.at + 1] & (Tracked.HELD | Tracked.CAME_BACK);
    }

    private static long most(long one, long other) {
        long joined = 0;
        for (int i = 0; i < 4; i++) {
            joined |= (long) Math.max(Tracked.count(one, i), Tracked.count(other, i)) << (16 * i);
        }
        return joined;
    }

    /** What check-ins are by facts that came late, and were not: counted by the difference, however many others there are. */
    static void retold(Tracked mine, Tracked theirs, Retold.Change change) {
        for (int i = 0; i < change.gained.length; i++) {
            for (int left = change.gained[i]; left > 0; left--) {
                mine.preceded(1 << i);
            }
        }
        for (Truth before : TRUTHS) {
            for (Truth now : TRUTHS) {
                for (int left = change.count(before, now); left > 0 && mine.count(before) > 0; left--) {
                    mine.recounted(before, now);
                }
            }
        }
        boolean takenBack = change.count(Truth.TRUE, Truth.FALSE) + change.count(Truth.TRUE, Truth.UNKNOWN) > 0;
        boolean ofThese = mine.firstMillis() >= theirs.firstMillis();
        for (Stream stream : QUIET) {
            boolean told = theirs.checkIns(stream) >= ENOUGH;
            if (ofThese || (takenBack && told)) {
                Cadence.take(mine.words, mine.at + stream.at, theirs.words, theirs.at + stream.at);
            } else {
                Cadence.join(mine.words, mine.at + stream.at, theirs.words, theirs.at + stream.at);
            }
        }
    }
}
