package io.postern.gateway.rules;

import io.postern.config.policy.Policy.PortRange;
import io.postern.config.policy.Policy.When;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
            int ports = 0;
            for (PortRange range : ranges) {
                ports += range.last() - range.first() + 1;
            }
            if (ports == 0 || ports > MAX_PORTS) {
                return Set.of();
            }
            Set<Integer> numbers = new HashSet<>();
            for (PortRange range : ranges) {
                for (int port = range.first(); port <= range.last(); port++) {
                    numbers.add(port);
                }
            }
            return numbers;
        }
    }

    /** Of one part: who is filed under each key. */
    private static final class Drawer {
        private final Part part;
        private final Map<Object, Integer> crowd = new HashMap<>();
        private final Map<Object, List<Integer>> buckets = new HashMap<>();

        Drawer(Part part) {
            this.part = part;
        }

        void count(When when) {
            for (Object key : part.keys(when)) {
                crowd.merge(key, 1, Integer::sum);
            }
        }

        /** How many ask for the one of these keys that most ask for; the most there can be when there is no key. */
        int fullest(Collection<?> keys) {
            int fullest = keys.isEmpty() ? Integer.MAX_VALUE : 0;
            for (Object key : keys) {
                fullest = Math.max(fullest, crowd.getOrDefault(key, 0));
            }
            return fullest;
        }

        /** A list may have a key twice. */
        void file(Collection<?> keys, int number) {
            for (Object key : keys) {
                List<Integer> bucket = buckets.computeIfAbsent(key, some -> new ArrayList<>(1));
                if (bucket.isEmpty() || bucket.get(bucket.size() - 1) != number) {
                    bucket.add(number);
                }
            }
        }
    }

    private final Map<Part, Drawer> drawers = new EnumMap<>(Part.class);
    private final List<Integer> every = new ArrayList<>();

    /** @param conditions known from here on by their places in this list */
    Filing(List<When> conditions) {
        for (Part part : Part.values()) {
            Drawer drawer = new Drawer(part);
            if (conditions.size() > FEW) {
                conditions.forEach(drawer::count);
            }
            drawers.put(part, drawer);
        }
        for (int number = 0; number < conditions.size(); number++) {
            file(number, conditions.get(number), conditions.size() <= FEW ? List.of() : drawers.values());
        }
    }

    private void file(int number, When when, Collection<Drawer> into) {
        int least = Integer.MAX_VALUE;
        @Nullable Drawer emptiest = null;
        for (Drawer drawer : into) {
            int fullest = drawer.fullest(drawer.part.keys(when));
            if (fullest < least) {
                least = fullest;
                emptiest = drawer;
            }
        }
        if (emptiest == null) {
            every.add(number);
        } else {
            emptiest.file(emptiest.part.keys(when), number);
        }
    }

    /** Those that any question may meet. */
    int[] every() {
        return numbers(every);
    }

    /** Those that only a question with this key may meet, in order. */
    Map<Object, int[]> under(Part part) {
        @Nullable Drawer drawer = drawers.get(part);
        Map<Object, int[]> under = new HashMap<>();
        if (drawer != null) {
            drawer.buckets.forEach((key, numbers) -> under.put(key, numbers(numbers)));
        }
        return under;
    }

    private static int[] numbers(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }
}
