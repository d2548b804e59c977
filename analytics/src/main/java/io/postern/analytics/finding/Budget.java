package io.postern.analytics.finding;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** How analysts answered, by analytic. */
final class Budget {

    private final Map<String, Map<Conclusion, Integer>> counts = new TreeMap<>();

    void add(Kept kept, int some) {
        kept.review()
                .flatMap(Review::conclusion)
                .ifPresent(conclusion -> counts.computeIfAbsent(
                                kept.finding().analytic(), unused -> new EnumMap<>(Conclusion.class))
                        .merge(conclusion, some, Integer::sum));
    }

    /** The share of the answered findings of an analytic that should not have been made; 0 if none is answered. */
    double ratio(String analytic) {
        Map<Conclusion, Integer> of = counts.getOrDefault(analytic, Map.of());
        int all = of.values().stream().mapToInt(each -> each).sum();
        return all == 0 ? 0 : (double) of.getOrDefault(Conclusion.FALSE_POSITIVE, 0) / all;
    }

    /** How many are answered. */
    int answered(String analytic) {
        return counts.getOrDefault(analytic, Map.of()).values().stream()
                .mapToInt(each -> each)
                .sum();
    }
}
