package io.postern.gateway.rules;

import io.postern.analytics.Verdict.Action;
import io.postern.config.policy.Policy;
import io.postern.config.policy.Policy.App;
import io.postern.config.policy.Policy.Effect;
import io.postern.config.policy.Policy.Exemption;
import io.postern.config.policy.Policy.Mode;
import io.postern.config.policy.Policy.Rule;
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

/**
 * Written policy, ready to be asked. Immutable: a reload makes a new one and swaps it whole, so a flow is judged by
 * one version and never by halves of two.
 */
public final class Rules {

    private record Ready(Rule rule, Conditions conditions, List<Ready.Lift> lifts) {
        /** An exception to this rule. */
        record Lift(Exemption exemption, DestinationSet destinations) {}
    }

    private final Policy policy;
    private final ServiceClasses classes;
    private final List<Ready> rules = new ArrayList<>();
    private final Map<String, RoleCheck> roles = new HashMap<>();
    private final boolean classesMatter;

    public Rules(Policy policy) {
        this.policy = policy;
        this.classes = ServiceClasses.shipped().with(policy.serviceClasses());
        for (Rule rule : policy.rules()) {
            if (rule.effect().mode() != Mode.OFF) {
                rules.add(new Ready(rule, new Conditions(rule.when()), lifts(rule)));
            }
        }
        policy.roles().forEach((name, role) -> roles.put(name, new RoleCheck(role)));
        classesMatter = policy.rules().stream()
                        .anyMatch(rule -> !rule.when().serviceClasses().isEmpty())
                || policy.roles().values().stream()
                        .anyMatch(role -> role.outside().isPresent()
                                && !role.serviceClasses().isEmpty());
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

    /** @param now decides which exceptions still stand; they end with their day, UTC */
    public Decision judge(Question question, Instant now) {
        Optional<App> app = Optional.ofNullable(policy.apps().get(question.tag().app()));
        Set<String> verified = classesMatter ? serviceClasses(question.verifiedName()) : Set.of();
        Set<String> all = classesMatter ? and(verified, serviceClasses(question.claimedName())) : Set.of();
        List<Match> matches = new ArrayList<>(2);
        for (Ready ready : rules) {
            if (ready.conditions.hold(question, app, all)) {
                matches.add(match(ready, question, now));
            }
        }
        app.flatMap(App::role).ifPresent(name -> {
            RoleCheck role = roles.get(name);
            if (role != null) {
                role.outside(question, verified)
                        .ifPresent(
                                effect -> matches.add(Match.of(Policy.ruleOf(name), Precedence.ROLE_DEFAULT, effect)));
            }
        });
        return Decision.of(matches);
    }

    private static Match match(Ready ready, Question question, Instant now) {
        Effect effect = ready.rule.effect();
        for (Ready.Lift lift : ready.lifts) {
            if (stands(lift, question, now)) {
                // Kept in the list, so that whoever asks sees the rule and what excused it.
                return Match.of(
                        ready.rule.name() + ", excepted for " + lift.exemption.owner(),
                        Precedence.EXCEPTION,
                        new Effect(Action.ALLOW, Mode.SHADOW));
            }
        }
        Precedence rank = effect.action() == Action.ALLOW ? Precedence.EXCEPTION : Precedence.DENY;
        return Match.of(ready.rule.name(), rank, effect);
    }

    /** Excuses by name need a verified name, as a role's destinations do. */
    private static boolean stands(Ready.Lift lift, Question question, Instant now) {
        Exemption exemption = lift.exemption;
        return !LocalDate.ofInstant(now, ZoneOffset.UTC).isAfter(exemption.until())
                && (exemption.apps().isEmpty()
                        || exemption.apps().contains(question.tag().app()))
                && (exemption.protocols().isEmpty()
                        || question.protocol()
                                .filter(exemption.protocols()::contains)
                                .isPresent())
                && (exemption.ports().isEmpty() || Conditions.anyContains(exemption.ports(), question.port()))
                && (lift.destinations.isEmpty()
                        || lift.destinations.containsName(question.verifiedName())
                        || lift.destinations.containsAddress(question.address()));
    }

    private List<Ready.Lift> lifts(Rule rule) {
        return policy.exceptions().stream()
                .filter(exemption -> exemption.subject().equals(rule.name()))
                .map(exemption -> new Ready.Lift(exemption, new DestinationSet(exemption.destinations())))
                .toList();
    }

    private static Set<String> and(Set<String> some, Set<String> more) {
        if (more.isEmpty()) {
            return some;
        }
        Set<String> both = new HashSet<>(some);
        both.addAll(more);
        return both;
    }
}
