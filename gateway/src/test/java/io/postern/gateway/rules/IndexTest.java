package io.postern.gateway.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Verdict.Action;
import io.postern.analytics.flow.AppTag;
import io.postern.config.policy.Policy;
import io.postern.config.policy.Policy.Effect;
import io.postern.config.policy.Policy.Exemption;
import io.postern.config.policy.Policy.Mode;
import io.postern.config.policy.Policy.Rule;
import io.postern.config.services.ServiceClasses;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
        for (int round = 0; round < 2_000 / size; round++) {
            Policy policy = new TestingPolicies(random).policy(size);
            Rules rules = new Rules(policy);
            for (int ask = 0; ask < 100; ask++) {
                Question question = new TestingPolicies(random).question();
                Decision decision = rules.judge(question, NOW);
                assertThat(decision).as("%s of %s", question, policy).isEqualTo(oneByOne(policy, question));
                matched += decision.matches().size();
                excepted += decision.matches().stream()
                        .filter(match -> match.rule().contains(", excepted for"))
                        .count();
            }
        }
        assertThat(matched).as("the test would not see a difference otherwise").isGreaterThan(500);
        assertThat(excepted).isGreaterThan(100);
    }

    private static Decision oneByOne(Policy policy, Question question) {
        Asked asked = asked(policy, question);
        List<Match> matches = new ArrayList<>();
        for (Rule rule : policy.rules()) {
            if (rule.effect().mode() != Mode.OFF
                    && new Conditions(rule.when(), Holding.excuses(rule), policy.lists()).hold(asked)) {
                matches.add(match(rule, question.tag(), lift(policy, rule, asked)));
            }
        }
        asked.app()
                .flatMap(Policy.App::role)
                .ifPresent(name -> Optional.ofNullable(policy.roles().get(name))
                        .flatMap(role -> new RoleCheck(role).outside(question, asked.verifiedClasses()))
                        .ifPresent(
                                effect -> matches.add(Match.of(Policy.ruleOf(name), Precedence.ROLE_DEFAULT, effect))));
        return Decision.of(matches);
    }

    private static Asked asked(Policy policy, Question question) {
        ServiceClasses classes = ServiceClasses.shipped().with(policy.serviceClasses());
        Set<String> verified = question.verifiedName().map(classes::of).orElse(Set.of());
        Set<String> all = new HashSet<>(verified);
        question.claimedName().map(classes::of).ifPresent(all::addAll);
        return new Asked(
                question,
                Optional.ofNullable(policy.apps().get(question.tag().app())),
                verified,
                all,
                policy.groupsByDevice().getOrDefault(question.tag().device(), Set.of()),
                NOW);
    }

    private static Optional<Exemption> lift(Policy policy, Rule rule, Asked asked) {
        LocalDate today = LocalDate.ofInstant(NOW, ZoneOffset.UTC);
        return policy.exceptions().stream()
                .filter(exemption -> exemption.subject().equals(rule.name()))
                .filter(exemption -> !today.isAfter(exemption.until()))
                .filter(exemption -> Lifts.conditions(exemption).hold(asked))
                .findFirst();
    }

    private static Match match(Rule rule, AppTag tag, Optional<Exemption> lift) {
        return lift.map(exemption -> Match.of(
                        rule.name() + ", excepted for " + exemption.owner(),
                        Precedence.EXCEPTION,
                        new Effect(Action.ALLOW, Mode.SHADOW)))
                .orElseGet(() -> new Match(
                        rule.name(),
                        rule.effect().action() == Action.ALLOW ? Precedence.EXCEPTION : Precedence.DENY,
                        rule.effect().action(),
                        Stage.includes(rule, tag) ? rule.effect().mode() : Mode.SHADOW));
    }
}
