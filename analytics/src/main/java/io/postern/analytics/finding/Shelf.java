package io.postern.analytics.finding;

import io.postern.analytics.detect.Finding;
import io.postern.analytics.flow.AppKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Findings by their number, and found by uid and by what they are about; what was changed is remembered until it is stored. */
final class Shelf {

    /** When it is full this share goes at once: looking for the oldest takes a turn of all. */
    private static final int SHARE = 64;

    private static final Comparator<Kept> LEAST = Comparator.comparing(
                    (Kept kept) -> kept.status().stands())
            .thenComparing(Kept::live)
            .thenComparing(kept -> kept.live() ? kept.finding().severity() : Finding.Severity.LOW)
            .thenComparing(kept ->
                    kept.live() ? kept.times().wordMillis() : kept.times().closedMillis());

    private final int most;
    private final NavigableMap<Long, Kept> byNumber = new TreeMap<>(Comparator.reverseOrder());
    private final Map<String, Long> byUid = new HashMap<>();

    /** The newest about each. */
    private final Map<About, Long> newest = new HashMap<>();

    private final Set<String> changed = new HashSet<>();
    private long evicted;

    Shelf(int most) {
        this.most = most;
    }

    /** What a finding is about: the same twice is one finding. */
    private record About(AppKey key, String destination, String analytic) {
        static About of(Finding finding) {
            return new About(finding.key(), finding.destination(), finding.analytic());
        }
    }

    Optional<Kept> find(String uid) {
        return Optional.ofNullable(byUid.get(uid)).map(byNumber::get);
    }

    /** The newest of this app, destination and analytic, open or closed. */
    Optional<Kept> newest(Finding about) {
        return Optional.ofNullable(newest.get(About.of(about))).map(byNumber::get);
    }

    Optional<Kept> newest(AppKey key, String destination, String analytic) {
        return Optional.ofNullable(newest.get(new About(key, destination, analytic)))
                .map(byNumber::get);
    }

    boolean has(String uid) {
        return byUid.containsKey(uid);
    }

    long nextNumber() {
        return byNumber.isEmpty() ? 1 : byNumber.firstKey() + 1;
    }

    /** @return what it takes the place of */
    @Nullable
    Kept put(Kept kept) {
        @Nullable Kept old = byNumber.put(kept.number(), kept);
        byUid.put(kept.uid(), kept.number());
        newest.merge(About.of(kept.finding()), kept.number(), Math::max);
        changed.add(kept.uid());
        return old;
    }

    void remove(Kept kept) {
        byNumber.remove(kept.number());
        byUid.remove(kept.uid());
        newest.remove(About.of(kept.finding()), kept.number());
        changed.add(kept.uid());
    }

    boolean over() {
        return byNumber.size() > most;
    }

    /**
     * Which should go: of the device that has most, so that none pushes out another's, what was closed longest ago; where all
     * are open the least serious, longest unheard of.
     */
    List<Kept> surplus(Kept but) {
        Map<String, Deque<Kept>> devices = new HashMap<>();
        byNumber.values().stream()
                .filter(kept -> kept.number() != but.number())
                .sorted(LEAST)
                .forEach(kept -> devices.computeIfAbsent(kept.finding().key().device(), device -> new ArrayDeque<>())
                        .add(kept));
        PriorityQueue<Deque<Kept>> fullest = new PriorityQueue<>(
                Comparator.<Deque<Kept>>comparingInt(Deque::size).reversed().thenComparing(Deque::element, LEAST));
        fullest.addAll(devices.values());
        List<Kept> gone = new ArrayList<>();
        for (int left = Math.max(1, most / SHARE); left > 0 && !fullest.isEmpty(); left--) {
            Deque<Kept> device = fullest.remove();
            gone.add(device.remove());
            if (!device.isEmpty()) {
                fullest.add(device);
            }
        }
        evicted += gone.size();
        return gone;
    }

    /** Newest first. */
    Collection<Kept> all() {
        return byNumber.values();
    }

    /** Newest first, older than this. */
    Stream<Kept> before(long number) {
        return byNumber.tailMap(number, false).values().stream();
    }

    int size() {
        return byNumber.size();
    }

    long evicted() {
        return evicted;
    }

    /** How they stand that have changed since this was asked last; those that are gone are empty. */
    Map<String, Optional<Kept>> takeChanged() {
        Map<String, Optional<Kept>> all = new HashMap<>();
        changed.forEach(uid -> all.put(uid, find(uid)));
        changed.clear();
        return all;
    }
}
