package io.postern.gateway.coverage;

import io.postern.analytics.context.FactKind;
import java.util.concurrent.atomic.LongAdder;

/** Counts of flows of one span of time. Thread-safe. */
@SuppressWarnings("EnumOrdinal") // Indexes into cells of this process; nothing is stored or compared by them.
final class Tally {

    private static final int FACTS = FactKind.values().length;
    private static final int GAPS = Gap.values().length;
    private static final int SIGHTS = Sight.values().length;

    private final LongAdder flows = new LongAdder();
    private final LongAdder unheard = new LongAdder();
    private final LongAdder[] sights = cells(Need.values().length * SIGHTS);
    private final LongAdder[] gaps = cells(FACTS * GAPS);

    void flow() {
        flows.increment();
    }

    /** Detection was not told of one. */
    void unheard() {
        unheard.increment();
    }

    void sight(Need need, Sight sight) {
        sights[place(need, sight)].increment();
    }

    /** What was counted proves to be another. */
    void sight(Need need, Sight before, Sight now) {
        sights[place(need, before)].decrement();
        sights[place(need, now)].increment();
    }

    void gap(FactKind fact, Gap gap) {
        gaps[place(fact, gap)].increment();
    }

    long flows() {
        return flows.sum();
    }

    long unheardOf() {
        return unheard.sum();
    }

    long sights(Need need, Sight sight) {
        return sights[place(need, sight)].sum();
    }

    long gaps(FactKind fact, Gap gap) {
        return gaps[place(fact, gap)].sum();
    }

    void add(Tally other) {
        flows.add(other.flows());
        unheard.add(other.unheardOf());
        for (int i = 0; i < sights.length; i++) {
            sights[i].add(other.sights[i].sum());
        }
        for (int i = 0; i < gaps.length; i++) {
            gaps[i].add(other.gaps[i].sum());
        }
    }

    private static int place(Need need, Sight sight) {
        return need.ordinal() * SIGHTS + sight.ordinal();
    }

    private static int place(FactKind fact, Gap gap) {
        return fact.ordinal() * GAPS + gap.ordinal();
    }

    private static LongAdder[] cells(int count) {
        LongAdder[] cells = new LongAdder[count];
        for (int i = 0; i < count; i++) {
            cells[i] = new LongAdder();
        }
        return cells;
    }
}
