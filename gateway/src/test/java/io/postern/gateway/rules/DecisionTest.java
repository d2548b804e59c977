package io.postern.gateway.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Verdict.Action;
import io.postern.config.policy.Policy.Mode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecisionTest {

    @Test
    void nothingSaidIsAllowed() {
        assertThat(Decision.of(List.of()).verdict().action()).isEqualTo(Action.ALLOW);
    }

    @ParameterizedTest(name = "{0} in mode {1} is {2}, would block: {3}")
    @CsvSource({
        "BLOCK, SHADOW, ALLOW, true",
        "BLOCK, ALERT, ALERT, true",
        "BLOCK, ENFORCE, BLOCK, false",
        "ALERT, SHADOW, ALLOW, false",
        "ALERT, ALERT, ALERT, false",
        "ALLOW, ALERT, ALLOW, false",
    })
    void aModeSaysHowSeriouslyARuleIsMeant(Action wanted, Mode mode, Action effective, boolean wouldBlock) {
        Match match = new Match("r", Precedence.DENY, wanted, mode);

        assertThat(Decision.of(List.of(match)).verdict().action()).isEqualTo(effective);
        assertThat(match.wouldBlock()).isEqualTo(wouldBlock);
    }

    @Test
    void insideOneRankTheStrictestHoldsAndNamesItself() {
        Decision decision = Decision.of(List.of(
                enforced("blocks", Precedence.DENY, Action.BLOCK), enforced("alerts", Precedence.DENY, Action.ALERT)));

        assertThat(decision.verdict().action()).isEqualTo(Action.BLOCK);
        assertThat(decision.verdict().reason()).isEqualTo("blocks");
    }

    @Test
    void anAlertOfAStrongRankDoesNotWeakenABlockOfAWeakOne() {
        Decision decision = Decision.of(List.of(
                enforced("role", Precedence.ROLE_DEFAULT, Action.BLOCK),
                enforced("alerts", Precedence.DENY, Action.ALERT)));

        assertThat(decision.verdict().action()).isEqualTo(Action.BLOCK);
    }

    @ParameterizedTest(name = "{0} lifts {1}: {2}")
    @CsvSource({
        "EXCEPTION, ROLE_DEFAULT, true",
        "EXCEPTION, ANALYTIC, true",
        "EXCEPTION, DENY, false",
        "EXCEPTION, QUARANTINE, false",
        "NEVER_BREAK, DENY, true",
        "NEVER_BREAK, QUARANTINE, true",
        "KILL_SWITCH, QUARANTINE, true",
    })
    void aRankLiftsWhatIsBelowIt(Precedence lifting, Precedence blocking, boolean lifted) {
        Decision decision = Decision.of(
                List.of(enforced("blocks", blocking, Action.BLOCK), enforced("lifts", lifting, Action.ALLOW)));

        assertThat(decision.ends()).isEqualTo(!lifted);
    }

    @ParameterizedTest(name = "{0} under {1} would: {2}")
    @CsvSource({
        "ROLE_DEFAULT, EXCEPTION, false",
        "ANALYTIC, EXCEPTION, false",
        "DENY, EXCEPTION, true",
        "DENY, NEVER_BREAK, false",
        "DENY, KILL_SWITCH, true",
    })
    void whatIsLiftedWouldHaveEndedNothing(Precedence watched, Precedence above, boolean would) {
        Decision decision = Decision.of(List.of(
                new Match("watched", watched, Action.BLOCK, Mode.SHADOW), enforced("above", above, Action.ALLOW)));

        assertThat(decision.would(List.of())).hasSize(would ? 1 : 0);
    }

    @Test
    void whatWouldHaveEndedItEarlierCountsOnceWithItsNewestWord() {
        Match atOpen = new Match("at-open", Precedence.DENY, Action.BLOCK, Mode.SHADOW);
        Match stays = new Match("stays", Precedence.DENY, Action.BLOCK, Mode.SHADOW);
        List<Match> first = Decision.of(List.of(atOpen, stays)).would(List.of());
        Match newest = new Match("stays", Precedence.DENY, Action.THROTTLE, Mode.ALERT);

        assertThat(Decision.of(List.of(newest)).would(first)).containsExactly(atOpen, newest);
        assertThat(Decision.ALLOW.would(first)).isEqualTo(first);
    }

    @Test
    void theRateOfWhatWasLiftedCountsNoMore() {
        Match low = throttles("low", Precedence.ROLE_DEFAULT, 1_024);
        Match lifts = enforced("lifts", Precedence.EXCEPTION, Action.ALLOW);
        Match high = throttles("high", Precedence.DENY, 65_536);

        assertThat(Decision.of(List.of(low, high)).bytesPerSecond()).isEqualTo(1_024);
        assertThat(Decision.of(List.of(low, lifts, high)).bytesPerSecond()).isEqualTo(65_536);
    }

    @Test
    void ofSeveralThatThrottleTheLowestRateHoldsThoughOneIsLifted() {
        Match low = throttles("low", Precedence.ROLE_DEFAULT, 1_024);
        Match lifts = enforced("lifts", Precedence.EXCEPTION, Action.ALLOW);
        Match high = throttles("high", Precedence.DENY, 65_536);
        Decision lifted = Decision.of(List.of(low, lifts, high));

        assertThat(Decision.strictest(List.of(lifted, Decision.ALLOW)).bytesPerSecond())
                .isEqualTo(65_536);
        assertThat(Decision.strictest(List.of(lifted, Decision.of(List.of(low))))
                        .bytesPerSecond())
                .isEqualTo(1_024);
    }

    private static Match throttles(String rule, Precedence rank, long bytesPerSecond) {
        return new Match(rule, "", rank, Action.THROTTLE, Mode.ENFORCE, bytesPerSecond);
    }

    @Test
    void aShadowedExceptionLiftsNothing() {
        Decision decision = Decision.of(List.of(
                enforced("role", Precedence.ROLE_DEFAULT, Action.BLOCK),
                new Match("planned", Precedence.EXCEPTION, Action.ALLOW, Mode.SHADOW)));

        assertThat(decision.ends()).isTrue();
    }

    @Test
    void everyMatchIsKeptWeakestRankFirst() {
        Match rule = enforced("rule", Precedence.DENY, Action.ALERT);
        Match role = enforced("role", Precedence.ROLE_DEFAULT, Action.ALERT);

        assertThat(Decision.of(List.of(rule, role)).matches()).containsExactly(role, rule);
    }

    private static Match enforced(String name, Precedence rank, Action action) {
        return new Match(name, rank, action, Mode.ENFORCE);
    }
}
