package io.postern.gateway.meters;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * A family of counters with one cell for every combination of its labels, all registered at once: a scrape shows zero
 * before the first event, and counting is an array index and an add.
 */
@SuppressWarnings("EnumOrdinal") // An index into cells of this process; nothing is stored or compared by it.
final class CounterGrid {
    private final LongAdder[] cells;
    private final int[] strides;
    private final List<Meter> meters = new ArrayList<>();

    CounterGrid(MeterRegistry registry, String name, String help, Tags fixed, Axis<?>... axes) {
        strides = strides(axes);
        cells = new LongAdder[axes.length == 0 ? 1 : strides[0] * axes[0].size()];
        for (int cell = 0; cell < cells.length; cell++) {
            LongAdder count = new LongAdder();
            cells[cell] = count;
            meters.add(HeldCounter.register(registry, name, help, fixed.and(tags(cell, axes)), count::sum));
        }
    }

    /** The only cell of a family without labels of its own. */
    void increment() {
        cells[0].increment();
    }

    void add(Enum<?> first, long amount) {
        cells[first.ordinal() * strides[0]].add(amount);
    }

    void increment(Enum<?> first, Enum<?> second) {
        cells[first.ordinal() * strides[0] + second.ordinal() * strides[1]].increment();
    }

    void increment(Enum<?> first, Enum<?> second, Enum<?> third) {
        cells[first.ordinal() * strides[0] + second.ordinal() * strides[1] + third.ordinal() * strides[2]].increment();
    }

    /** Takes the family's series off the scrape. */
    void remove(MeterRegistry registry) {
        meters.forEach(registry::remove);
    }

    private static int[] strides(Axis<?>... axes) {
        int[] strides = new int[axes.length];
        int stride = 1;
        for (int axis = axes.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= axes[axis].size();
        }
        return strides;
    }

    private Tags tags(int cell, Axis<?>... axes) {
        Tag[] tags = new Tag[axes.length];
        for (int axis = 0; axis < axes.length; axis++) {
            tags[axis] = axes[axis].tagAt(cell / strides[axis] % axes[axis].size());
        }
        return Tags.of(tags);
    }
}
