package io.postern.gateway.meters;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Counters by names that a policy brings, for example apps: at most {@code cap} of them, everything else together
 * under {@value #OTHER}, so no peer can add a label.
 *
 * <p>A reload keeps the counts of every name that stays. A name that goes keeps its series too until a new one needs
 * the room, because a series that vanishes and returns reads as a reset.
 */
final class NamedCounters {
    static final String OTHER = "other";

    private final MeterRegistry registry;
    private final String name;
    private final String help;
    private final String label;
    private final Axis<?>[] axes;
    private final int cap;
    private final List<String> always;
    private final CounterGrid others;

    /** Swapped whole and not changed after: counting reads one snapshot and takes no lock. */
    private volatile Map<String, CounterGrid> named = Map.of();

    /**
     * @param axes labels besides the name: none, or one
     * @param always names outside the cap, there from the start
     */
    NamedCounters(
            MeterRegistry registry,
            String name,
            String help,
            String label,
            List<Axis<?>> axes,
            int cap,
            List<String> always) {
        this.registry = registry;
        this.name = name;
        this.help = help;
        this.label = label;
        this.axes = axes.toArray(Axis<?>[]::new);
        this.cap = cap;
        this.always = List.copyOf(always);
        this.others = register(OTHER);
        rename(List.of());
    }

    void increment(String key) {
        at(key).increment();
    }

    void increment(String key, Enum<?> constant) {
        at(key).add(constant, 1);
    }

    /** From now on these names have counters of their own; if they are too many, the first in alphabetical order. */
    synchronized void rename(Collection<String> wanted) {
        Map<String, CounterGrid> old = named;
        Map<String, CounterGrid> next = new LinkedHashMap<>();
        always.forEach(key -> next.put(key, existing(old, key)));
        addWhileRoom(new TreeSet<>(wanted), old, next);
        addWhileRoom(old.keySet(), old, next);
        named = next;
        old.forEach((key, gone) -> {
            if (!next.containsKey(key)) {
                gone.remove(registry);
            }
        });
    }

    private CounterGrid at(String key) {
        return named.getOrDefault(key, others);
    }

    private void addWhileRoom(Collection<String> keys, Map<String, CounterGrid> old, Map<String, CounterGrid> next) {
        for (String key : keys) {
            if (next.size() == cap + always.size()) {
                return;
            }
            if (!key.equals(OTHER)) {
                next.computeIfAbsent(key, absent -> existing(old, absent));
            }
        }
    }

    private CounterGrid existing(Map<String, CounterGrid> old, String key) {
        CounterGrid kept = old.get(key);
        return kept != null ? kept : register(key);
    }

    private CounterGrid register(String key) {
        return new CounterGrid(registry, name, help, Tags.of(label, key), axes);
    }
}
