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
import io.postern.config.policy.Policy.Fact;
import io.postern.config.policy.Policy.Mode;
import io.postern.config.policy.Policy.PortRange;
import io.postern.config.policy.Policy.Role;
import io.postern.config.policy.Policy.Rule;
import io.postern.config.policy.Policy.When;
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
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Puts files of the right shape together, one after the other. */
final class PolicyMerge {

    private final Map<String, Category> categories = new LinkedHashMap<>();
    private final Map<String, Role> roles = new LinkedHashMap<>();
    private final Map<String, App> apps = new LinkedHashMap<>();
    private final List<Rule> rules = new ArrayList<>();
    private final List<Exemption> exceptions = new ArrayList<>();
    private final Map<String, List<String>> serviceClasses = new LinkedHashMap<>();

    private final PolicySources sources;
    private final PolicyTexts texts;
    private final PolicyNames names;
    private final DomainLists lists;
    private final PolicyDays days;

    PolicyMerge(PolicySources sources, Problems problems, Problems warnings, LocalDate today) {
        this.sources = sources;
        this.texts = new PolicyTexts(problems);
        this.names = new PolicyNames(problems);
        this.lists = new DomainLists(sources, problems);
        this.days = new PolicyDays(problems, warnings, today);
    }

    void add(Setting root, Path file) {
        names.declare(root);
        each(
                root.member("categories"),
                categories,
                category -> new Category(category.member("silent").texts()));
        each(root.member("roles"), roles, this::role);
        each(root.member("apps"), apps, this::app);
        each(root.member("service-classes"), serviceClasses, list -> lists.patterns(list, file));
        root.member("rules").items().forEach(rule -> rules.add(rule(rule)));
        root.member("exceptions").items().forEach(exception -> exceptions.add(exemption(exception)));
    }

    /** All that was added; call it once, since what only shows with every file at hand is told here. */
    Policy policy() {
        names.check();
        return new Policy(sources.version(), categories, roles, apps, rules, exceptions, serviceClasses);
    }

    private static <T> void each(Setting mapping, Map<String, T> into, Function<Setting, T> read) {
        mapping.members().forEach((name, value) -> into.put(name, read.apply(value)));
    }

    private Role role(Setting role) {
        Map<Protocol, Set<Integer>> ports = new EnumMap<>(Protocol.class);
        role.member("ports")
                .members()
                .forEach((protocol, list) ->
                        texts.protocol(list, protocol).ifPresent(known -> ports.put(known, numbers(list))));
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

    private Set<Integer> numbers(Setting list) {
        return texts.ports(list).stream()
                .flatMap(range ->
                        IntStream.rangeClosed(range.first(), range.last()).boxed())
                .collect(Collectors.toUnmodifiableSet());
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

    private Rule rule(Setting rule) {
        return new Rule(rule.member("name").text(), when(rule.member("when")), effect(rule));
    }

    private When when(Setting when) {
        Setting device = when.member("device");
        return new When(
                Set.copyOf(texts.packages(when.member("app"))),
                Set.copyOf(when.member("category").texts()),
                Set.copyOf(when.member("role").texts()),
                Set.copyOf(texts.profiles(when.member("profile"))),
                when.find("approved").map(Setting::flag),
                Set.copyOf(when.member("service-class").texts()),
                texts.destinations(when.member("destination")),
                texts.protocols(when.member("protocol")),
                Set.copyOf(texts.ports(when.member("port"))),
                device.find("locked").map(PolicyMerge::fact),
                device.find("background").map(PolicyMerge::fact));
    }

    private Exemption exemption(Setting exception) {
        Set<PortRange> ports = Set.copyOf(texts.ports(exception.member("port")));
        return new Exemption(
                texts.subject(exception),
                Set.copyOf(texts.packages(exception.member("app"))),
                texts.destinations(exception.member("destination")),
                texts.protocols(exception.member("protocol")),
                ports,
                exception.member("owner").text(),
                exception.member("reason").text(),
                days.until(exception.member("until")));
    }

    private static Effect effect(Setting setting) {
        return new Effect(
                constant(Verdict.Action.class, setting.member("action")), constant(Mode.class, setting.member("mode")));
    }

    private static Fact fact(Setting setting) {
        return Fact.valueOf(setting.value().asString().toUpperCase(Locale.ROOT));
    }

    private static <E extends Enum<E>> E constant(Class<E> type, Setting setting) {
        return Enum.valueOf(type, setting.text().toUpperCase(Locale.ROOT));
    }
}
