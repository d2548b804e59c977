package io.postern.gateway.rules;

import io.postern.config.policy.Policy.Exemption;
import io.postern.config.policy.Policy.When;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The exceptions to one rule, in the order of the policy. */
final class Lifts {

    static final Lifts NONE = new Lifts(List.of());

    private final List<Exemption> exemptions;
    private final List<Conditions> conditions;
    private final ConditionIndex index;

    Lifts(List<Exemption> exemptions) {
        List<When> scopes = exemptions.stream().map(Lifts::scope).toList();
        this.exemptions = List.copyOf(exemptions);
        this.conditions = scopes.stream().map(Conditions::excusing).toList();
        this.index = new ConditionIndex(scopes);
    }

    static When scope(Exemption exemption) {
        return new When(
                exemption.apps(),
                Set.of(),
                Set.of(),
                Set.of(),
                Optional.empty(),
                Set.of(),
                exemption.destinations(),
                exemption.protocols(),
                exemption.ports(),
                Optional.empty(),
                Optional.empty());
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
