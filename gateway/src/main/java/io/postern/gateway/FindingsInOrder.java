package io.postern.gateway;

import io.postern.analytics.finding.Kept;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Tells how findings stand from a list of them on, and of nothing twice or in another order: what is heard while the list is
 * made waits until the list was told, and what the list knew already is left out. Thread-safe.
 */
final class FindingsInOrder {

    private final Consumer<Kept> who;
    private final List<Kept> waiting = new ArrayList<>();
    private boolean listed;

    FindingsInOrder(Consumer<Kept> who) {
        this.who = who;
    }

    synchronized void heard(Kept kept) {
        if (listed) {
            who.accept(kept);
        } else {
            waiting.add(kept);
        }
    }

    /** @param all oldest first, listed after the first was heard */
    synchronized void listed(List<Kept> all) {
        Map<String, Long> versions = new HashMap<>();
        all.forEach(kept -> {
            versions.put(kept.uid(), kept.version());
            who.accept(kept);
        });
        waiting.stream()
                .filter(kept -> kept.version() > versions.getOrDefault(kept.uid(), Long.MIN_VALUE))
                .forEach(who);
        waiting.clear();
        listed = true;
    }
}
