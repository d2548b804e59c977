package io.postern.config.policy;

import io.postern.analytics.Verdict;
import io.postern.analytics.flow.Protocol;
import io.postern.config.document.Problems;
import io.postern.config.document.Setting;
import io.postern.config.policy.Policy.App;
import io.postern.config.policy.Policy.Background;
import io.postern.config.policy.Policy.Category;
import io.postern.config.policy.Policy.Crypto;
import io.postern.config.policy.Policy.Effect;
import io.postern.config.policy.Policy.Exemption;
import io.postern.config.policy.Policy.Group;
import io.postern.config.policy.Policy.Mode;
import io.postern.config.policy.Policy.PortRange;
import io.postern.config.policy.Policy.Role;
import io.postern.config.policy.Policy.Rule;
import io.postern.config.policy.PolicyNames.Use;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Puts files of the right shape together, one after the other. */
final class PolicyMerge {

    /** Of devices in groups, directly or by their users. */
    static final int MAX_MEMBERSHIPS = 1_000_000;

    private final Map<String, Category> categories = new LinkedHashMap<>();
    private final Map<String, Role> roles = new LinkedHashMap<>();
    private final Map<String, App> apps = new LinkedHashMap<>();
    private final List<Rule> rules = new ArrayList<>();
    private final List<Exemption> exceptions = new ArrayList<>();
    private final Map<String, List<String>> serviceClasses = new LinkedHashMap<>();
    private final Map<String, Set<String>> users = new LinkedHashMap<>();
    private final Map<String, Group> groups = new LinkedHashMap<>();
    private final Map<String, NameList> lists = new LinkedHashMap<>();

    private final PolicyPlaces places = new PolicyPlaces();
    private final Problems problems;
    private final Problems warnings;
    private final PolicySources sources;
    private final PolicyTexts texts;
    private final PolicyNames names;
    private final DomainLists domains;
    private final NameLists feeds;
    private final PolicyDays days;

    PolicyMerge(PolicySources sources, NameLists feeds, Problems problems, Problems warnings, LocalDate today) {
        this.problems = problems;
        this.warnings = warnings;
        this.sources = sources;
        this.texts = new PolicyTexts(problems);
        this.names = new PolicyNames(problems);
        this.domains = new DomainLists(sources, problems);
        this.feeds = feeds;
        this.days = new PolicyDays(problems, warnings, today);
    }

    /**
     * Reads one file as far as it can be read by itself, told in problems and warnings of its own.
     *
     * @param root of the right shape
     */
    static PolicyFile read(Setting root, String digest, LocalDate today, Problems problems) {
        Problems warnings = new Problems();
        PolicyTexts texts = new PolicyTexts(problems);
        WhenReader conditions = new WhenReader(texts, problems);
        PolicyDays days = new PolicyDays(problems, warnings, today);
        List<Setting> rules = root.member("rules").items();
        List<Setting> exceptions = root.member("exceptions").items();
        List<Use> uses = new ArrayList<>();
        rules.forEach(rule -> uses.addAll(PolicyNames.ofRule(rule, problems)));
        exceptions.forEach(exception -> uses.addAll(PolicyNames.ofException(exception)));
        PolicyEntries entries = new PolicyEntries(
                rules.stream().map(rule -> rule(rule, conditions)).toList(),
                rules.stream().map(rule -> rule.member("name").place()).toList(),
                exceptions.stream()
                        .map(exception -> exemption(exception, texts, conditions, days))
                        .toList(),
                exceptions.stream().map(Setting::place).toList(),
                uses);
        return new PolicyFile(digest, today, root.without(Set.of("rules", "exceptions")), entries, warnings.sorted());
    }

    void add(PolicyFile read, Path file) {
        Setting root = read.sections();
        warnings.addAll(read.warnings());
        places.add(root, read.entries());
        names.declare(root, read.entries());
        each(
                root.member("categories"),
                categories,
                category -> new Category(category.member("silent").texts()));
        each(root.member("roles"), roles, this::role);
        each(root.member("apps"), apps, this::app);
        each(root.member("service-classes"), serviceClasses, list -> domains.patterns(list, file));
        each(
                root.member("users"),
                users,
                user -> Set.copyOf(user.member("devices").texts()));
        each(
                root.member("groups"),
                groups,
                group -> new Group(
                        Set.copyOf(group.member("devices").texts()),
                        Set.copyOf(group.member("users").texts())));
        each(root.member("lists"), lists, list -> feeds.read(list, file, sources));
        rules.addAll(read.entries().rules());
        exceptions.addAll(read.entries().exceptions());
    }

    /** All that was added; call it once, since what only shows with every file at hand is told here. */
    Policy policy() {
        names.check();
        Policy policy = new Policy(
                sources.version(),
                categories,
                roles,
                apps,
                rules,
                exceptions,
                serviceClasses,
                users,
                groups,
                lists,
                sources.listed());
        memberships(policy.groups());
        if (problems.none()) {
            new PolicyAdvice(policy, warnings).all(places);
        }
        return policy;
    }

    /** A group may name many users and each of them many devices, which multiply. */
    private void memberships(Map<String, Group> all) {
        long together = all.values().stream()
                .mapToLong(group -> group.devices().size()
                        + group.users().stream()
                                .mapToLong(user ->
                                        users.getOrDefault(user, Set.of()).size())
                                .sum())
                .sum();
        if (together > MAX_MEMBERSHIPS) {
            Setting first = places.section("groups").values().iterator().next();
            problems.add(
                    first.keyAt(),
                    "groups",
                    "have " + together + " devices together, their users' among them, must have at most "
                            + MAX_MEMBERSHIPS);
        }
    }

    private static <T> void each(Setting mapping, Map<String, T> into, Function<Setting, T> read) {
        mapping.members().forEach((name, value) -> into.put(name, read.apply(value)));
    }

    private Role role(Setting role) {
        Map<Protocol, List<PortRange>> ports = new EnumMap<>(Protocol.class);
        role.member("ports")
                .members()
                .forEach((protocol, list) ->
                        texts.protocol(list, protocol).ifPresent(known -> ports.put(known, texts.ports(list))));
        return new Role(
                role.member("service-classes").texts(),
                texts.destinations(role.member("destinations")),
                ports,
                role.find("outside").map(PolicyMerge::effect),
                role.find("background")
                        .map(background -> new Background(
                                background.member("allowed").flag(),
                                background.find("poll").map(Setting::duration))),
                role.find("crypto").map(crypto -> constant(Crypto.class, crypto)),
                role.find("uplink-limit").map(Setting::size));
    }

    private App app(Setting app) {
        return new App(
                app.find("category").map(Setting::text),
                app.find("role").map(Setting::text),
                app.member("approved").flag(),
                app.find("owner").map(Setting::text),
                app.find("justification").map(Setting::text),
                app.find("review-by").flatMap(days::reviewBy));
    }

    private static Rule rule(Setting rule, WhenReader conditions) {
        String stage = rule.member("stage").text();
        return new Rule(
                rule.member("name").text(),
                conditions.when(rule.member("when")),
                effect(rule),
                Integer.parseInt(stage.substring(0, stage.length() - 1)));
    }

    private static Exemption exemption(Setting exception, PolicyTexts texts, WhenReader conditions, PolicyDays days) {
        return new Exemption(
                texts.subject(exception),
                conditions.scope(exception),
                exception.member("owner").text(),
                exception.member("reason").text(),
                days.until(exception.member("until")));
    }

    private static Effect effect(Setting setting) {
        return new Effect(
                constant(Verdict.Action.class, setting.member("action")),
                constant(Mode.class, setting.member("mode")),
                setting.member("rate").size());
    }

    private static <E extends Enum<E>> E constant(Class<E> type, Setting setting) {
        return Enum.valueOf(type, setting.text().toUpperCase(Locale.ROOT));
    }
}
