package io.postern.analytics.attack;

import io.postern.analytics.Tracked;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.flow.InClear;
import io.postern.analytics.flow.InClear.Naming;
import io.postern.analytics.flow.InClear.Payload;
import java.util.Optional;

/**
 * When a key is to be weighed again, in the two longs that a key leaves to detectors:
 *
 * <pre>
 * word 0: check-ins when it was last weighed (20) | knowledge then (12) | when to weigh next (20) | log2 of bytes up then (6) |
 *         the last push that it answered (5) | whether by an upload (1)
 * word 1: pushes that it answered within seconds (16) | service classes (20) | of the last flow that was weighed what could be read:
 *         naming (2), bytes of the uplink's sample (13), their bits to the thousandth (13)
 * </pre>
 */
final class Agenda {

    private static final int CHECK_INS_BITS = 20;
    private static final int VERSION_BITS = 12;
    private static final int LOG_BITS = 6;
    private static final int VERSION_SHIFT = CHECK_INS_BITS;
    private static final int NEXT_SHIFT = VERSION_SHIFT + VERSION_BITS;
    private static final int LOG_SHIFT = NEXT_SHIFT + CHECK_INS_BITS;
    private static final int PUSH_MARK_SHIFT = LOG_SHIFT + LOG_BITS;
    private static final int PUSH_MARK_BITS = 5;
    /** A push is known again by a part of its time, in units of about a second. */
    private static final int PUSH_MARK_UNIT = 10;

    private static final long UPLOADED = 1L << 63;
    private static final int PUSH_BITS = 16;
    private static final int CLASSES_BITS = 20;
    private static final int CLEAR_SHIFT = PUSH_BITS + CLASSES_BITS;
    private static final int NAMING_BITS = 2;
    private static final int SAMPLE_BITS = 13;
    private static final double THOUSANDTHS = 1_000;
    private static final Naming[] NAMINGS = Naming.values();

    private static final int SELDOM = 32;
    private static final int LONG_KNOWN = 200;
    private static final int LONG_KNOWN_STEP = 8;
    /** Uploads smaller than this are not worth a look of their own. */
    private static final int LEAST_LOG = 15;

    private static final long AFTER_PUSH_MILLIS = 10_000;
    private static final long PUSH_BYTES = 100;

    private Agenda() {}

    /**
     * Counts pushes that a check-in with little to say comes soon after: a connection, or an exchange in one that was there before.
     * Each push counts once; one that is answered by an upload does not.
     *
     * @param lastMillis when the device was last sent something
     * @return the same, after this event
     */
    static long pushes(long lastMillis, Tracked seen, FlowEvent event) {
        long at = event.atMillis();
        if (PushChannel.carries(event.flow())) {
            // A heartbeat is smaller.
            boolean push = event instanceof FlowEvent.Exchanged exchanged && exchanged.bytesIn() >= PUSH_BYTES;
            return push ? at : lastMillis;
        }
        if (at < lastMillis || at - lastMillis > AFTER_PUSH_MILLIS) {
            return lastMillis;
        }
        boolean little = !(event instanceof FlowEvent.Exchanged exchanged)
                || (exchanged.bytesOut() > 0 && exchanged.bytesOut() <= WebProtocols.SMALL);
        boolean upload = event instanceof FlowEvent.Exchanged exchanged && exchanged.bytesOut() > WebProtocols.SMALL;
        long mark = (lastMillis >>> PUSH_MARK_UNIT) & mask(PUSH_MARK_BITS);
        long word = seen.memory(0);
        boolean answered = ((word >>> PUSH_MARK_SHIFT) & mask(PUSH_MARK_BITS)) == mark;
        boolean uploaded = answered && (word & UPLOADED) != 0;
        int answers = afterPush(seen);
        if (little && !answered && answers < mask(PUSH_BITS)) {
            seen.remember(1, seen.memory(1) + 1);
        } else if (upload && answered && !uploaded && answers > 0) {
            seen.remember(1, seen.memory(1) - 1);
        }
        if (little || upload) {
            long marked = (word & mask(PUSH_MARK_SHIFT)) | (mark << PUSH_MARK_SHIFT);
            seen.remember(0, upload || uploaded ? marked | UPLOADED : marked);
        }
        return lastMillis;
    }

    static int afterPush(Tracked seen) {
        return (int) (seen.memory(1) & mask(PUSH_BITS));
    }

    /** Service classes of the destination, see {@link Classes}. */
    static int classes(Tracked seen) {
        return (int) ((seen.memory(1) >>> PUSH_BITS) & mask(CLASSES_BITS));
    }

    /** Those and the flow's, which are remembered. */
    static int classes(Tracked seen, Optional<Flow> flow) {
        int classes = classes(seen) | (flow.isPresent() ? Classes.of(flow.get().serviceClasses()) : 0);
        long word = (seen.memory(1) & ~(mask(CLASSES_BITS) << PUSH_BITS)) | ((long) classes << PUSH_BITS);
        seen.remember(
                1,
                flow.isPresent() ? (word & mask(CLEAR_SHIFT)) | read(flow.get().clear()) : word);
        return classes;
    }

    /** Written as a number: a constant put in between would change what has been written. */
    @SuppressWarnings("EnumOrdinal")
    private static long read(InClear clear) {
        Payload up = clear.up();
        boolean tells = up.measured() && !up.compressed();
        long bytes = tells ? Math.min(up.bytes(), mask(SAMPLE_BITS)) : 0;
        long bits = tells ? Math.min(Math.round(up.bits() * THOUSANDTHS), mask(SAMPLE_BITS)) : 0;
        return (clear.naming().ordinal() | bytes << NAMING_BITS | bits << (NAMING_BITS + SAMPLE_BITS)) << CLEAR_SHIFT;
    }

    /** What could be read of the last flow that was weighed, for one that is weighed late; of its downlink nothing is kept. */
    static InClear clear(Tracked seen) {
        long read = seen.memory(1) >>> CLEAR_SHIFT;
        if (read == 0) {
            return InClear.NOTHING;
        }
        int bytes = (int) ((read >>> NAMING_BITS) & mask(SAMPLE_BITS));
        double bits = (read >>> (NAMING_BITS + SAMPLE_BITS)) / THOUSANDTHS;
        Payload up = bytes == 0 ? Payload.NONE : new Payload(false, bytes, bits);
        return new InClear(up, Payload.NONE, NAMINGS[(int) (read & mask(NAMING_BITS))]);
    }

    /**
     * Whether there may be something new to weigh. Runs for every event.
     *
     * @param afterFact whether it came soon after a fact
     * @param knowledge version of it
     */
    static boolean due(Tracked seen, FlowEvent event, boolean afterFact, long knowledge) {
        long word = seen.memory(0);
        long count = Math.min(seen.checkIns(), mask(CHECK_INS_BITS));
        if (event instanceof FlowEvent.Learnt || afterFact) {
            return true;
        }
        if (event instanceof FlowEvent.Asked) {
            return false;
        }
        if (isNews(seen, knowledge)) {
            return true;
        }
        int log = log(seen.bytesOut());
        if (log > LEAST_LOG && log > ((word >>> LOG_SHIFT) & mask(LOG_BITS))) {
            return true;
        }
        return count >= ((word >>> NEXT_SHIFT) & mask(CHECK_INS_BITS)) && count != (word & mask(CHECK_INS_BITS));
    }

    /** Whether it has not been weighed by this knowledge yet. */
    static boolean isNews(Tracked seen, long knowledge) {
        return ((seen.memory(0) >>> VERSION_SHIFT) & mask(VERSION_BITS)) != (knowledge & mask(VERSION_BITS));
    }

    private static int log(long bytes) {
        return 64 - Long.numberOfLeadingZeros(bytes);
    }

    private static long mask(int bits) {
        return (1L << bits) - 1;
    }

    /** It has been weighed: again at the next check-in while it is interesting, else ever more seldom. */
    static void weighed(Tracked seen, long knowledge, boolean interesting) {
        long count = Math.min(seen.checkIns(), mask(CHECK_INS_BITS));
        long step = interesting ? 1 : Math.max(1, Math.min(SELDOM, count / 4));
        if (count > LONG_KNOWN && interesting) {
            step = LONG_KNOWN_STEP;
        }
        long next = Math.min(count + step, mask(CHECK_INS_BITS));
        long word = count
                | ((knowledge & mask(VERSION_BITS)) << VERSION_SHIFT)
                | (next << NEXT_SHIFT)
                | ((long) log(seen.bytesOut()) << LOG_SHIFT)
                | (seen.memory(0) & ~mask(PUSH_MARK_SHIFT));
        seen.remember(0, word);
    }
}
