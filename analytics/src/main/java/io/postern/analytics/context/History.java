package io.postern.analytics.context;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was told of something that changes seldom (an app's entry in the inventory, the device's health), in order of time
 * whatever the order of telling.
 */
final class History {

    /** One thing told. */
    record Told(long millis, int source, ContextEvent.Said said) {}

    private final int most;
    private final List<Told> told = new ArrayList<>(2);
    private int dropped;

    History(int most) {
        this.most = most;
    }

    /** What says the same as the one before is not kept twice, as long as its source lived through. */
    boolean add(Told one, List<Source> sources) {
        int where = after(one.millis());
        if (where > 0) {
            Told before = told.get(where - 1);
            if (before.source() == one.source()
                    && before.said().equals(one.said())
                    && sources.get(one.source()).livedThrough(before.millis(), one.millis())) {
                return false;
            }
        }
        if (told.size() == most) {
            dropped++;
            if (where == 0) {
                return false;
            }
            told.remove(0);
            where--;
        }
        told.add(where, one);
        return true;
    }

    /** The last by that time that is believed: of a source that tells at once before one that tells in batches. */
    @Nullable
    Told at(long millis, List<Source> sources) {
        @Nullable Told batched = null;
        for (int i = after(millis) - 1; i >= 0; i--) {
            Told one = told.get(i);
            Source source = sources.get(one.source());
            if (source.livedThrough(one.millis(), millis)) {
                if (!source.batched) {
                    return one;
                }
                batched = batched == null ? one : batched;
            }
        }
        return batched;
    }

    List<Told> told() {
        return told;
    }

    int dropped() {
        return dropped;
    }

    private int after(long millis) {
        int i = told.size();
        while (i > 0 && told.get(i - 1).millis() > millis) {
            i--;
        }
        return i;
    }

    void join(History other, int[] numbers, List<Source> sources) {
        for (Told one : other.told) {
            if (numbers[one.source()] >= 0) {
                add(new Told(one.millis(), numbers[one.source()], one.said()), sources);
            }
        }
        dropped = Math.max(dropped, other.dropped);
    }
}
