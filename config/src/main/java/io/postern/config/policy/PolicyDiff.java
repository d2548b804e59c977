package io.postern.config.policy;

import io.postern.config.policy.Policy.Exemption;
import io.postern.config.policy.Policy.Rule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/** What one policy has and another has not, section by section as policy files have them. */
public final class PolicyDiff {

    /** Names told of each kind; more are only counted. */
    public static final int MAX_NAMES = 1_000;

    private PolicyDiff() {}

    /** Names of what is new, gone or different, in alphabetical order. */
    public record Changes(Names added, Names removed, Names changed) {}

    /** @param names the first of them */
    public record Names(int count, List<String> names) {
        static Names of(Set<String> all) {
            return new Names(all.size(), all.stream().limit(MAX_NAMES).toList());
        }
    }

    /** By section. An exception is called by what it lifts and for whom, since it has no name. */
    public static Map<String, Changes> between(Policy before, Policy after) {
        Map<String, Changes> changes = new LinkedHashMap<>();
        changes.put("categories", changes(before.categories(), after.categories()));
        changes.put("roles", changes(before.roles(), after.roles()));
        changes.put("apps", changes(before.apps(), after.apps()));
        changes.put("rules", changes(named(before.rules(), Rule::name), named(after.rules(), Rule::name)));
        changes.put(
                "exceptions",
                changes(named(before.exceptions(), PolicyDiff::call), named(after.exceptions(), PolicyDiff::call)));
        changes.put("service-classes", changes(before.serviceClasses(), after.serviceClasses()));
        changes.put("users", changes(before.users(), after.users()));
        changes.put("groups", changes(before.groups(), after.groups()));
        changes.put("lists", changes(versions(before), versions(after)));
        return changes;
    }

    private static Changes changes(Map<String, ?> before, Map<String, ?> after) {
        Set<String> added = new TreeSet<>(after.keySet());
        added.removeAll(before.keySet());
        Set<String> removed = new TreeSet<>(before.keySet());
        removed.removeAll(after.keySet());
        Set<String> changed = new TreeSet<>();
        before.forEach((name, value) -> {
            Object now = after.get(name);
            if (now != null && !now.equals(value)) {
                changed.add(name);
            }
        });
        return new Changes(Names.of(added), Names.of(removed), Names.of(changed));
    }

    /** Two of one name are numbered in their order. */
    private static <T> Map<String, T> named(List<T> items, Function<T, String> name) {
        Map<String, T> named = new LinkedHashMap<>();
        Map<String, Integer> seen = new LinkedHashMap<>();
        for (T item : items) {
            String called = name.apply(item);
            int before = seen.merge(called, 1, Integer::sum);
            named.put(before == 1 ? called : called + " #" + before, item);
        }
        return named;
    }

    private static String call(Exemption exception) {
        Policy.When scope = exception.scope();
        StringBuilder text = new StringBuilder(exception.subject());
        Stream.of(
                        scope.apps(),
                        scope.categories(),
                        scope.roles(),
                        scope.groups(),
                        scope.profiles(),
                        scope.serviceClasses(),
                        scope.destinations(),
                        scope.protocols(),
                        scope.ports())
                .flatMap(some -> some.stream().map(Object::toString).sorted())
                .forEach(part -> text.append(", ").append(part));
        return text.toString();
    }

    private static Map<String, String> versions(Policy policy) {
        Map<String, String> versions = new LinkedHashMap<>();
        policy.lists().forEach((name, list) -> versions.put(name, list.version()));
        return versions;
    }
}
