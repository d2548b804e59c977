package io.postern.gateway.rules;

import static io.postern.gateway.rules.TestingFlow.mail;
import static io.postern.gateway.rules.TestingRules.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Verdict.Action;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Protocol;
import io.postern.config.policy.Policy.Mode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What policy files say of flows: read as an operator writes them, asked as the stages ask. */
class RulesTest {

    @TempDir
    Path dir;

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', textBlock = """
            app: com.acme.mail                       | BLOCK
            app: [com.acme.chat, com.acme.mail]      | BLOCK
            app: com.acme.chat                       | ALLOW
            category: mail                           | BLOCK
            category: game                           | ALLOW
            role: mail-client                        | BLOCK
            profile: work                            | BLOCK
            profile: "10"                            | ALLOW
            approved: true                           | BLOCK
            approved: false                          | ALLOW
            service-class: cloud-storage             | BLOCK
            service-class: social                    | ALLOW
            destination: www.dropbox.com             | BLOCK
            destination: "*.dropbox.com"             | BLOCK
            destination: dropbox.com                 | ALLOW
            destination: 198.51.100.0/24             | BLOCK
            destination: 198.51.100.8                | ALLOW
            protocol: tls                            | BLOCK
            protocol: [http, tls]                    | BLOCK
            protocol: http                           | ALLOW
            port: 8443                               | BLOCK
            port: 8000-8999                          | BLOCK
            port: [80, 443]                          | ALLOW
            device: {locked: true}                   | ALLOW
            device: {locked: unknown}                | BLOCK
            device: {background: false}              | ALLOW
            device: {no-interaction: 10m}            | ALLOW
            device: {no-interaction: unknown}        | BLOCK
            group: executives                        | BLOCK
            group: [field, carriers]                 | BLOCK
            group: field                             | ALLOW
            managed: true                            | ALLOW
            managed: unknown                         | BLOCK
            newly-installed: true                    | ALLOW
            just-updated: false                      | ALLOW
            signer-changed: unknown                  | BLOCK
            posture: [at-risk, compromised]          | ALLOW
            posture: [compromised, unknown]          | BLOCK
            list: names                              | BLOCK
            list: addresses                          | BLOCK
            list: [elsewhere, names]                 | BLOCK
            list: elsewhere                          | ALLOW
            time: {days: sat}                        | BLOCK
            time: {days: mon-fri}                    | ALLOW
            time: {from: "12:00", to: "13:00"}       | BLOCK
            time: {from: "13:00", to: "12:00"}       | ALLOW
            time: [{days: sun}, {days: fri-sun}]     | BLOCK
            time: {from: "12:00", zone: Asia/Tokyo}  | BLOCK
            time: {to: "12:00", zone: Asia/Tokyo}    | ALLOW
            """)
    void aConditionHoldsOrNot(String when, Action expected) throws Exception {
        Rules rules = TestingRules.of(dir, "rules: [{name: r, when: {" + when + "}, action: block, mode: enforce}]");

        assertThat(rules.judge(
                                mail().at("198.51.100.7", 8443)
                                        .named("www.dropbox.com")
                                        .speaking(Protocol.TLS),
                                NOW)
                        .verdict()
                        .action())
                .isEqualTo(expected);
    }

    /** An app that carries its resolver with it by address need not say a name there. */
    @ParameterizedTest
    @CsvSource({
        "1.1.1.1, true",
        "8.8.4.4, true",
        "2620:fe::fe, true",
        "2606:4700:4700:0:0:0:0:1111, true",
        "1.1.1.4, false",
        "192.0.2.1, false"
    })
    void aPublicResolverIsKnownByItsAddress(String address, boolean blocked) throws Exception {
        Rules rules = TestingRules.of(
                dir, "rules: [{name: no-doh, when: {service-class: doh-resolver}, action: block, mode: enforce}]");
        assertThat(rules.judge(mail().at(address, 443).atOpen(), NOW).ends()).isEqualTo(blocked);
        assertThat(rules.judge(
                                mail().at(address, 443)
                                        .claiming("www.acme.example")
                                        .speaking(Protocol.TLS),
                                NOW)
                        .ends())
                .isEqualTo(blocked);
    }

    /** Plain DNS has a rule of its own, and may be what quarantine leaves to a device. */
    @Test
    void plainDnsToAPublicResolverIsNoDoh() throws Exception {
        Rules rules = TestingRules.of(
                dir, "rules: [{name: no-doh, when: {service-class: doh-resolver}, action: block, mode: enforce}]");
        assertThat(rules.judge(mail().at("8.8.8.8", 53).atOpen(), NOW).ends()).isFalse();
        assertThat(rules.judge(mail().at("8.8.8.8", 53).speaking(Protocol.DNS), NOW)
                        .ends())
                .isFalse();
        assertThat(rules.judge(mail().at("8.8.8.8", 53).named("dns.google").speaking(Protocol.DNS), NOW)
                        .ends())
                .as("by name it is what the policy says of the name")
                .isTrue();
        assertThat(rules.judge(mail().at("8.8.8.8", 853).speaking(Protocol.TLS), NOW)
                        .ends())
                .isTrue();
    }

    @Test
    void allConditionsMustHold() throws Exception {
        Rules rules = TestingRules.of(
                dir, "rules: [{name: r, when: {app: com.acme.mail, protocol: http}, action: block, mode: enforce}]");

        assertThat(rules.judge(mail().speaking(Protocol.TLS), NOW).ends()).isFalse();
        assertThat(rules.judge(mail().speaking(Protocol.HTTP), NOW).ends()).isTrue();
    }

    @Test
    void whatIsNotKnownYetDoesNotHold() throws Exception {
        Rules rules =
                TestingRules.of(dir, "rules: [{name: r, when: {protocol: unknown}, action: block, mode: enforce}]");

        assertThat(rules.judge(mail().atOpen(), NOW).ends()).isFalse();
        assertThat(rules.judge(mail().speaking(Protocol.UNKNOWN), NOW).ends()).isTrue();
    }

    @Test
    void aClaimedNameCondemns() throws Exception {
        Rules rules = TestingRules.of(
                dir, "rules: [{name: r, when: {destination: evil.example}, action: block, mode: enforce}]");

        assertThat(rules.judge(mail().claiming("evil.example").speaking(Protocol.TLS), NOW)
                        .ends())
                .isTrue();
    }

    @Test
    void aClaimedNameIsNoGroundToAllow() throws Exception {
        Rules rules = TestingRules.of(
                dir,
                "rules: [{name: pass, when: {destination: ok.example}, action: allow, mode: enforce}]",
                "outside: {action: block, mode: enforce}");

        assertThat(rules.judge(mail().claiming("ok.example").speaking(Protocol.TLS), NOW)
                        .ends())
                .isTrue();
        assertThat(rules.judge(
                                mail().at("198.51.100.7", 993)
                                        .named("ok.example")
                                        .speaking(Protocol.TLS),
                                NOW)
                        .ends())
                .isFalse();
    }

    @Test
    void aClaimedNameThatIsListedCondemns() throws Exception {
        Rules rules =
                TestingRules.of(dir, "rules: [{name: feed, when: {list: elsewhere}, action: block, mode: enforce}]");

        assertThat(rules.judge(mail().claiming("c2.bad.example").speaking(Protocol.TLS), NOW)
                        .ends())
                .isTrue();
    }

    @Test
    void anExceptionIsForItsGroupAndProfile() throws Exception {
        Rules rules = TestingRules.of(dir, """
                rules: [{name: no-tls, when: {protocol: tls}, action: block, mode: enforce}]
                exceptions:
                  - {rule: no-tls, group: executives, profile: work, owner: it, reason: asked, until: 2026-12-31}
                """);

        assertThat(rules.judge(mail().speaking(Protocol.TLS), NOW).ends()).isFalse();
        assertThat(rules.judge(mail().on("LC02").speaking(Protocol.TLS), NOW).ends())
                .isTrue();
    }

    @Test
    void aMomentChangesWithWindowsAndWithTheDayOfExceptions() throws Exception {
        Rules hours =
                TestingRules.of(dir, "rules: [{name: r, when: {time: {from: '12:00', to: '13:00'}}, action: block}]");
        Rules days = TestingRules.of(dir, "exceptions: [{analytic: AN1770, owner: a, reason: b, until: 2026-11-21}]");
        Instant night = Instant.parse("2026-11-22T00:00:00Z");

        assertThat(hours.moment(NOW)).isEqualTo(hours.moment(NOW.plusSeconds(3_599)));
        assertThat(hours.moment(NOW)).isNotEqualTo(hours.moment(NOW.plusSeconds(3_600)));
        assertThat(hours.moment(night.minusSeconds(1))).isEqualTo(hours.moment(night));
        assertThat(days.moment(NOW)).isEqualTo(days.moment(night.minusSeconds(1)));
        assertThat(days.moment(NOW)).isNotEqualTo(days.moment(night));
    }

    /** A share of devices is that share, within what chance allows, and only grows. */
    @Test
    void aStageGrowsAndNobodyLeavesIt() throws Exception {
        List<String> devices =
                IntStream.range(0, 10_000).mapToObj(i -> "LC" + i).toList();
        Set<String> before = Set.of();
        for (int share : List.of(0, 1, 10, 50, 99, 100)) {
            Rules rules = TestingRules.of(
                    dir,
                    "rules: [{name: no-tls, when: {protocol: tls}, action: block, mode: enforce, stage: " + share
                            + "%}]");
            Set<String> blocked = devices.stream()
                    .filter(device -> rules.judge(mail().on(device).speaking(Protocol.TLS), NOW)
                            .ends())
                    .collect(Collectors.toSet());
            int chance = (int) (4 * Math.sqrt(share * (100.0 - share)));
            assertThat(blocked).containsAll(before).hasSizeBetween(share * 100 - chance, share * 100 + chance);
            before = blocked;
        }
    }

    @Test
    void whoIsNotYetInAStageIsShadowed() throws Exception {
        Rules rules = TestingRules.of(
                dir, "rules: [{name: no-tls, when: {protocol: tls}, action: block, mode: enforce, stage: 0%}]");
        Decision decision = rules.judge(mail().speaking(Protocol.TLS), NOW);

        assertThat(decision.ends()).isFalse();
        assertThat(decision.matches())
                .containsExactly(new Match("no-tls", Precedence.DENY, Action.BLOCK, Mode.SHADOW))
                .allMatch(Match::wouldBlock);
    }

    @Test
    void aFlowWithoutADeviceIsInNoStageButTheLast() throws Exception {
        Rules staged = TestingRules.of(dir, "rules: [{name: no-tls, action: block, mode: enforce, stage: 99%}]");
        Rules whole = TestingRules.of(dir, "rules: [{name: no-tls, action: block, mode: enforce}]");

        assertThat(staged.judge(Question.atOpen(AppTag.UNATTRIBUTED, Optional.empty(), Optional.empty(), 443), NOW)
                        .ends())
                .isFalse();
        assertThat(whole.judge(Question.atOpen(AppTag.UNATTRIBUTED, Optional.empty(), Optional.empty(), 443), NOW)
                        .ends())
                .isTrue();
    }

    @Test
    void aClaimedNameDoesNotExcuseFromARole() throws Exception {
        Rules rules = TestingRules.of(dir, "", "outside: {action: block, mode: enforce}");

        assertThat(rules.judge(
                                mail().at("198.51.100.7", 993)
                                        .claiming("mail.acme.example")
                                        .speaking(Protocol.TLS),
                                NOW)
                        .ends())
                .isTrue();
        assertThat(rules.judge(
                                mail().at("198.51.100.7", 993)
                                        .named("mail.acme.example")
                                        .speaking(Protocol.TLS),
                                NOW)
                        .ends())
                .isFalse();
    }

    @ParameterizedTest(name = "{0} on {1} leaves the role: {2}")
    @CsvSource({"TLS, 993, false", "TLS, 8443, true", "HTTP, 80, true", "UNKNOWN, 8443, false"})
    void aRoleListsThePortsOfItsProtocols(Protocol protocol, int port, boolean outside) throws Exception {
        Rules rules = TestingRules.of(dir, "", "outside: {action: block, mode: enforce}");

        assertThat(rules.judge(
                                mail().at("198.51.100.7", port)
                                        .named("mail.acme.example")
                                        .speaking(protocol),
                                NOW)
                        .ends())
                .isEqualTo(outside);
    }

    @Test
    void aRoleThatSaysNothingOfTheOutsideAllowsIt() throws Exception {
        assertThat(TestingRules.of(dir, "").judge(mail().named("evil.example").speaking(Protocol.HTTP), NOW))
                .isEqualTo(Decision.ALLOW);
    }

    @Test
    void anExceptionLiftsItsRuleUntilItsDayIsOver() throws Exception {
        Rules rules = TestingRules.of(dir, """
                rules: [{name: no-tls, when: {protocol: tls}, action: block, mode: enforce}]
                exceptions: [{rule: no-tls, app: com.acme.mail, port: 8443, owner: dev-tools, reason: staging, until: 2026-11-21}]
                """);
        Question excepted = mail().at("198.51.100.7", 8443).speaking(Protocol.TLS);

        assertThat(rules.judge(excepted, Instant.parse("2026-11-21T23:59:59Z")).ends())
                .isFalse();
        assertThat(rules.judge(excepted, Instant.parse("2026-11-22T00:00:00Z")).ends())
                .isTrue();
        assertThat(rules.judge(mail().at("198.51.100.7", 8444).speaking(Protocol.TLS), NOW)
                        .ends())
                .as("outside its scope")
                .isTrue();
        assertThat(rules.judge(excepted, NOW).matches())
                .as("whoever asks why it passed is told")
                .extracting(Match::rule)
                .containsExactly("no-tls, excepted for dev-tools");
    }

    @Test
    void aRuleThatIsOffIsNotThere() throws Exception {
        Rules rules = TestingRules.of(dir, "rules: [{name: r, action: block, mode: 'off'}]");

        assertThat(rules.judge(mail().speaking(Protocol.TLS), NOW).matches()).isEmpty();
    }

    @ParameterizedTest(name = "{0} to port {1} -> {2}")
    @CsvSource({
        "true, 25, port:25",
        "true, 4444, ''",
        "false, 443, ''",
        "false, 4444, port:unattributed",
        "false, 25, port:25"
    })
    void portsThatMayBeDialled(boolean attributed, int port, String refusal) {
        AppTag tag = attributed ? mail().tag() : AppTag.UNATTRIBUTED;

        assertThat(PortPolicy.refusal(tag, port).orElse("")).isEqualTo(refusal);
    }
}
