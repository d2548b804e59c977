package io.postern.gateway.inventory;

import io.postern.analytics.flow.AppKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Whose turn it is to go: of the device that has most apps, the one that was told of longest ago. Every step takes the same
 * time however many there are. Not for several threads.
 */
final class Turns {

    /** Of each device, told of longest ago first. */
    private final Map<String, Set<AppKey>> byDevice = new HashMap<>();

    /** Devices by how many apps they have; those of one app at 1. */
    private final List<Set<String>> bySize = new ArrayList<>();

    private final Supplier<Set<AppKey>> sets;

    Turns() {
        this(LinkedHashSet::new);
    }

    /** @param sets that keep the order in which they were added to */
    Turns(Supplier<Set<AppKey>> sets) {
        this.sets = sets;
        bySize.add(Set.of());
    }

    /** It was told of now. */
    void told(AppKey key) {
        Set<AppKey> ofDevice = byDevice.computeIfAbsent(key.device(), device -> sets.get());
        if (!ofDevice.remove(key)) {
            leave(key.device(), ofDevice.size());
            enter(key.device(), ofDevice.size() + 1);
        }
        ofDevice.add(key);
    }

    void gone(AppKey key) {
        Set<AppKey> ofDevice = byDevice.getOrDefault(key.device(), Set.of());
        if (ofDevice.contains(key)) {
            leave(key.device(), ofDevice.size());
            ofDevice.remove(key);
            enter(key.device(), ofDevice.size());
            if (ofDevice.isEmpty()) {
                byDevice.remove(key.device());
            }
        }
    }

    private void enter(String device, int size) {
        if (size == bySize.size()) {
            bySize.add(new LinkedHashSet<>());
        }
        if (size > 0) {
            bySize.get(size).add(device);
        }
    }

    private void leave(String device, int size) {
        if (size > 0) {
            bySize.get(size).remove(device);
        }
    }

    int of(String device) {
        return byDevice.getOrDefault(device, Set.of()).size();
    }

    /** The first of the device. */
    Optional<AppKey> first(String device) {
        Iterator<AppKey> all = byDevice.getOrDefault(device, Set.of()).iterator();
        return all.hasNext() ? Optional.of(all.next()) : Optional.empty();
    }

    /** The first of the device that has most. */
    Optional<AppKey> first() {
        // A device loses one at a time: what is empty at the end was just left for the one below.
        while (bySize.size() > 1 && bySize.get(bySize.size() - 1).isEmpty()) {
            bySize.remove(bySize.size() - 1);
        }
        Iterator<String> most = bySize.get(bySize.size() - 1).iterator();
        return most.hasNext() ? first(most.next()) : Optional.empty();
    }
}
