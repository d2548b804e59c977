package io.postern.gateway.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Verdict.Action;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.flow.Protocol;
import io.postern.config.policy.Policy.Mode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What stands above written policy. */
class OverrulesTest {

    private static final Decision BLOCKED =
            Decision.of(List.of(new Match("no", Precedence.DENY, Action.BLOCK, Mode.ENFORCE)));
    private static final Contained EVERYBODY =
            (tag, now) -> Optional.of(new Contained.Containment("q-1", "this app\nHelp: ask"));
    private static final Reach HELP = new Reach(
            List.of(new Reach.Line(Set.of("com.acme.mail", "com.acme.two"), List.of("help.example"), Set.of(443))));

    private static Question asked(String app, String name) {
        return Question.atOpen(tag(app), Optional.of(name), Optional.empty(), 443);
    }

    private static AppTag tag(String app) {
        return new AppTag("LC01", "work", app, DeviceAssurance.TAG_VERIFIED, AppAssurance.DEVICE_ASSERTED);
    }

    private static Decision after(Overrules overrules, Decision policy, Question question) {
        return overrules.after(policy, question, Instant.EPOCH);
    }

    private static Overrules neverBreaking(Reach reach) {
        return new Overrules(EVERYBODY, Reach.NONE, reach, () -> false);
    }

    @Test
    void whatNobodySpeaksAboveStaysAsItIs() {
        assertThat(after(Overrules.NONE, BLOCKED, asked("com.acme.mail", "a.example")))
                .isSameAs(BLOCKED);
        assertThat(after(
                        neverBreaking(HELP),
                        BLOCKED,
                        Question.atOpen(AppTag.UNATTRIBUTED, Optional.empty(), Optional.empty(), 443)))
                .as("who is nobody is not contained")
                .isSameAs(BLOCKED);
    }

    @Test
    void aQuarantineEndsWhatPolicyAllowsAndSaysWhoToAsk() {
        Decision decision = after(neverBreaking(Reach.NONE), Decision.ALLOW, asked("com.acme.mail", "a.example"));

        assertThat(decision.verdict().action()).isEqualTo(Action.QUARANTINE);
        assertThat(decision.verdict().reason()).isEqualTo("quarantine:q-1");
        assertThat(decision.told()).isEqualTo("quarantine:q-1\nthis app\nHelp: ask");
    }

    @Test
    void whatQuarantineAllowsIsPolicysAgain() {
        Overrules overrules = new Overrules(EVERYBODY, HELP, Reach.NONE, () -> false);

        assertThat(after(overrules, Decision.ALLOW, asked("com.acme.mail", "help.example"))
                        .ends())
                .isFalse();
        assertThat(after(overrules, BLOCKED, asked("com.acme.mail", "help.example"))
                        .verdict()
                        .action())
                .isEqualTo(Action.BLOCK);
        assertThat(after(overrules, Decision.ALLOW, asked("com.acme.chat", "help.example"))
                        .ends())
                .as("another app")
                .isTrue();
        assertThat(after(overrules, Decision.ALLOW, asked("com.acme.mail", "x.help.example"))
                        .ends())
                .as("another host")
                .isTrue();
    }

    @Test
    void whatIsNeverBrokenWouldNotHaveBeenEndedEither() {
        Decision watched = Decision.of(List.of(new Match("r", Precedence.DENY, Action.BLOCK, Mode.ALERT)));
        Overrules overrules = new Overrules(Contained.NOBODY, Reach.NONE, HELP, () -> false);

        Decision spared = after(overrules, watched, asked("com.acme.mail", "help.example"));
        assertThat(spared.would(List.of())).isEmpty();
        assertThat(spared.verdict()).isEqualTo(watched.verdict());
        assertThat(after(overrules, watched, asked("com.acme.mail", "a.example"))
                        .would(List.of()))
                .hasSize(1);
    }

    @Test
    void whatIsNeverBrokenIsLiftedFromDenyAndQuarantine() {
        Decision decision = after(neverBreaking(HELP), BLOCKED, asked("com.acme.mail", "help.example"));

        assertThat(decision.verdict().action()).isEqualTo(Action.ALLOW);
        assertThat(decision.matches())
                .extracting(Match::rank)
                .containsExactly(Precedence.DENY, Precedence.QUARANTINE, Precedence.NEVER_BREAK);
    }

    /** Anybody can claim a name. */
    @Test
    void aClaimedNameSparesNothing() throws UnknownHostException {
        InetAddress address = InetAddress.getByAddress(new byte[] {(byte) 203, 0, 113, 9});
        Question claims = new Question(
                tag("com.acme.mail"),
                Optional.empty(),
                Optional.of("help.example"),
                Optional.of(address),
                443,
                Optional.of(Protocol.TLS),
                Basis.BYTES);
        assertThat(after(neverBreaking(HELP), Decision.ALLOW, claims).ends()).isTrue();

        Question fronts = new Question(
                tag("com.acme.mail"),
                Optional.of("help.example"),
                Optional.of("evil.example"),
                Optional.of(address),
                443,
                Optional.of(Protocol.TLS),
                Basis.BYTES);
        assertThat(after(neverBreaking(HELP), Decision.ALLOW, fronts).ends())
                .as("nor a resolved one where the client then claims another")
                .isTrue();
    }

    @Test
    void ofSeveralPackagesOfOneUidAllMustBeSpared() {
        assertThat(after(neverBreaking(HELP), BLOCKED, asked("com.acme.mail+com.acme.two", "help.example"))
                        .ends())
                .isFalse();
        assertThat(after(neverBreaking(HELP), BLOCKED, asked("com.acme.mail+com.acme.x", "help.example"))
                        .ends())
                .isTrue();
    }

    /** Each name that is resolved leaves the gateway as a query, whoever answers it. */
    @Test
    void anAddressSparesWhoAsksForItAndNoName() throws UnknownHostException {
        Optional<InetAddress> listed = Optional.of(InetAddress.getByAddress(new byte[] {(byte) 203, 0, 113, 9}));
        Reach network = new Reach(List.of(new Reach.Line(Set.of(), List.of("203.0.113.0/24"), Set.of())));
        Overrules allowing = new Overrules(EVERYBODY, network, Reach.NONE, () -> false);
        AppTag mail = tag("com.acme.mail");
        Optional<String> name = Optional.of("secret.evil.example");

        for (Overrules overrules : List.of(neverBreaking(network), allowing)) {
            assertThat(after(overrules, Decision.ALLOW, asked("com.acme.mail", "secret.evil.example"))
                            .ends())
                    .as("before it is resolved")
                    .isTrue();
            assertThat(after(overrules, Decision.ALLOW, Question.atOpen(mail, name, listed, 443))
                            .ends())
                    .as("nor afterwards")
                    .isTrue();
            assertThat(after(overrules, Decision.ALLOW, Question.atOpen(mail, Optional.empty(), listed, 443))
                            .ends())
                    .isFalse();
        }
    }

    @Test
    void aRehearsalIsJudgedAsIfTheKillSwitchWereOff() {
        Overrules killed = new Overrules(EVERYBODY, Reach.NONE, Reach.NONE, () -> true);

        assertThat(after(killed.enforcing(), BLOCKED, asked("com.acme.mail", "a.example"))
                        .ends())
                .isTrue();
    }

    @Test
    void theKillSwitchLeavesAnAlert() {
        Overrules killed = new Overrules(EVERYBODY, Reach.NONE, Reach.NONE, () -> true);

        Decision decision = after(killed, BLOCKED, asked("com.acme.mail", "a.example"));
        assertThat(decision.verdict().action()).isEqualTo(Action.ALERT);
        assertThat(decision.verdict().reason()).isEqualTo("kill-switch");
        assertThat(decision.matches()).hasSize(3);
    }
}
