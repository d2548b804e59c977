package io.postern.config.policy;

import io.postern.config.document.Problems;
import io.postern.config.document.Setting;
import io.postern.config.policy.Policy.App;
import io.postern.config.policy.Policy.Exemption;
import io.postern.config.policy.Policy.Group;
import io.postern.config.policy.Policy.Mode;
import io.postern.config.policy.Policy.PortRange;
import io.postern.config.policy.Policy.Rule;
import io.postern.config.policy.Policy.When;
import io.postern.config.services.ServiceClasses;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is written correctly and does nothing: names nobody uses, rules that cannot match, exceptions that cannot apply.
 * Warnings all, since a policy is written in steps.
 */
final class PolicyAdvice {

    private final Policy policy;
    private final Problems warnings;
    /** What the inventory has of each, with the packages left out: few, however many apps there are. */
    private final Set<Standing> standings;

    private record Standing(Optional<String> category, Optional<String> role, boolean approved) {
        static Standing of(App app) {
            return new Standing(app.category(), app.role(), app.approved());
        }

        boolean fits(When when) {
            return within(when.categories(), category)
                    && within(when.roles(), role)
                    && when.approved().map(wanted -> wanted == approved).orElse(true);
        }

        private static boolean within(Set<String> wanted, Optional<String> value) {
            return wanted.isEmpty() || value.filter(wanted::contains).isPresent();
        }
    }

    PolicyAdvice(Policy policy, Problems warnings) {
        this.policy = policy;
        this.warnings = warnings;
        this.standings = policy.apps().values().stream().map(Standing::of).collect(Collectors.toUnmodifiableSet());
    }

    void all(PolicyPlaces places) {
        unused(places);
        rules(places.rules());
        exceptions(places.exceptions());
    }

    private void unused(PolicyPlaces places) {
        Collection<App> apps = policy.apps().values();
        tell(
                places.section("categories"),
                apps.stream().flatMap(app -> app.category().stream()),
                "no app has the category");
        tell(places.section("roles"), apps.stream().flatMap(app -> app.role().stream()), "no app has the role");
        tell(
                places.section("users"),
                policy.groups().values().stream().map(Group::users).flatMap(Set::stream),
                "no group has the user");
        Stream<String> excepted =
                policy.exceptions().stream().flatMap(exemption -> exemption.scope().groups().stream());
        tell(
                places.section("groups"),
                Stream.concat(asked(When::groups), excepted),
                "no rule and no exception asks for the group");
        tell(places.section("lists"), asked(When::lists), "no rule asks for the list");
        Stream<String> reached = policy.roles().values().stream().flatMap(role -> role.serviceClasses().stream());
        Stream<String> known = Stream.concat(reached, ServiceClasses.NAMES.stream());
        tell(
                places.section("service-classes"),
                Stream.concat(asked(When::serviceClasses), known),
                "no rule and no role asks for the service class");
    }

    private Stream<String> asked(Function<When, Set<String>> part) {
        return policy.rules().stream().flatMap(rule -> part.apply(rule.when()).stream());
    }

    private void tell(Map<String, Setting> section, Stream<String> used, String what) {
        Set<String> names = used.collect(Collectors.toSet());
        section.forEach((name, place) -> {
            if (!names.contains(name)) {
                warnings.atKey(place, what + " '" + name + "'");
            }
        });
    }

    private void rules(List<Setting> places) {
        for (int i = 0; i < places.size(); i++) {
            Setting place = places.get(i);
            idle(policy.rules().get(i).when()).ifPresent(why -> warnings.at(place, "the rule can never match: " + why));
        }
    }

    private Optional<String> idle(When when) {
        if (!someApp(when)) {
            return Optional.of("no app of the inventory is all that it asks for");
        }
        if (!when.groups().isEmpty() && when.groups().stream().allMatch(this::empty)) {
            return Optional.of("nobody is in its group");
        }
        if (!when.lists().isEmpty()
                && when.lists().stream()
                        .map(name -> Optional.ofNullable(policy.lists().get(name)))
                        .allMatch(list -> list.isEmpty() || list.get().entries() == 0)) {
            return Optional.of("nothing is on its list");
        }
        return Optional.empty();
    }

    private boolean empty(String group) {
        Group members = policy.groups().getOrDefault(group, new Group(Set.of(), Set.of()));
        return members.devices().isEmpty()
                && members.users().stream()
                        .allMatch(user ->
                                policy.users().getOrDefault(user, Set.of()).isEmpty());
    }

    /** Apps outside the inventory have no category and no role, and are not approved. */
    private boolean someApp(When when) {
        if (when.apps().isEmpty()) {
            return new Standing(Optional.empty(), Optional.empty(), false).fits(when)
                    || standings.stream().anyMatch(standing -> standing.fits(when));
        }
        return when.apps().stream()
                .map(name -> Optional.ofNullable(policy.apps().get(name)))
                .map(app -> app.map(Standing::of).orElse(new Standing(Optional.empty(), Optional.empty(), false)))
                .anyMatch(standing -> standing.fits(when));
    }

    private void exceptions(List<Setting> places) {
        Map<String, Rule> byName = new HashMap<>();
        policy.rules().forEach(rule -> byName.put(rule.name(), rule));
        for (int i = 0; i < places.size(); i++) {
            Setting place = places.get(i);
            Exemption exemption = policy.exceptions().get(i);
            Optional.ofNullable(byName.get(exemption.subject()))
                    .flatMap(rule -> pointless(exemption.scope(), rule))
                    .ifPresent(why -> warnings.at(place, "the exception can never apply: " + why));
        }
    }

    private Optional<String> pointless(When scope, Rule rule) {
        if (rule.effect().mode() == Mode.OFF) {
            return Optional.of("its rule is off");
        }
        if (!scope.groups().isEmpty() && scope.groups().stream().allMatch(this::empty)) {
            return Optional.of("nobody is in its group");
        }
        When when = rule.when();
        if (apart(scope.apps(), when.apps())) {
            return Optional.of("its rule is about other apps");
        }
        if (apart(scope.profiles(), when.profiles())) {
            return Optional.of("its rule is about other profiles");
        }
        if (apart(scope.protocols(), when.protocols())) {
            return Optional.of("its rule is about other protocols");
        }
        return apartPorts(scope.ports(), when.ports())
                ? Optional.of("its rule is about other ports")
                : Optional.empty();
    }

    private static boolean apart(Set<?> some, Set<?> others) {
        return !some.isEmpty() && !others.isEmpty() && Collections.disjoint(some, others);
    }

    private static boolean apartPorts(Set<PortRange> some, Set<PortRange> others) {
        return !some.isEmpty()
                && !others.isEmpty()
                && some.stream()
                        .noneMatch(one -> others.stream()
                                .anyMatch(other -> one.first() <= other.last() && other.first() <= one.last()));
    }
}
