package io.postern.config.policy;

import io.postern.config.document.Problems;
import io.postern.config.document.Setting;
import io.postern.config.grammar.Nearest;
import io.postern.config.services.ServiceClasses;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Names across all files: each given once, each used one given. */
final class PolicyNames {

    private static final Pattern ANALYTIC = Pattern.compile("AN[0-9]{4}");
    private static final int MAX_NAME = 64;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");

    private final Map<Kind, Map<String, Setting>> given = new HashMap<>();
    private final List<Use> uses = new ArrayList<>();
    private final Problems problems;

    PolicyNames(Problems problems) {
        this.problems = problems;
        for (Kind kind : Kind.values()) {
            given.put(kind, new HashMap<>());
        }
    }

    enum Kind {
        CATEGORY("category"),
        ROLE("role"),
        APP("app"),
        RULE("rule"),
        SERVICE_CLASS("service class"),
        USER("user"),
        GROUP("group"),
        LIST("list");

        private final String label;

        Kind(String label) {
            this.label = label;
        }
    }

    /** A name where it is used; the place is without its value. */
    record Use(Kind kind, Setting place, String name) {}

    /** Of one file. */
    void declare(Setting root, PolicyEntries entries) {
        keys(Kind.CATEGORY, root.member("categories"));
        keys(Kind.ROLE, root.member("roles"));
        keys(Kind.APP, root.member("apps"));
        keys(Kind.SERVICE_CLASS, root.member("service-classes"));
        keys(Kind.USER, root.member("users"));
        keys(Kind.GROUP, root.member("groups"));
        keys(Kind.LIST, root.member("lists"));
        root.member("groups").members().values().forEach(group -> use(Kind.USER, group, "users"));
        root.member("apps").members().forEach(this::app);
        root.member("roles").members().values().forEach(role -> use(Kind.SERVICE_CLASS, role, "service-classes"));
        for (int i = 0; i < entries.rules().size(); i++) {
            give(Kind.RULE, entries.rules().get(i).name(), entries.ruleNames().get(i), true);
        }
        uses.addAll(entries.uses());
    }

    /** The names that a rule uses; its own must not be that of an analytic. */
    static List<Use> ofRule(Setting rule, Problems problems) {
        Setting name = rule.member("name");
        if (ANALYTIC.matcher(name.text()).matches()) {
            problems.at(name, "'" + name.text() + "' is the name of an analytic, must be another");
        }
        List<Use> uses = new ArrayList<>();
        Setting when = rule.member("when");
        use(uses, Kind.CATEGORY, when, "category");
        use(uses, Kind.ROLE, when, "role");
        use(uses, Kind.SERVICE_CLASS, when, "service-class");
        use(uses, Kind.GROUP, when, "group");
        use(uses, Kind.LIST, when, "list");
        return uses;
    }

    /** The names that an exception uses. */
    static List<Use> ofException(Setting exception) {
        List<Use> uses = new ArrayList<>();
        use(uses, Kind.RULE, exception, "rule");
        use(uses, Kind.GROUP, exception, "group");
        return uses;
    }

    private void keys(Kind kind, Setting mapping) {
        mapping.members().forEach((name, value) -> {
            if (kind != Kind.APP) {
                nameable(name, value);
            }
            give(kind, name, value, false);
        });
    }

    /** Whether others can use it: they are held to the same by the schema. */
    private void nameable(String name, Setting value) {
        if (name.length() > MAX_NAME) {
            problems.atKey(value, "has " + name.length() + " characters, must have at most " + MAX_NAME);
        } else if (!NAME.matcher(name).matches()) {
            problems.atKey(value, "'" + name + "' is not a name, must be 1–" + MAX_NAME + " of A-Z a-z 0-9 _ -");
        }
    }

    private void app(String name, Setting app) {
        if (name.length() > PolicyTexts.MAX_PACKAGE) {
            problems.atKey(app, "has " + name.length() + " characters, must have at most " + PolicyTexts.MAX_PACKAGE);
        } else if (!PolicyTexts.isPackage(name)) {
            problems.atKey(app, "'" + name + "' is not a package");
        }
        use(Kind.CATEGORY, app, "category");
        use(Kind.ROLE, app, "role");
    }

    private void give(Kind kind, String name, Setting place, boolean byValue) {
        Setting before = given.getOrDefault(kind, Map.of()).get(name);
        if (before == null) {
            given.computeIfAbsent(kind, any -> new HashMap<>()).put(name, place);
            return;
        }
        String twice =
                kind.label + " '" + name + "' is given twice, first at " + (byValue ? before.at() : before.keyAt());
        problems.add(byValue ? place.at() : place.keyAt(), place.path(), twice);
    }

    private void use(Kind kind, Setting where, String key) {
        use(uses, kind, where, key);
    }

    private static void use(List<Use> uses, Kind kind, Setting where, String key) {
        where.find(key)
                .ifPresent(names -> names.each().forEach(name -> uses.add(new Use(kind, name.place(), name.text()))));
    }

    /** Tells the names that were used and never given; service classes are given by the shipped lists as well. */
    void check() {
        for (Use use : uses) {
            if (!known(use)) {
                String hint = Nearest.to(use.name, candidates(use.kind))
                        .map(name -> " (did you mean " + name + "?)")
                        .orElse("");
                problems.at(use.place, "there is no " + use.kind.label + " '" + use.name + "'" + hint);
            }
        }
    }

    private boolean known(Use use) {
        return given.getOrDefault(use.kind, Map.of()).containsKey(use.name)
                || (use.kind == Kind.SERVICE_CLASS && ServiceClasses.NAMES.contains(use.name));
    }

    /** In order, so that of two equally near names always the same is meant. */
    private Set<String> candidates(Kind kind) {
        Set<String> names = new TreeSet<>(given.getOrDefault(kind, Map.of()).keySet());
        if (kind == Kind.SERVICE_CLASS) {
            names.addAll(ServiceClasses.NAMES);
        }
        return names;
    }
}
