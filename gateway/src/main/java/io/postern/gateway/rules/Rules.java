package io.postern.gateway.rules;

import io.postern.analytics.Verdict.Action;
import io.postern.config.policy.Policy;
import io.postern.config.policy.Policy.App;
import io.postern.config.policy.Policy.Effect;
import io.postern.config.policy.Policy.Exemption;
import io.postern.config.policy.Policy.Mode;
import io.postern.config.policy.Policy.Rule;
import io.postern.config.policy.Window;
import io.postern.config.services.ServiceClasses;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Written policy, ready to be asked. Immutable: a reload makes a new one and swaps it whole, so a flow is judged by
 * one version and never by halves of two.
 */
public final class Rules {

    private record Ready(Rule rule, Lifts lifts) {}

    private final Policy policy;
    private final ServiceClasses classes;
    private final List<Ready> rules;
    private final Holding holding;
    private final Set<Window> windows;
    private final Map<String, Set<String>> groups;
    private final Map<String, RoleCheck> roles = new HashMap<>();
    private final boolean classesMatter;

    public Rules(Policy policy) {
        this.policy = policy;
        this.classes = ServiceClasses.shipped().with(policy.serviceClasses());
        Map<String, Lifts> lifts = lifts(policy);
        rules = policy.rules().stream()
                .filter(rule -> rule.effect().mode() != Mode.OFF)
                .map(rule -> new Ready(rule, lifts.getOrDefault(rule.name(), Lifts.NONE)))
                .toList();
        holding = new Holding(rules.stream().map(Ready::rule).toList(), policy.lists());
        windows = rules.stream()
                .flatMap(ready -> ready.rule.when().times().stream())
                .collect(Collectors.toUnmodifiableSet());
        groups = policy.groupsByDevice();
        policy.roles().forEach((name, role) -> roles.put(name, new RoleCheck(role)));
        classesMatter = policy.rules().stream()
                        .anyMatch(rule -> !rule.when().serviceClasses().isEmpty())
                || policy.roles().values().stream()
                        .anyMatch(role -> role.outside().isPresent()
                                && !role.serviceClasses().isEmpty());
    }

    private static Map<String, Lifts> lifts(Policy policy) {
        return policy.exceptions().stream()
                .collect(Collectors.groupingBy(
                        Exemption::subject, Collectors.collectingAndThen(Collectors.toList(), Lifts::new)));
    }

    public String version() {
        return policy.version();
    }

    public Policy policy() {
        return policy;
    }

    /** The classes of a name; for records, so it is asked once a flow. */
    public Set<String> serviceClasses(Optional<String> name) {
        return name.isPresent() ? classes.of(name.get()) : Set.of();
    }

    /** What time means to these rules: while two moments are equal, so is every verdict. */
    public Moment moment(Instant now) {
        return new Moment(
                policy.exceptions().isEmpty() ? LocalDate.EPOCH : LocalDate.ofInstant(now, ZoneOffset.UTC),
                windows.stream().filter(window -> window.open(now)).collect(Collectors.toUnmodifiableSet()));
    }

    /**
     * The day, which ends exceptions, and the windows that are open.
     *
     * @param day in UTC, always the same when there is no exception
     */
    public record Moment(LocalDate day, Set<Window> open) {}

    /** @param now decides which exceptions still stand, which end with their day (UTC), and which windows are open */
    public Decision judge(Question question, Instant now) {
        Asked asked = asked(question, now);
        List<Match> matches = new ArrayList<>(2);
        for (int number : holding.to(asked)) {
            matches.add(match(rules.get(number), asked));
        }
        outside(asked, matches);
        return Decision.of(matches);
    }

    private Asked asked(Question question, Instant now) {
        Optional<App> app = Optional.ofNullable(policy.apps().get(question.tag().app()));
        Set<String> verified = classesMatter ? serviceClasses(question.verifiedName()) : Set.of();
        Set<String> all = classesMatter ? and(verified, serviceClasses(question.claimedName())) : Set.of();
        Set<String> memberships = groups.getOrDefault(question.tag().device(), Set.of());
        return new Asked(question, app, verified, all, memberships, now);
    }

    private void outside(Asked asked, List<Match> matches) {
        if (asked.app().isEmpty() || asked.app().get().role().isEmpty()) {
            return;
        }
        String name = asked.app().get().role().get();
        @Nullable RoleCheck role = roles.get(name);
        if (role != null) {
            role.outside(asked.question(), asked.verifiedClasses())
                    .ifPresent(effect -> matches.add(Match.of(Policy.ruleOf(name), Precedence.ROLE_DEFAULT, effect)));
        }
    }

    private static Match match(Ready ready, Asked asked) {
        Optional<Exemption> lift = ready.lifts.first(asked);
        if (lift.isPresent()) {
            // Kept in the list, so that whoever asks sees the rule and what excused it.
            return Match.of(
                    ready.rule.name() + ", excepted for " + lift.get().owner(),
                    Precedence.EXCEPTION,
                    new Effect(Action.ALLOW, Mode.SHADOW));
        }
        Rule rule = ready.rule;
        Precedence rank = Holding.excuses(rule) ? Precedence.EXCEPTION : Precedence.DENY;
        Mode mode = Stage.includes(rule, asked.question().tag()) ? rule.effect().mode() : Mode.SHADOW;
        return new Match(rule.name(), rank, rule.effect().action(), mode);
    }

    private static Set<String> and(Set<String> some, Set<String> more) {
        if (some.containsAll(more)) {
            return some;
        }
        Set<String> both = new HashSet<>(some);
        both.addAll(more);
        return both;
    }
}
