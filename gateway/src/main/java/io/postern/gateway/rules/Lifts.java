package io.postern.gateway.rules;

import io.postern.config.policy.Policy.Exemption;
import io.postern.config.policy.Policy.When;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The exceptions to one rule, in the order of the policy. */
final class Lifts {

    static final Lifts NONE = new Lifts(List.of());

    private final List<Exemption> exemptions;
    private final List<Conditions> conditions;
    private final ConditionIndex index;
    private final MayHold mayHold;
    /** For each exception the second of the clock from which on it does not stand: they end with their day, UTC. */
    private final long[] ends;

    Lifts(List<Exemption> exemptions) {
        this.exemptions = List.copyOf(exemptions);
        this.conditions = exemptions.stream().map(Lifts::conditions).toList();
        List<When> scopes = exemptions.stream().map(Exemption::scope).toList();
        this.index = new ConditionIndex(scopes);
        this.mayHold = new MayHold(scopes, Map.of());
        this.ends = exemptions.stream().mapToLong(Lifts::end).toArray();
    }

    static Conditions conditions(Exemption exemption) {
        return new Conditions(exemption.scope(), true, Map.of());
    }

    private static long end(Exemption exemption) {
        return TimeUnit.DAYS.toSeconds(exemption.until().toEpochDay() + 1);
    }

    /** The first that excuses. */
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
        OptionalInt first = mayHold.first(asked, number -> stands(number, asked));
        return first.isPresent() ? Optional.of(exemptions.get(first.getAsInt())) : Optional.empty();
    }

    /** Whether one stands that may be for whoever asks, whatever else it asks for. */
    boolean mayExcuse(Asked asked) {
        for (int number = 0; number < ends.length; number++) {
            Set<String> apps = exemptions.get(number).scope().apps();
            boolean theirs = apps.isEmpty()
                    || !asked.question().oneApp()
                    || apps.contains(asked.question().tag().app());
            if (theirs && stands(number, asked)) {
                return true;
            }
        }
        return false;
    }

    private boolean stands(int number, Asked asked) {
        return asked.now().getEpochSecond() < ends[number];
    }

    private final class First implements Consumer<int[]> {
        private final Asked asked;
        private int found = exemptions.size();

        First(Asked asked) {
            this.asked = asked;
        }

        @Override
        public void accept(int[] bucket) {
            for (int number : bucket) {
                if (number < found
                        && stands(number, asked)
                        && conditions.get(number).hold(asked)) {
                    found = number;
                }
            }
        }
    }
}
