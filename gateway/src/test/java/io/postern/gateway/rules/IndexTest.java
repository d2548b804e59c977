package io.postern.gateway.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Verdict.Action;
import io.postern.config.policy.Policy;
import io.postern.config.policy.Policy.Effect;
import io.postern.config.policy.Policy.Exemption;
import io.postern.config.policy.Policy.Mode;
import io.postern.config.policy.Policy.Rule;
import io.postern.config.policy.Policy.When;
import io.postern.config.services.ServiceAddresses;
import io.postern.config.services.ServiceClasses;
import io.postern.dns.names.DomainPattern;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Looking into buckets finds what asking every rule and every exception in turn finds, in the same order. */
class IndexTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 20, 200})
    void agreesWithAskingOneByOne(int size) {
        Random random = new Random(size);
        long matched = 0;
        long excepted = 0;
        long undecided = 0;
        for (int round = 0; round < 2_000 / size; round++) {
            Policy policy = new TestingPolicies(random).policy(size);
            Rules rules = new Rules(policy);
            for (int ask = 0; ask < 300; ask++) {
                Question question = new TestingPolicies(random).question();
                Decision decision = rules.judge(question, NOW);
                assertThat(decision).as("%s of %s", question, policy).isEqualTo(oneByOne(policy, question));
                matched += decision.matches().size();
                excepted += decision.matches().stream()
                        .filter(match -> match.rule().contains(", excepted for"))
                        .count();
                undecided += decision.matches().stream()
                        .filter(match -> match.rule().contains(", may "))
                        .count();
            }
        }
        assertThat(matched).as("the test would not see a difference otherwise").isGreaterThan(500);
        assertThat(excepted).isGreaterThan(100);
        assertThat(undecided).isPositive();
    }

    /** A question that is still open is answered by all that is possible, unless that refuses it too. */
    private static Decision oneByOne(Policy policy, Question question) {
        Asked asked = asked(policy, question);
        Decision decision = oneByOne(policy, asked, false);
        if (!decision.ends() || !question.open()) {
            return decision;
        }
        Decision yet = oneByOne(policy, asked, true);
        return yet.ends() ? decision : yet;
    }

    private static Decision oneByOne(Policy policy, Asked asked, boolean yet) {
        List<Match> matches = new ArrayList<>();
        for (Rule rule : policy.rules()) {
            if (rule.effect().mode() != Mode.OFF
                    && new Conditions(rule.when(), Holding.excuses(rule), policy.lists()).hold(asked)) {
                Optional<Exemption> lift = lift(policy, rule, asked, false);
                Optional<Exemption> maybe =
                        yet && lift.isEmpty() && !Holding.excuses(rule) ? lift(policy, rule, asked, true) : lift;
                matches.add(match(rule, asked, lift.isPresent() ? ", excepted for " : ", may be excepted for ", maybe));
            }
        }
        asked.app()
                .flatMap(Policy.App::role)
                .ifPresent(name -> Optional.ofNullable(policy.roles().get(name))
                        .map(RoleCheck::new)
                        .flatMap(role -> yet
                                ? role.surelyOutside(asked.question(), asked.verifiedClasses())
                                : role.outside(asked.question(), asked.verifiedClasses()))
                        .ifPresent(effect -> {
                            matches.add(Match.of(Policy.ruleOf(name), Precedence.ROLE_DEFAULT, effect));
                            if (yet) {
                                allowedYet(policy, asked).ifPresent(matches::add);
                            }
                        }));
        return Decision.of(matches);
    }

    private static Optional<Match> allowedYet(Policy policy, Asked asked) {
        return policy.rules().stream()
                .filter(Holding::excuses)
                .filter(rule -> mode(rule, asked) == Mode.ALERT || mode(rule, asked) == Mode.ENFORCE)
                .filter(rule -> lift(policy, rule, asked, false).isEmpty())
                .filter(rule -> mayHold(rule.when(), asked))
                .findFirst()
                .map(rule ->
                        new Match(rule.name() + ", may apply", Precedence.EXCEPTION, Action.ALLOW, mode(rule, asked)));
    }

    /** Whether they hold for some address and some protocol: those conditions left out. */
    private static boolean mayHold(When when, Asked asked) {
        Question question = asked.question();
        boolean resolving = question.address().isEmpty();
        boolean addresses = when.destinations().stream()
                .anyMatch(text -> DomainPattern.parse(text).isEmpty());
        boolean resolvers = when.serviceClasses().contains("doh-resolver");
        boolean spoken = !when.protocols().isEmpty() || !when.bases().isEmpty();
        return question.open()
                && (spoken || (resolving && (addresses || resolvers)))
                && new Conditions(known(when, resolving && addresses, resolving && resolvers), true, Map.of())
                        .hold(asked);
    }

    private static When known(When when, boolean anywhere, boolean anything) {
        return new When(
                when.apps(),
                when.categories(),
                when.roles(),
                when.groups(),
                when.profiles(),
                when.approved(),
                anything ? Set.of() : when.serviceClasses(),
                anywhere ? List.of() : when.destinations(),
                when.lists(),
                Set.of(),
                Set.of(),
                when.ports(),
                when.times(),
                when.facts());
    }

    private static Asked asked(Policy policy, Question question) {
        ServiceClasses classes = ServiceClasses.shipped().with(policy.serviceClasses());
        Set<String> verified =
                new HashSet<>(question.verifiedName().map(classes::of).orElse(Set.of()));
        question.address().map(ServiceAddresses.shipped()::of).ifPresent(verified::addAll);
        Set<String> all = new HashSet<>(verified);
        question.claimedName().map(classes::of).ifPresent(all::addAll);
        return new Asked(
                question,
                Optional.ofNullable(policy.apps().get(question.tag().app())),
                verified,
                all,
                policy.groupsByDevice().getOrDefault(question.tag().device(), Set.of()),
                NOW,
                FactSource.NOBODY);
    }

    private static Optional<Exemption> lift(Policy policy, Rule rule, Asked asked, boolean yet) {
        LocalDate today = LocalDate.ofInstant(NOW, ZoneOffset.UTC);
        return policy.exceptions().stream()
                .filter(exemption -> exemption.subject().equals(rule.name()))
                .filter(exemption -> !today.isAfter(exemption.until()))
                .filter(exemption -> yet
                        ? mayHold(exemption.scope(), asked)
                        : Lifts.conditions(exemption).hold(asked))
                .findFirst();
    }

    private static Match match(Rule rule, Asked asked, String how, Optional<Exemption> lift) {
        return lift.map(exemption -> Match.of(
                        rule.name() + how + exemption.owner(),
                        Precedence.EXCEPTION,
                        new Effect(Action.ALLOW, Mode.SHADOW)))
                .orElseGet(() -> new Match(
                        rule.name(),
                        rule.effect().action() == Action.ALLOW ? Precedence.EXCEPTION : Precedence.DENY,
                        rule.effect().action(),
                        mode(rule, asked)));
    }

    private static Mode mode(Rule rule, Asked asked) {
        return Stage.includes(rule, asked.question().tag()) ? rule.effect().mode() : Mode.SHADOW;
    }
}
