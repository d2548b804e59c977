package io.postern.gateway.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Verdict.Action;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.flow.Protocol;
import io.postern.config.policy.PolicyReader;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Policy where one UID holds several packages: the strictest that one of them would get. */
class SharedUidTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final String INVENTORY = """
            categories: {mail: {}}
            roles: {mailer: {destinations: ["*.acme.example"], outside: {action: block, mode: enforce}}}
            apps:
              com.a: {category: mail, role: mailer, approved: true}
              com.b: {approved: true}
            """;

    @TempDir
    Path dir;

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', textBlock = """
            app: com.b                      | BLOCK
            app: [com.d, com.c]             | BLOCK
            app: com.d                      | ALLOW
            category: mail                  | BLOCK
            approved: false                 | BLOCK
            approved: true                  | BLOCK
            app: com.c, approved: true      | ALLOW
            app: com.b, category: mail      | ALLOW
            """)
    void whatCondemnsOneCondemnsAll(String when, Action expected) throws IOException {
        Rules rules = rules("rules: [{name: r, when: {" + when + "}, action: block, mode: enforce}]");

        assertThat(rules.judge(spoken("com.a+com.b+com.c", "x.acme.example"), NOW)
                        .verdict()
                        .action())
                .isEqualTo(expected);
    }

    @Test
    void anExceptionForOneIsNoneForTheOthers() throws IOException {
        String rule = "rules: [{name: r, when: {protocol: tls}, action: block, mode: enforce}]\n";
        String exception = "{rule: r, app: %s, owner: o, reason: s, until: 2027-01-31}";
        Rules one = rules(rule + "exceptions: [" + exception.formatted("com.b") + "]");
        Rules each = rules(
                rule + "exceptions: [" + exception.formatted("com.b") + ", " + exception.formatted("com.c") + "]");

        assertThat(one.judge(spoken("com.b", "x.example"), NOW).ends()).isFalse();
        assertThat(one.judge(spoken("com.b+com.c", "x.example"), NOW)).satisfies(decision -> {
            assertThat(decision.ends()).isTrue();
            assertThat(decision.verdict().reason()).isEqualTo("r");
            assertThat(decision.matches()).extracting(Match::rule).containsExactlyInAnyOrder("r", "r, excepted for o");
        });
        assertThat(each.judge(spoken("com.b+com.c", "x.example"), NOW).ends()).isFalse();
    }

    @Test
    void aRuleThatAllowsOneIsForThatOne() throws IOException {
        Rules rules =
                rules("rules: [{name: r, when: {app: com.b, destination: x.example}, action: allow, mode: enforce}]");

        assertThat(rules.judge(spoken("com.b+com.c", "x.example"), NOW).ends()).isFalse();
        assertThat(rules.judge(spoken("com.a+com.b", "x.example"), NOW)
                        .verdict()
                        .reason())
                .as("the role of the other still holds")
                .isEqualTo("role:mailer");
    }

    @Test
    void whatMayBeExcusedForEveryoneIsNotRefusedYet() throws IOException {
        Rules rules = rules("""
                rules: [{name: r, when: {port: 443}, action: block, mode: enforce}]
                exceptions: [{rule: r, app: com.b, protocol: tls, owner: o, reason: s, until: 2027-01-31}]
                """);

        assertThat(rules.judge(asked("com.b"), NOW).ends()).isFalse();
        assertThat(rules.judge(asked("com.b+com.c"), NOW).ends()).isTrue();
    }

    @Test
    void aMatchOfSeveralIsToldOnce() throws IOException {
        Rules rules = rules("rules: [{name: r, when: {protocol: tls}, action: block, mode: shadow}]");

        assertThat(rules.judge(spoken("com.b+com.c", "x.example"), NOW).matches())
                .hasSize(1);
    }

    private Rules rules(String text) throws IOException {
        Files.writeString(dir.resolve("p.yaml"), INVENTORY + text);
        var reading = PolicyReader.read(List.of("p.yaml"), dir, Clock.fixed(NOW, ZoneOffset.UTC));
        assertThat(reading.problems()).isEmpty();
        return new Rules(reading.value().orElseThrow());
    }

    private static Question spoken(String app, String name) {
        return new Question(
                tag(app),
                Optional.of(name),
                Optional.empty(),
                Optional.of(InetAddress.getLoopbackAddress()),
                443,
                Optional.of(Protocol.TLS),
                Basis.BYTES);
    }

    private static Question asked(String app) {
        return Question.atOpen(tag(app), Optional.of("x.example"), Optional.of(InetAddress.getLoopbackAddress()), 443);
    }

    private static AppTag tag(String app) {
        return new AppTag("LC01", "work", app, DeviceAssurance.CONCENTRATOR, AppAssurance.SHARED_UID);
    }
}
