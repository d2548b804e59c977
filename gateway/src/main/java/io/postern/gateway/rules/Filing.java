package io.postern.gateway.rules;

import io.postern.config.policy.Policy.PortRange;
import io.postern.config.policy.Policy.When;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Files each of many conditions under one of its parts: first counts who asks for what, then takes for each the part
 * whose fullest bucket is the emptiest.
 */
final class Filing {

    /** So few are asked one by one: looking into buckets would cost as much. */
    private static final int FEW = 4;

    /** What names more ports than this is not filed by them. */
    private static final int MAX_PORTS = 256;

    /** What a question can be looked up by; of equally crowded parts the first is taken. */
    enum Part {
        DESTINATION,
        APP,
        PORT,
        GROUP,
        ROLE,
        SERVICE_CLASS,
        CATEGORY,
        PROFILE,
        PROTOCOL;

        /** The alternatives of this part; none when it is not asked, or no good to file by. */
        private Collection<?> keys(When when) {
            return switch (this) {
                case DESTINATION -> when.destinations();
                case APP -> when.apps();
                case PORT -> numbers(when.ports());
                case GROUP -> when.groups();
                case ROLE -> when.roles();
                case SERVICE_CLASS -> when.serviceClasses();
                case CATEGORY -> when.categories();
                case PROFILE -> when.profiles();
                case PROTOCOL -> when.protocols();
            };
        }

        private static Set<Integer> numbers(Set<PortRange> ranges) {
            int ports = ranges.stream()
                    .mapToInt(range -> range.last() - range.first() + 1)
                    .sum();
            return ports > MAX_PORTS
                    ? Set.of()
                    : ranges.stream()
                            .flatMap(range -> IntStream.rangeClosed(range.first(), range.last())
                                    .boxed())
                            .collect(Collectors.toUnmodifiableSet());
        }
    }

    private final Map<Part, Map<Object, List<Integer>>> buckets = new EnumMap<>(Part.class);
    private final List<Integer> every = new ArrayList<>();

    /** @param conditions known from here on by their places in this list */
    Filing(List<When> conditions) {
        Map<Part, Map<Object, Integer>> crowds = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            Map<Object, Integer> crowd = new HashMap<>();
            conditions.forEach(when -> part.keys(when).forEach(key -> crowd.merge(key, 1, Integer::sum)));
            crowds.put(part, crowd);
            buckets.put(part, new HashMap<>());
        }
        for (int number = 0; number < conditions.size(); number++) {
            file(number, conditions.get(number), conditions.size() <= FEW ? Map.of() : crowds);
        }
    }

    private void file(int number, When when, Map<Part, Map<Object, Integer>> crowds) {
        int least = Integer.MAX_VALUE;
        Collection<?> keys = Set.of();
        Map<Object, List<Integer>> drawer = Map.of();
        for (Map.Entry<Part, Map<Object, Integer>> crowd : crowds.entrySet()) {
            Collection<?> offered = crowd.getKey().keys(when);
            int fullest = offered.stream()
                    .mapToInt(key -> crowd.getValue().getOrDefault(key, 0))
                    .max()
                    .orElse(Integer.MAX_VALUE);
            if (fullest < least) {
                least = fullest;
                keys = offered;
                drawer = buckets.getOrDefault(crowd.getKey(), Map.of());
            }
        }
        if (keys.isEmpty()) {
            every.add(number);
        }
        for (Object key : Set.copyOf(keys)) {
            drawer.computeIfAbsent(key, some -> new ArrayList<>(1)).add(number);
        }
    }

    /** Those that any question may meet. */
    int[] every() {
        return numbers(every);
    }

    /** Those that only a question with this key may meet, in order. */
    Map<Object, int[]> under(Part part) {
        return buckets.getOrDefault(part, Map.of()).entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> numbers(entry.getValue())));
    }

    private static int[] numbers(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }
}
