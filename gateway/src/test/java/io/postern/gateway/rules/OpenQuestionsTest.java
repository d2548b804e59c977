package io.postern.gateway.rules;

import static io.postern.gateway.rules.TestingFlow.mail;
import static io.postern.gateway.rules.TestingRules.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.flow.Protocol;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of a flow of which not all is known yet: no is only said for good. */
class OpenQuestionsTest {

    @TempDir
    Path dir;

    /** At CONNECT nobody can know what will be spoken. */
    @Test
    void anExceptionForAProtocolWaitsUntilItIsKnown() throws Exception {
        Rules rules = TestingRules.of(dir, """
                rules: [{name: odd-port, when: {port: 8443}, action: block, mode: enforce}]
                exceptions: [{rule: odd-port, protocol: tls, port: 8443, owner: dev-tools, reason: staging, until: 2027-01-31}]
                """);
        TestingFlow staging = mail().at("198.51.100.7", 8443);

        assertThat(rules.judge(staging.atOpen(), NOW).ends()).isFalse();
        assertThat(rules.judge(staging.atOpen(), NOW).matches())
                .extracting(Match::rule)
                .containsExactly("odd-port, may be excepted for dev-tools");
        assertThat(rules.judge(staging.speaking(Protocol.TLS), NOW).ends()).isFalse();
        assertThat(rules.judge(staging.speaking(Protocol.HTTP), NOW).ends()).isTrue();
        assertThat(rules.judge(staging.speaking(Protocol.UNKNOWN), NOW).ends()).isTrue();
    }

    @Test
    void anExceptionThatCannotApplyAnyMoreDelaysNothing() throws Exception {
        Rules rules = TestingRules.of(dir, """
                rules: [{name: odd-port, when: {port: 8443}, action: block, mode: enforce}]
                exceptions:
                  - {rule: odd-port, app: com.acme.other, protocol: tls, owner: a, reason: b, until: 2027-01-31}
                  - {rule: odd-port, protocol: tls, owner: a, reason: b, until: 2026-11-20}
                  - {rule: odd-port, destination: [192.0.2.0/24, other.example], owner: a, reason: b, until: 2027-01-31}
                """);
        TestingFlow flow = mail().at("198.51.100.7", 8443);

        assertThat(rules.judge(flow.atOpen(), NOW).verdict().reason()).isEqualTo("odd-port");
        assertThat(rules.judge(flow.named("www.example").asAsked(), NOW).ends())
                .as("it may lead to 192.0.2.0/24")
                .isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"protocol: tls", "basis: bytes", "protocol: tls, destination: 198.51.100.0/24"})
    void aRuleThatMayAllowKeepsARoleOpen(String when) throws Exception {
        Rules rules = TestingRules.of(
                dir,
                "rules: [{name: pass, when: {" + when + "}, action: allow, mode: enforce}]",
                "outside: {action: block, mode: enforce}");
        TestingFlow flow = mail().at("198.51.100.7", 993).named("www.example");

        assertThat(rules.judge(flow.asAsked(), NOW).ends()).isFalse();
        assertThat(rules.judge(flow.atOpen(), NOW).ends()).isFalse();
        assertThat(rules.judge(flow.speaking(Protocol.TLS), NOW).ends()).isFalse();
        assertThat(rules.judge(flow.at("192.0.2.1", 993).speaking(Protocol.HTTP), NOW)
                        .ends())
                .isEqualTo(!when.startsWith("basis"));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({"shadow, 100%", "enforce, 0%", "'off', 100%"})
    void aRuleThatAllowsNobodyKeepsNothingOpen(String mode, String stage) throws Exception {
        Rules rules = TestingRules.of(
                dir,
                "rules: [{name: pass, when: {protocol: tls}, action: allow, mode: " + mode + ", stage: " + stage + "}]",
                "outside: {action: block, mode: enforce}");

        assertThat(rules.judge(mail().named("www.example").atOpen(), NOW).ends())
                .isTrue();
    }

    /** An exception to a rule that allows lets nothing pass: while it is not known to apply, the rule may allow. */
    @Test
    void anExceptionToARuleThatAllowsClosesOnlyOnceItApplies() throws Exception {
        Rules rules = TestingRules.of(dir, """
                rules: [{name: pass, when: {port: 993}, action: allow, mode: enforce}]
                exceptions: [{rule: pass, protocol: http, owner: a, reason: b, until: 2027-01-31}]
                """, "outside: {action: block, mode: enforce}");
        TestingFlow flow = mail().at("198.51.100.7", 993).named("www.example");

        assertThat(rules.judge(flow.atOpen(), NOW).ends()).isFalse();
        assertThat(rules.judge(flow.speaking(Protocol.TLS), NOW).ends()).isFalse();
        assertThat(rules.judge(flow.speaking(Protocol.HTTP), NOW).ends()).isTrue();
    }

    @Test
    void aNameWhoseAddressTheRoleListsIsWithinIt() throws Exception {
        Rules rules = TestingRules.of(dir, "", "outside: {action: block, mode: enforce}", "203.0.113.0/24");
        TestingFlow flow = mail().named("www.example");

        assertThat(rules.judge(flow.asAsked(), NOW).ends()).isFalse();
        assertThat(rules.judge(flow.at("203.0.113.7", 993).atOpen(), NOW).ends())
                .isFalse();
        assertThat(rules.judge(flow.at("198.51.100.7", 993).atOpen(), NOW).ends())
                .isTrue();
    }

    /** A name that no list knows may lead to a public resolver, which is of its class by address. */
    @Test
    void aNameMayLeadToAnAddressOfTheRolesServiceClass() throws Exception {
        Rules rules =
                TestingRules.of(dir, "", "service-classes: doh-resolver\n    outside: {action: block, mode: enforce}");
        TestingFlow flow = mail().named("dns.corp.example");

        assertThat(rules.judge(flow.asAsked(), NOW).ends()).isFalse();
        assertThat(rules.judge(flow.at("9.9.9.9", 993).atOpen(), NOW).ends()).isFalse();
        assertThat(rules.judge(flow.at("198.51.100.7", 993).atOpen(), NOW).ends())
                .isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"doh-resolver", "[cloud-storage, doh-resolver]"})
    void aRuleThatMayAllowByServiceClassWaitsForTheAddress(String classes) throws Exception {
        Rules rules = TestingRules.of(
                dir,
                "rules: [{name: pass, when: {service-class: " + classes + "}, action: allow, mode: enforce}]",
                "outside: {action: block, mode: enforce}");
        TestingFlow flow = mail().named("dns.corp.example");

        assertThat(rules.judge(flow.asAsked(), NOW).ends()).isFalse();
        assertThat(rules.judge(flow.at("9.9.9.9", 993).atOpen(), NOW).ends()).isFalse();
        assertThat(rules.judge(flow.at("198.51.100.7", 993).atOpen(), NOW).ends())
                .isTrue();
    }

    /** Nobody need be asked for its address. */
    @Test
    void aNameThatNoAddressCanExcuseIsRefusedAsAsked() throws Exception {
        Rules rules = TestingRules.of(
                dir,
                "rules: [{name: pass, when: {service-class: social}, action: allow, mode: enforce}]",
                "service-classes: cloud-storage\n    outside: {action: block, mode: enforce}");

        assertThat(rules.judge(mail().named("www.example").asAsked(), NOW).ends())
                .isTrue();
    }

    /** Whatever an operator writes: what is refused early would have been refused with all known. */
    @ParameterizedTest
    @ValueSource(ints = {1, 5, 40})
    void nothingIsRefusedThatMoreKnowledgeWouldLetPass(int size) {
        Random random = new Random(size);
        int refused = 0;
        for (int round = 0; round < 2_000 / size; round++) {
            TestingPolicies some = new TestingPolicies(random);
            Rules rules = new Rules(some.policy(size));
            for (int ask = 0; ask < 50; ask++) {
                Question whole = some.whole();
                boolean ends = rules.judge(whole, NOW).ends();
                Question atOpen = Question.atOpen(whole.tag(), whole.verifiedName(), whole.address(), whole.port());
                Question asAsked = Question.atOpen(whole.tag(), whole.verifiedName(), Optional.empty(), whole.port());
                for (Question open : List.of(atOpen, asAsked)) {
                    if (rules.judge(open, NOW).ends()) {
                        refused++;
                        assertThat(ends).as("%s", whole).isTrue();
                    }
                }
            }
        }
        assertThat(refused).isGreaterThan(100);
    }
}
