package io.postern.analytics;

import io.postern.analytics.Tracked.Count;
import io.postern.analytics.Tracked.Precedent;
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

    /** See {@link Tracked#settle}. */
    static boolean states(Tracked mine, Tracked theirs) {
        boolean more = false;
        for (Precedent one : Precedent.values()) {
            for (int left = theirs.preceded(one) - mine.preceded(one); left > 0; left--) {
                mine.preceded(one.mark());
                more = true;
            }
        }
        for (int left = theirs.count(Count.QUIET) - mine.count(Count.QUIET); left > 0; left--) {
            mine.recounted(mine.count(Count.UNKNOWN_STATE) > 0 ? Truth.UNKNOWN : Truth.FALSE, Truth.TRUE);
            more = true;
        }
        for (int left = theirs.count(Count.IN_USE) - mine.count(Count.IN_USE); left > 0; left--) {
            if (mine.count(Count.UNKNOWN_STATE) > 0) {
                mine.recounted(Truth.UNKNOWN, Truth.FALSE);
                more = true;
            } else if (mine.count(Count.QUIET) > theirs.count(Count.QUIET)) {
                mine.recounted(Truth.TRUE, Truth.FALSE);
                more = true;
            }
        }
        if (more) {
            joined(Stream.QUIET_CONNECTS, mine, theirs);
            joined(Stream.QUIET_EXCHANGES, mine, theirs);
        }
        return more;
    }

    private static void joined(Stream stream, Tracked mine, Tracked theirs) {
        Cadence.join(mine.words, mine.at + stream.at, theirs.words, theirs.at + stream.at);
    }
}
