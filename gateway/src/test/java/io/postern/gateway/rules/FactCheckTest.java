package io.postern.gateway.rules;

import static io.postern.gateway.rules.TestingFlow.mail;
import static io.postern.gateway.rules.TestingRules.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Verdict.Action;
import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Protocol;
import io.postern.config.policy.Facts.Posture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules that ask for facts: each value holds for itself only, and unknown is a value. */
class FactCheckTest {

    @TempDir
    Path dir;

    /** What is known of every device and app; all else is unknown. */
    private static final class Knows implements FactSource {
        private final Map<Kind, Truth> truths = new EnumMap<>(Kind.class);
        private Set<Posture> posture = Set.of(Posture.UNKNOWN);
        private Truth touch = Truth.UNKNOWN;
        private Duration untouched = Duration.ZERO;
        private final List<String> asked = new ArrayList<>();

        Knows that(Kind kind, Truth truth) {
            truths.put(kind, truth);
            return this;
        }

        @Override
        public Truth truth(Kind kind, AppTag tag, long atMillis) {
            asked.add(kind + " of " + tag.app());
            return truths.getOrDefault(kind, Truth.UNKNOWN);
        }

        @Override
        public Truth untouched(AppTag tag, Duration atLeast, long atMillis) {
            return touch == Truth.UNKNOWN ? Truth.UNKNOWN : Truth.of(untouched.compareTo(atLeast) >= 0);
        }

        @Override
        public Set<Posture> posture(AppTag tag, long atMillis) {
            return posture;
        }
    }

    private Action verdict(String when, FactSource facts) throws Exception {
        Rules rules = TestingRules.of(dir, "rules: [{name: r, when: {" + when + "}, action: block, mode: enforce}]");
        return rules.judge(mail().speaking(Protocol.TLS), NOW, facts).verdict().action();
    }

    @ParameterizedTest
    @EnumSource(FactSource.Kind.class)
    void eachValueHoldsForItselfOnly(FactSource.Kind kind) throws Exception {
        for (Truth wanted : Truth.values()) {
            for (Truth known : Truth.values()) {
                assertThat(verdict(when(kind, wanted), new Knows().that(kind, known)))
                        .as("%s %s while %s", kind, wanted, known)
                        .isEqualTo(wanted == known ? Action.BLOCK : Action.ALLOW);
            }
            assertThat(verdict(when(kind, wanted), FactSource.NOBODY))
                    .isEqualTo(wanted == Truth.UNKNOWN ? Action.BLOCK : Action.ALLOW);
        }
    }

    private static String when(FactSource.Kind kind, Truth wanted) {
        String key = word(kind) + ": " + word(wanted);
        return kind == FactSource.Kind.LOCKED || kind == FactSource.Kind.BACKGROUND ? "device: {" + key + "}" : key;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            compromised              | COMPROMISED           | BLOCK
            compromised              | AT_RISK               | ALLOW
            compromised              | UNKNOWN               | ALLOW
            [at-risk, non-compliant] | COMPLIANT AT_RISK     | BLOCK
            [at-risk, non-compliant] | COMPLIANT SECURE      | ALLOW
            [at-risk, unknown]       | UNKNOWN               | BLOCK
            [at-risk, unknown]       | COMPLIANT             | ALLOW
            """)
    void oneOfThePosturesMustHold(String wanted, String known, Action expected) throws Exception {
        Knows facts = new Knows();
        facts.posture = Stream.of(known.split(" ")).map(Posture::valueOf).collect(Collectors.toSet());
        assertThat(verdict("posture: " + wanted, facts)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "10m, TRUE, PT10M, BLOCK",
        "10m, TRUE, PT9M59S, ALLOW",
        "10m, UNKNOWN, PT0S, ALLOW",
        "unknown, UNKNOWN, PT0S, BLOCK",
        "unknown, TRUE, PT1H, ALLOW"
    })
    void theUserMustHaveLeftItAloneForSoLong(String wanted, Truth told, Duration untouched, Action expected)
            throws Exception {
        Knows facts = new Knows();
        facts.touch = told;
        facts.untouched = untouched;
        assertThat(verdict("device: {no-interaction: " + wanted + "}", facts)).isEqualTo(expected);
    }

    @Test
    void allThatIsAskedMustHold() throws Exception {
        String when = "managed: false, device: {locked: true, background: true}";
        Knows facts = new Knows().that(FactSource.Kind.LOCKED, Truth.TRUE).that(FactSource.Kind.BACKGROUND, Truth.TRUE);
        assertThat(verdict(when, facts)).isEqualTo(Action.ALLOW);
        facts.that(FactSource.Kind.MANAGED, Truth.FALSE);
        assertThat(verdict(when, facts)).isEqualTo(Action.BLOCK);
    }

    @Test
    void nothingIsAskedWhereTheRestDoesNotHold() throws Exception {
        Knows facts = new Knows().that(FactSource.Kind.LOCKED, Truth.TRUE);
        assertThat(verdict("app: com.acme.chat, device: {locked: true}", facts)).isEqualTo(Action.ALLOW);
        assertThat(verdict("protocol: http, device: {locked: true}", facts)).isEqualTo(Action.ALLOW);
        assertThat(facts.asked).isEmpty();
        assertThat(verdict("protocol: tls, device: {locked: true}", facts)).isEqualTo(Action.BLOCK);
        assertThat(facts.asked).containsExactly("LOCKED of com.acme.mail");
    }

    /** Each package of a UID is asked about by itself. */
    @Test
    void ofSeveralPackagesOfOneUidEachIsAsked() throws Exception {
        Knows facts = new Knows();
        Rules rules = TestingRules.of(
                dir, "rules: [{name: r, when: {device: {background: true}}, action: block, mode: enforce}]");
        Question one = mail().speaking(Protocol.TLS);
        AppTag shared = one.tag().of("com.acme.chat+com.acme.mail");
        rules.judge(
                new Question(
                        shared,
                        one.verifiedName(),
                        one.claimedName(),
                        one.address(),
                        one.port(),
                        one.protocol(),
                        one.basis()),
                NOW,
                facts);
        assertThat(facts.asked).containsExactlyInAnyOrder("BACKGROUND of com.acme.chat", "BACKGROUND of com.acme.mail");
    }

    @Test
    void rulesSayWhetherTheyAskForFacts() throws Exception {
        assertThat(TestingRules.of(dir, rule("{app: com.acme.mail}", "enforce")).asksFacts())
                .isFalse();
        assertThat(TestingRules.of(dir, rule("{posture: at-risk}", "off")).asksFacts())
                .isFalse();
        assertThat(TestingRules.of(dir, rule("{posture: at-risk}", "shadow")).asksFacts())
                .isTrue();
    }

    private static String rule(String when, String mode) {
        return "rules: [{name: r, when: " + when + ", action: block, mode: " + mode + "}]";
    }
}
