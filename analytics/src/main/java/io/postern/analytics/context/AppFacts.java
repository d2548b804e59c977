package io.postern.analytics.context;

import java.util.List;

/** What was told of one app of one profile. */
final class AppFacts {

    final Timeline foreground;
    final Timeline events;
    final History inventory;
    long lastMillis;

    /** Sources that tell of it, by their numbers, a bit each. */
    int tellers;

    AppFacts(ContextLimits limits) {
        foreground = new Timeline(limits.transitions());
        events = new Timeline(limits.events());
        inventory = new History(Math.min(8, limits.transitions()));
    }

    long dropped() {
        return (long) foreground.dropped() + events.dropped() + inventory.dropped();
    }

    void join(AppFacts other, int[] numbers, List<Source> sources) {
        foreground.join(other.foreground, numbers);
        events.join(other.events, numbers);
        inventory.join(other.inventory, numbers, sources);
        lastMillis = Math.max(lastMillis, other.lastMillis);
        for (int i = 0; i < numbers.length; i++) {
            if ((other.tellers >> i & 1) == 1 && numbers[i] >= 0) {
                tellers |= 1 << numbers[i];
            }
        }
    }
}
