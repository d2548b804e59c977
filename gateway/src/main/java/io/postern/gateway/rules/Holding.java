package io.postern.gateway.rules;

import io.postern.analytics.Verdict.Action;
import io.postern.config.policy.NameList;
import io.postern.config.policy.Policy.Rule;
import io.postern.config.policy.Policy.When;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Which rules hold? Rules whose conditions are the same are asked once. */
final class Holding {

    private static final int[] NOBODY = {};

    private final ConditionIndex index;
    private final List<Conditions> conditions;
    /** For each conditions the rules that have them. */
    private final List<int[]> sharing;

    /** What holds or not at once for all rules that share it. */
    private record Shared(When when, boolean excuses) {}

    /** @param rules known from here on by their places in this list */
    Holding(List<Rule> rules, Map<String, NameList> lists) {
        Map<Shared, List<Integer>> distinct = new LinkedHashMap<>();
        for (int number = 0; number < rules.size(); number++) {
            Rule rule = rules.get(number);
            Shared shared = new Shared(rule.when(), excuses(rule));
            distinct.computeIfAbsent(shared, some -> new ArrayList<>(1)).add(number);
        }
        index = new ConditionIndex(distinct.keySet().stream().map(Shared::when).toList());
        conditions = distinct.keySet().stream()
                .map(shared -> new Conditions(shared.when, shared.excuses, lists))
                .toList();
        sharing = distinct.values().stream()
                .map(numbers -> numbers.stream().mapToInt(Integer::intValue).toArray())
                .toList();
    }

    static boolean excuses(Rule rule) {
        return rule.effect().action() == Action.ALLOW;
    }

    /** In their order, each once. */
    int[] to(Asked asked) {
        Found found = new Found(asked);
        index.forEach(asked, found);
        return found.inOrder();
    }

    private final class Found implements Consumer<int[]> {
        private final Asked asked;
        private int[] rules = NOBODY;
        private int count;

        Found(Asked asked) {
            this.asked = asked;
        }

        @Override
        public void accept(int[] bucket) {
            for (int number : bucket) {
                if (conditions.get(number).hold(asked)) {
                    add(sharing.get(number));
                }
            }
        }

        private void add(int[] more) {
            if (rules.length < count + more.length) {
                rules = Arrays.copyOf(rules, Math.max(2 * count, count + more.length));
            }
            System.arraycopy(more, 0, rules, count, more.length);
            count += more.length;
        }

        int[] inOrder() {
            return count < 2
                    ? rules
                    : Arrays.stream(rules, 0, count).sorted().distinct().toArray();
        }
    }
}
