package io.postern.analytics;

import io.postern.analytics.Tracked.Precedent;
import io.postern.analytics.Tracked.Stream;
import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.DeviceContext;
import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.state.Recent;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What was told of a device after the check-ins that it speaks of, and how it is put beside them: beside those of the last hours at
 * once, beside older ones by telling their flows again.
 *
 * <pre>
 * keepBefore → told, late → again → its flows → settle
 * </pre>
 */
public final class LateFacts {

    private final DeviceState state;
    private final Recent recent;
    private long toldSince = Long.MAX_VALUE;
    private long settledMillis;

    /** What is known but for what was told late since {@link #keepBefore}, and of check-ins before which time. */
    private @Nullable DeviceContext before;

    private long beforeUntil;
    /** Something was told late that the last {@link #again} did not know. */
    private boolean more;

    private @Nullable Retold settling;

    /** Whose check-in was put beside facts last: those of an app come one after another. */
    private AppTag whose = AppTag.UNATTRIBUTED;

    LateFacts(DeviceState state, Recent recent) {
        this.state = state;
        this.recent = recent;
    }

    void told(ContextEvent event) {
        // A heartbeat tells of what was not told; of one that comes at once nothing has been judged by it.
        if (event.batched() || !(event.said() instanceof ContextEvent.Heartbeat)) {
            toldSince = Math.min(toldSince, event.timeMillis());
        }
        if (before != null && event.timeMillis() >= beforeUntil) {
            before.tell(event);
        } else {
            more = true;
        }
    }

    /** Whether anything is kept until {@link #settle} or the next {@link #again}. */
    boolean waits() {
        return before != null || awaitsSettling();
    }

    /** Whether something was told that {@link #settle} has not put beside check-ins, be it of a time that is still to come. */
    public boolean awaitsSettling() {
        return toldSince != Long.MAX_VALUE;
    }

    /** Whether something was told of a time of which check-ins are already known. */
    public boolean unsettled() {
        return toldSince <= state.reachedMillis();
    }

    /** While {@link #settle} tells: when the check-in was that came soon after what was told late; 0 if it came after nothing. */
    public long settledMillis() {
        return settledMillis;
    }

    /**
     * Puts what was told late beside the check-ins of the last hours ({@link Recent}): what they came soon after, and whether
     * they were in the background.
     *
     * @param changed each of those whose key now says something else
     */
    public void settle(Consumer<Tracked> changed) {
        if (!unsettled()) {
            return;
        }
        int from = recent.from(toldSince);
        toldSince = Long.MAX_VALUE;
        for (int i = from; i < recent.size(); i++) {
            int slot = recent.slot(i);
            if (state.keys.holds(slot, recent.hash(i)) && settle(i, state.aside.look(slot))) {
                changed.accept(state.tracked.look(slot));
            }
        }
    }

    private boolean settle(int number, Tracked one) {
        AppTag tag = tag(one);
        long at = recent.timeMillis(number);
        int marks = state.precedents(state.context(), tag, at);
        Truth quiet = state.context().quiet(tag, at);
        Truth was = recent.quiet(number);
        int gained = marks & ~recent.marks(number);
        if (gained == 0 && quiet == was) {
            return false;
        }
        settledMillis = gained == 0 ? 0 : at;
        one.preceded(gained);
        if (quiet != was) {
            one.recounted(was, quiet);
            if (quiet == Truth.TRUE) {
                one.checkIn(recent.exchange(number) ? Stream.QUIET_EXCHANGES : Stream.QUIET_CONNECTS, at);
            }
        }
        recent.now(number, marks | recent.marks(number), quiet);
        return true;
    }

    private AppTag tag(Tracked one) {
        if (!whose.app().equals(one.app()) || !whose.profile().equals(one.profile())) {
            whose = new AppTag(AppTag.NOBODY, one.profile(), one.app(), DeviceAssurance.NONE, AppAssurance.NONE);
        }
        return whose;
    }

    /**
     * What is known now is remembered beside what will be, so that flows can be judged again by the difference; some kilobytes until
     * {@link #settle(Retold, ObjLongConsumer)}. To be called before something is told late. Check-ins of the last hours are settled
     * already by then, and so are not among those.
     */
    public void keepBefore() {
        if (before == null) {
            before = copy(state.context());
            beforeUntil = recent.size() > 0 ? recent.timeMillis(0) : state.reachedMillis() + 1;
        }
    }

    private DeviceContext copy(DeviceContext of) {
        DeviceContext copy = new DeviceContext(state.limits.context());
        copy.join(of);
        return copy;
    }

    /** To be told of the device's flows, with what is known now; empty unless {@link #keepBefore} was called. */
    public Optional<Retold> again() {
        if (before == null) {
            return Optional.empty();
        }
        more = false;
        return Optional.of(new Retold(state.limits, copy(state.context()), copy(before), beforeUntil));
    }

    /**
     * The same as {@link #settle(Consumer)} for older check-ins.
     *
     * @param again of this state, told of those flows
     * @param changed each key that now says something else, and the times to judge it at, in order
     */
    public void settle(Retold again, ObjLongConsumer<Tracked> changed) {
        if (before != null && more) {
            before.join(again.state().context());
        } else {
            before = null;
        }
        settling = again;
        try {
            for (Retold.Change change : again.changes()) {
                settle(again, change, changed);
            }
        } finally {
            settling = null;
        }
    }

    private void settle(Retold again, Retold.Change change, ObjLongConsumer<Tracked> changed) {
        Optional<Tracked> mine = state.find(change.profile, change.app, change.destination);
        if (mine.isPresent()) {
            again.find(change).ifPresent(theirs -> Joined.retold(mine.get(), theirs, change));
            for (long at : change.times()) {
                state.find(change.profile, change.app, change.destination).ifPresent(seen -> changed.accept(seen, at));
            }
        }
    }

    /** While {@link #settle(Retold, ObjLongConsumer)} tells: who remembers what was sent at that time; null: the state itself. */
    @Nullable
    DeviceState past(long atMillis) {
        return settling != null && settling.covers(atMillis) ? settling.state() : null;
    }

    static int marks(DeviceContext context, AppTag tag, long windowMillis, long atMillis) {
        int marks = 0;
        // By number: no iterator.
        for (int i = 0; i < Precedent.ALL.size(); i++) {
            Precedent one = Precedent.ALL.get(i);
            if (context.happened(tag, one.kind(), windowMillis, atMillis)) {
                marks |= one.mark();
            }
        }
        return marks;
    }
}
