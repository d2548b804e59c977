package io.postern.gateway.rules;

import io.postern.config.policy.NameList;
import io.postern.config.policy.Policy.When;
import io.postern.config.services.ServiceAddresses;
import io.postern.dns.names.DomainPattern;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Which of many conditions that let something pass may hold once more is known? What is not known yet, the address
 * before resolving and what is spoken before watching, is taken to be as they want it. Asked only where a flow would be
 * refused otherwise. Immutable.
 */
final class MayHold {

    private final Rest beforeResolving;
    private final Rest beforeWatching;

    /** @param conditions known from here on by their places in this list */
    MayHold(List<When> conditions, Map<String, NameList> lists) {
        beforeResolving = new Rest(conditions, when -> known(when, false, lists), lists);
        beforeWatching = new Rest(conditions, when -> known(when, true, lists), lists);
    }

    /** @param counts whether what has this number lets anything pass */
    OptionalInt first(Asked asked, IntPredicate counts) {
        Question question = asked.question();
        if (question.address().isEmpty()) {
            return beforeResolving.first(asked, counts);
        }
        return question.protocol().isEmpty() ? beforeWatching.first(asked, counts) : OptionalInt.empty();
    }

    private static boolean leadsToAddresses(When when) {
        return when.destinations().stream()
                .anyMatch(text -> DomainPattern.parse(text).isEmpty());
    }

    private static boolean listsAddresses(When when, Map<String, NameList> lists) {
        return when.lists().stream().map(lists::get).filter(Objects::nonNull).anyMatch(NameList::hasAddresses);
    }

    /** Less what is asked of the bytes, and before resolving what addresses answer; empty when that is nothing. */
    private static Optional<When> known(When when, boolean resolved, Map<String, NameList> lists) {
        When known = new When(
                when.apps(),
                when.categories(),
                when.roles(),
                when.groups(),
                when.profiles(),
                when.approved(),
                resolved || !ServiceAddresses.shipped().areOf(when.serviceClasses()) ? when.serviceClasses() : Set.of(),
                resolved || !leadsToAddresses(when) ? when.destinations() : List.of(),
                resolved || !listsAddresses(when, lists) ? when.lists() : Set.of(),
                Set.of(),
                Set.of(),
                when.ports(),
                when.times(),
                when.facts());
        return known.equals(when) ? Optional.empty() : Optional.of(known);
    }

    /** What is left of those that lose something; the others are certain already. */
    private static final class Rest {

        private final int[] numbers;
        private final List<Conditions> conditions;
        private final ConditionIndex index;

        Rest(List<When> all, Function<When, Optional<When>> known, Map<String, NameList> lists) {
            List<Optional<When>> rest = all.stream().map(known).toList();
            numbers = IntStream.range(0, all.size())
                    .filter(number -> rest.get(number).isPresent())
                    .toArray();
            List<When> open = rest.stream().flatMap(Optional::stream).toList();
            conditions =
                    open.stream().map(when -> new Conditions(when, true, lists)).toList();
            index = new ConditionIndex(open);
        }

        OptionalInt first(Asked asked, IntPredicate counts) {
            First first = new First(asked, counts);
            index.forEach(asked, first);
            return first.place == numbers.length ? OptionalInt.empty() : OptionalInt.of(numbers[first.place]);
        }

        private final class First implements Consumer<int[]> {
            private final Asked asked;
            private final IntPredicate counts;
            private int place = numbers.length;

            First(Asked asked, IntPredicate counts) {
                this.asked = asked;
                this.counts = counts;
            }

            @Override
            public void accept(int[] bucket) {
                for (int some : bucket) {
                    if (some < place && conditions.get(some).hold(asked) && counts.test(numbers[some])) {
                        place = some;
                    }
                }
            }
        }
    }
}
