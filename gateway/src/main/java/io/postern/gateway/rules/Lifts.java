package io.postern.gateway.rules;

import io.postern.config.policy.Policy.Exemption;
import io.postern.config.policy.Policy.When;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** The exceptions to one rule, in the order of the policy. */
final class Lifts {

    static final Lifts NONE = new Lifts(List.of());

    private final List<Exemption> exemptions;
    private final List<Conditions> conditions;
    private final ConditionIndex index;
    private final MayHold mayHold;

    Lifts(List<Exemption> exemptions) {
        this.exemptions = List.copyOf(exemptions);
        this.conditions = exemptions.stream().map(Lifts::conditions).toList();
        List<When> scopes = exemptions.stream().map(Exemption::scope).toList();
        this.index = new ConditionIndex(scopes);
        this.mayHold = new MayHold(scopes, Map.of());
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

    /** The first that may excuse once more is known. */
    Optional<Exemption> firstYet(Asked asked) {
        LocalDate today = today(asked);
        OptionalInt first = mayHold.first(asked, number -> stands(number, today));
        return first.isPresent() ? Optional.of(exemptions.get(first.getAsInt())) : Optional.empty();
    }

    private static LocalDate today(Asked asked) {
        return LocalDate.ofInstant(asked.now(), ZoneOffset.UTC);
    }

    private boolean stands(int number, LocalDate today) {
        return !today.isAfter(exemptions.get(number).until());
    }

    private final class First implements Consumer<int[]> {
        private final Asked asked;
        private final LocalDate today;
        private int found = exemptions.size();

        First(Asked asked) {
            this.asked = asked;
            this.today = today(asked);
        }

        @Override
        public void accept(int[] bucket) {
            for (int number : bucket) {
                if (number < found
                        && stands(number, today)
                        && conditions.get(number).hold(asked)) {
                    found = number;
                }
            }
        }
    }
}
