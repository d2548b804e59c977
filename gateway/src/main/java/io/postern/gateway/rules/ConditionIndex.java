package io.postern.gateway.rules;

import io.postern.config.policy.Policy.App;
import io.postern.config.policy.Policy.When;
import io.postern.dns.names.DomainPattern;
import io.postern.dns.names.DomainTable;
import io.postern.gateway.rules.Filing.Part;
import io.postern.wire.ip.Prefix;
import io.postern.wire.ip.PrefixTable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which of many conditions may hold? A question looks into the few buckets it names itself, so a judgement costs nearly
 * the same however many rules there are. What comes out may still not hold, and may come out twice; what does not come
 * out cannot hold. Immutable.
 *
 * <p>Patterns and prefixes that lie inside each other are all found along one name or address: at most one bucket for
 * each label or prefix length.
 */
final class ConditionIndex {

    private final int[] every;
    private final Map<Object, int[]> apps;
    private final Map<Object, int[]> groups;
    private final Map<Object, int[]> roles;
    private final Map<Object, int[]> categories;
    private final Map<Object, int[]> classes;
    private final Map<Object, int[]> profiles;
    private final Map<Object, int[]> protocols;
    private final DomainTable<int[]> names;
    private final PrefixTable<int[]> addresses;
    private final int[] ports;
    private final int[][] atPorts;

    /** @param conditions known from here on by their places in this list */
    ConditionIndex(List<When> conditions) {
        Filing filing = new Filing(conditions);
        every = filing.every();
        apps = filing.under(Part.APP);
        groups = filing.under(Part.GROUP);
        roles = filing.under(Part.ROLE);
        categories = filing.under(Part.CATEGORY);
        classes = filing.under(Part.SERVICE_CLASS);
        profiles = filing.under(Part.PROFILE);
        protocols = filing.under(Part.PROTOCOL);

        DomainTable.Builder<int[]> patterns = DomainTable.builder(ConditionIndex::together);
        Map<Prefix, int[]> prefixes = new HashMap<>();
        filing.under(Part.DESTINATION)
                .forEach((text, bucket) -> DomainPattern.parse((String) text)
                        .ifPresentOrElse(
                                pattern -> patterns.add(pattern, bucket),
                                () -> prefixes.merge(Prefix.parse((String) text), bucket, ConditionIndex::together)));
        names = patterns.build();
        addresses = PrefixTable.of(prefixes);

        SortedMap<Object, int[]> byPort = new TreeMap<>(filing.under(Part.PORT));
        ports = byPort.keySet().stream().mapToInt(port -> (Integer) port).toArray();
        atPorts = byPort.values().toArray(int[][]::new);
    }

    private static int[] together(int[] some, int[] more) {
        int[] all = Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
    }

    /** Hands over every bucket in which something may hold. */
    void forEach(Asked asked, Consumer<int[]> action) {
        if (every.length > 0) {
            action.accept(every);
        }
        Question question = asked.question();
        look(apps, question.tag().app(), action);
        look(profiles, question.tag().profile(), action);
        if (asked.app().isPresent()) {
            App app = asked.app().get();
            look(roles, app.role(), action);
            look(categories, app.category(), action);
        }
        look(protocols, question.protocol(), action);
        int port = Arrays.binarySearch(ports, question.port());
        if (port >= 0) {
            action.accept(atPorts[port]);
        }
        look(groups, asked.groups(), action);
        look(classes, asked.classes(), action);
        if (names.size() > 0) {
            question.verifiedName().ifPresent(name -> names.forEach(name, action));
            if (!question.claimedName().equals(question.verifiedName())) {
                question.claimedName().ifPresent(name -> names.forEach(name, action));
            }
        }
        question.address().ifPresent(address -> addresses.forEach(address, action));
    }

    private static void look(Map<Object, int[]> drawer, Set<String> keys, Consumer<int[]> action) {
        if (!drawer.isEmpty()) {
            keys.forEach(key -> look(drawer, key, action));
        }
    }

    private static void look(Map<Object, int[]> drawer, Optional<?> key, Consumer<int[]> action) {
        if (key.isPresent()) {
            look(drawer, key.get(), action);
        }
    }

    private static void look(Map<Object, int[]> drawer, Object key, Consumer<int[]> action) {
        int @Nullable [] bucket = drawer.get(key);
        if (bucket != null) {
            action.accept(bucket);
        }
    }
}
