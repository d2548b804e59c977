package io.postern.analytics;

import io.postern.analytics.Tracked.Stream;
import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.state.Recent;
import java.util.function.Consumer;

/** What was told of a device after the check-ins that it speaks of, and how it is put beside them. */
final class LateFacts {

    private final DeviceState state;
    private long toldSince = Long.MAX_VALUE;
    private long settledMillis;

    LateFacts(DeviceState state) {
        this.state = state;
    }

    void told(ContextEvent event) {
        // A heartbeat tells of what was not told; of one that comes at once nothing has been judged by it.
        if (event.batched() || !(event.said() instanceof ContextEvent.Heartbeat)) {
            toldSince = Math.min(toldSince, event.timeMillis());
        }
    }

    /** The earliest time that something not settled was told of. */
    long toldSince() {
        return toldSince;
    }

    /** See {@link DeviceState#settledMillis}. */
    long settledMillis() {
        return settledMillis;
    }

    void settle(Recent recent, Tracked told, Tracked aside, Consumer<Tracked> changed) {
        int from = recent.from(toldSince);
        toldSince = Long.MAX_VALUE;
        for (int i = from; i < recent.size(); i++) {
            int slot = recent.slot(i);
            if (state.keys.holds(slot, recent.hash(i)) && settle(recent, i, aside.look(slot))) {
                changed.accept(told.look(slot));
            }
        }
    }

    private boolean settle(Recent recent, int number, Tracked one) {
        AppTag tag = new AppTag(AppTag.NOBODY, one.profile(), one.app(), DeviceAssurance.NONE, AppAssurance.NONE);
        long at = recent.timeMillis(number);
        int marks = state.precedents(tag, at);
        Truth quiet = state.context().quiet(tag, at);
        Truth before = recent.quiet(number);
        int more = marks & ~recent.marks(number);
        if (more == 0 && quiet == before) {
            return false;
        }
        settledMillis = more == 0 ? 0 : at;
        one.preceded(more);
        if (quiet != before) {
            one.recounted(before, quiet);
            if (quiet == Truth.TRUE) {
                one.checkIn(recent.exchange(number) ? Stream.QUIET_EXCHANGES : Stream.QUIET_CONNECTS, at);
            }
        }
        recent.now(number, marks | recent.marks(number), quiet);
        return true;
    }

    void settle(DeviceState again, Consumer<Tracked> changed) {
        settledMillis = 0;
        for (int slot = 0; slot < again.table.slots(); slot++) {
            if (again.table.inUse(slot)) {
                Tracked theirs = again.aside.look(slot);
                state.find(theirs.profile(), theirs.app(), theirs.destination())
                        .filter(mine -> mine.settle(theirs))
                        .ifPresent(changed);
            }
        }
    }
}
