package io.postern.gateway.rules;

import io.postern.config.policy.Policy.Exemption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The exceptions to one rule, in the order of the policy. */
final class Lifts {

    static final Lifts NONE = new Lifts(List.of());

    private final List<Exemption> exemptions;
    private final List<Conditions> conditions;
    private final ConditionIndex index;

    Lifts(List<Exemption> exemptions) {
        this.exemptions = List.copyOf(exemptions);
        this.conditions = exemptions.stream().map(Lifts::conditions).toList();
        this.index =
                new ConditionIndex(exemptions.stream().map(Exemption::scope).toList());
    }

    static Conditions conditions(Exemption exemption) {
        return new Conditions(exemption.scope(), true, Map.of());
    }

    /** The first that excuses; they end with their day, UTC. */
    Optional<Exemption> first(Asked asked) {
        if (exemptions.isEmpty()) {
            return Optional.empty();
        }
        First first = new First(asked);
        index.forEach(asked, first);
        return first.found == exemptions.size() ? Optional.empty() : Optional.of(exemptions.get(first.found));
    }

    private final class First implements Consumer<int[]> {
        private final Asked asked;
        private final LocalDate today;
        private int found = exemptions.size();

        First(Asked asked) {
            this.asked = asked;
            this.today = LocalDate.ofInstant(asked.now(), ZoneOffset.UTC);
        }

        @Override
        public void accept(int[] bucket) {
            for (int number : bucket) {
                if (number < found
                        && !today.isAfter(exemptions.get(number).until())
                        && conditions.get(number).hold(asked)) {
                    found = number;
                }
            }
        }
    }
}
