package io.postern.gateway.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Verdict.Action;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.flow.Protocol;
import io.postern.config.policy.Policy.Mode;
import io.postern.config.policy.PolicyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What findings say of a flow, among what rules say. */
class FoundTest {

    private static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");
    private static final Match BLOCKS = new Match("AN1827", Precedence.ANALYTIC, Action.BLOCK, Mode.ENFORCE);

    @TempDir
    Path dir;

    @Test
    void aFindingTightensAndARuleThatAllowsLiftsIt() throws IOException {
        assertThat(judge("rules: []\n", recognised()).verdict().action()).isEqualTo(Action.BLOCK);
        assertThat(judge("rules: [{name: mine, when: {port: 443}, action: allow, mode: enforce}]\n", recognised())
                        .verdict()
                        .action())
                .isEqualTo(Action.ALLOW);
        Decision both = judge(
                "rules: [{name: odd, when: {port: 443}, action: throttle, rate: 2KiB, mode: enforce}]\n", recognised());
        assertThat(both.verdict().reason()).isEqualTo("AN1827");
        assertThat(both.matches()).extracting(Match::rule).containsExactly("AN1827", "odd");
    }

    @Test
    void whatMayStillBeAllowedIsNotRefusedAtOpen() throws IOException {
        String policy = "rules: [{name: mine, when: {protocol: tls}, action: allow, mode: enforce}]\n";
        assertThat(judge(policy, open()).ends()).isFalse();
        assertThat(judge(policy, recognised()).ends()).isFalse();
        assertThat(judge("rules: []\n", open()).ends()).isTrue();
    }

    @Test
    void theLowestRateHolds() throws IOException {
        Decision decision = judge("""
                rules:
                  - {name: one, when: {port: 443}, action: throttle, rate: 4KiB, mode: enforce}
                  - {name: two, when: {port: 443}, action: throttle, rate: 2KiB, mode: enforce}
                  - {name: three, when: {port: 443}, action: throttle, rate: 1KiB, mode: shadow}
                """, recognised(), List.of());
        assertThat(decision.verdict().action()).isEqualTo(Action.THROTTLE);
        assertThat(decision.bytesPerSecond()).isEqualTo(2 << 10);
    }

    private Decision judge(String policy, Question question) throws IOException {
        return judge(policy, question, List.of(BLOCKS));
    }

    private Decision judge(String policy, Question question, List<Match> found) throws IOException {
        Files.writeString(dir.resolve("p.yaml"), policy);
        return new Rules(PolicyReader.read(List.of("p.yaml"), dir).value().orElseThrow())
                .judge(question, NOW, FactSource.NOBODY, found);
    }

    private static Question open() {
        return Question.atOpen(tag(), Optional.of("a.example"), Optional.empty(), 443);
    }

    private static Question recognised() {
        return new Question(
                tag(),
                Optional.of("a.example"),
                Optional.of("a.example"),
                Optional.empty(),
                443,
                Optional.of(Protocol.TLS),
                Basis.BYTES);
    }

    private static AppTag tag() {
        return new AppTag("LC01", "work", "com.acme.app", DeviceAssurance.TAG_VERIFIED, AppAssurance.DEVICE_ASSERTED);
    }
}
