package io.postern.analytics;

import io.postern.analytics.Tracked.Precedent;
import io.postern.analytics.context.DeviceContext;
import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.instrument.Usual;
import io.postern.analytics.state.Sent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A device's flows of the last days told once more, in about their order: what each check-in was taken for before facts came late,
 * and what it is by them. Only the difference is kept, for as many keys as a device may have, with {@value #MOMENTS} times a key
 * at most; beside it what the device sent soon after facts. Not for several threads.
 *
 * <pre>
 * flow → a state of its own, which knows all → marks, unseen ┐
 *                what was known without the late → marks, unseen ┴ other than before: counted by key
 * </pre>
 */
public final class Retold {

    /** Times at which a key is to be judged again. */
    private static final int MOMENTS = 4;

    private static final int TRUTHS = 3;

    /** A time soon after a fact, and the bytes that had gone since the fact. */
    record Moment(long atMillis, long bytes) {}

    /** How one key's check-ins are taken otherwise than before. */
    static final class Change {
        final String profile;
        final String app;
        final String destination;
        /** By the bit of {@link Precedent#mark}. */
        final int[] gained = new int[Precedent.ALL.size()];

        final int[] recounted = new int[TRUTHS * TRUTHS];
        private final List<Moment> moments = new ArrayList<>(1);
        /** When one was last found to have been in another state. */
        private long otherMillis;

        private Change(Tracked seen) {
            profile = seen.profile();
            app = seen.app();
            destination = seen.destination();
        }

        /** When to judge again, in order. */
        List<Long> times() {
            if (moments.isEmpty()) {
                return List.of(otherMillis);
            }
            return moments.stream().map(Moment::atMillis).sorted().toList();
        }

        int count(Truth before, Truth now) {
            return recounted[code(before) * TRUTHS + code(now)];
        }

        private void counted(Truth before, Truth now, long at) {
            recounted[code(before) * TRUTHS + code(now)]++;
            otherMillis = Math.max(otherMillis, at);
        }

        /** What comes within a window after another is of the same doing. Of too many that stay by which most went. */
        private void at(long atMillis, long bytes, long window) {
            int last = moments.size() - 1;
            if (last >= 0 && atMillis - moments.get(last).atMillis <= window && bytes >= moments.get(last).bytes) {
                moments.remove(last);
            }
            moments.add(new Moment(atMillis, bytes));
            if (moments.size() > MOMENTS) {
                moments.remove(moments.stream()
                        .min(Comparator.comparingLong(Moment::bytes))
                        .orElseThrow());
            }
        }

        private static int code(Truth truth) {
            return switch (truth) {
                case TRUE -> 0;
                case FALSE -> 1;
                case UNKNOWN -> 2;
            };
        }
    }

    private final DeviceState state;
    private final DeviceContext before;
    private final long until;
    private final long windowMillis;
    private final int most;
    private final Map<Long, Change> changes = new LinkedHashMap<>();
    private long fromMillis = Long.MAX_VALUE;

    /**
     * @param known all that was told, to keep
     * @param before the same without what was told late, to keep
     * @param until what was from then on is as it is known already, ms Unix time
     */
    Retold(StateLimits limits, DeviceContext known, DeviceContext before, long until) {
        state = new DeviceState(limits, Usual.UNKNOWN, Sent.ofDays(), true);
        state.context = known;
        this.before = before;
        this.until = until;
        windowMillis = limits.window().toMillis();
        most = limits.keys();
    }

    /** Something happened to a flow of this device then. */
    public void observe(FlowEvent event) {
        Tracked seen = state.observe(event);
        long at = event.atMillis();
        fromMillis = Math.min(fromMillis, at);
        int marks = state.lastMarks();
        if (at >= until || (!state.lastCounted() && marks == 0)) {
            return;
        }
        AppTag tag = event.flow().tag();
        int more = marks & ~state.precedents(before, tag, at);
        Truth was = before.quiet(tag, at);
        Truth now = state.context().quiet(tag, at);
        boolean other = state.lastCounted() && was != now;
        if (more == 0 && !other) {
            return;
        }
        @Nullable Change change = change(seen);
        if (change == null) {
            return;
        }
        if (other) {
            change.counted(was, now, at);
        }
        if (more != 0) {
            for (int i = 0; i < change.gained.length; i++) {
                change.gained[i] += state.lastCounted() ? (more >>> i) & 1 : 0;
            }
            change.at(at, state.sent(seen, at - windowMillis, at), windowMillis);
        }
    }

    private @Nullable Change change(Tracked seen) {
        long key = ((long) state.table.hash(seen.slot()) << 32) | seen.slot();
        @Nullable Change known = changes.get(key);
        if (known == null && changes.size() < most) {
            known = new Change(seen);
            changes.put(key, known);
        }
        return known;
    }

    Iterable<Change> changes() {
        return changes.values();
    }

    /** The same key as it looks by these days alone. */
    Optional<Tracked> find(Change change) {
        return state.find(change.profile, change.app, change.destination);
    }

    DeviceState state() {
        return state;
    }

    boolean covers(long atMillis) {
        return atMillis < until;
    }

    /** Earliest time of any event, ms Unix time; {@link Long#MAX_VALUE} before there is one. */
    public long fromMillis() {
        return fromMillis;
    }
}
