package io.postern.analytics.attack;

import static io.postern.analytics.attack.Stage.APP;
import static io.postern.analytics.attack.Stage.DAY;
import static io.postern.analytics.attack.Stage.HOUR;
import static io.postern.analytics.attack.Stage.MINUTE;
import static io.postern.analytics.attack.Stage.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.baseline.Subject;
import io.postern.analytics.detect.Finding.Activity;
import io.postern.analytics.detect.Finding.Severity;
import io.postern.analytics.flow.InClear.Naming;
import io.postern.analytics.flow.InClear.Payload;
import io.postern.analytics.flow.Protocol;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules that hold for all five. */
class RulesTest {

    private static final Beat TEN_MINUTES = Beat.every(Duration.ofMinutes(10)).jitter(0.2);
    private static final Beat NOW_AND_THEN = Beat.every(Duration.ofHours(2)).jitter(0.95);

    private final Stage stage = new Stage();
    private final Traffic api = stage.flows(APP, "api.torch.example").of("app-backend");
    private final Traffic home = stage.flows(APP, "home.example");

    @BeforeEach
    void theAppIsKnownForItsOwnServer() {
        stage.learnt(10, api);
    }

    private void isLow() {
        for (Analytic each : FiveAnalytics.all(Settings.DEFAULTS)) {
            assertThat(stage.score(each.id(), APP)).as(each.id()).isLessThan(Severity.MEDIUM.from());
        }
        stage.isSilent();
    }

    // 1. Correlate.

    @Test
    void stateAloneIsNothing() {
        stage.agent()
                .unattended(START, START + 3 * DAY)
                .installed(APP, START, Agent.sideloaded(START - HOUR))
                .started(APP, START + HOUR);
        api.by(NOW_AND_THEN, START, START + 3 * DAY);
        stage.play();
        for (Analytic each : FiveAnalytics.all(Settings.DEFAULTS)) {
            assertThat(stage.score(each.id(), APP)).as(each.id()).isZero();
        }
        stage.isSilent();
    }

    @Test
    void aClockAloneIsNeverMoreThanLow() {
        stage.knowsNoFleet().agent().unattended(START, START + 3 * DAY);
        home.sized(500, 500).by(TEN_MINUTES, START, START + 3 * DAY);
        stage.play();
        isLow();
    }

    @Test
    void aNewDestinationAloneIsNeverMoreThanLow() {
        stage.agent().unattended(START, START + 3 * DAY);
        home.of("paste").by(NOW_AND_THEN, START, START + 3 * DAY);
        stage.play();
        isLow();
    }

    @Test
    void telemetryAloneIsNeverMoreThanLow() {
        stage.agent().unattended(START, START + DAY).stages(APP, START + HOUR).encrypts(APP, START + HOUR);
        api.about(400_000, 900).at(START + HOUR + MINUTE);
        stage.play();
        isLow();
    }

    // 2. Unknown is not false.

    @Test
    void whatNobodyTellsIsNeitherForNorAgainst() {
        home.speaking(Protocol.TLS, 8443).by(TEN_MINUTES, START, START + DAY);
        stage.play();
        stage.finds("AN1827")
                .notBecause("in-background", "device-locked", "nobody-at-the-device", "app-not-managed")
                .notVisible("app-state", "lock", "interaction", "inventory");
    }

    @Test
    void aSourceThatFellSilentIsNotBelievedForEver() {
        stage.agent().unattended(START, START + HOUR);
        home.speaking(Protocol.TLS, 8443).by(TEN_MINUTES, START + 3 * HOUR, START + DAY);
        stage.play();
        stage.finds("AN1827").notBecause("device-locked", "in-background").notVisible("lock", "app-state");
    }

    // 3. Two streams.

    @Test
    void aBeaconUnderUserTrafficStandsOutInTheBackground() {
        underUse(true);
        stage.finds("AN1793").because("clock-in-background").notBecause("clock");
    }

    @Test
    void withoutContextThereIsNoSuchStream() {
        underUse(false);
        assertThat(stage.told())
                .noneMatch(found -> found.evidence().stream()
                        .anyMatch(each -> each.feature().equals("clock-in-background")));
    }

    /** Every other hour somebody uses the app all the while; the beacon never stops. */
    private void underUse(boolean context) {
        for (int hour = 0; hour < 24; hour++) {
            long began = START + hour * HOUR;
            boolean used = hour % 2 == 0;
            if (context && used) {
                stage.agent().inUse(APP, began, began + HOUR - 1);
            } else if (context) {
                stage.agent().unattended(began, began + HOUR - 1).inBackground(APP, began);
            }
            if (used) {
                home.by(Beat.every(Duration.ofSeconds(50)).jitter(0.95).seed(hour), began + MINUTE, began + HOUR);
            }
        }
        home.by(Beat.every(Duration.ofMinutes(5)).jitter(0.1), START, START + DAY);
        stage.play();
    }

    // 4. Late facts re-score.

    @Test
    void whatIsToldTwoHoursLateMakesAFindingThatNeverBlocks() {
        api.at(START);
        long then = START + 8 * DAY;
        stage.agent("LC01", "logs")
                .late(Duration.ofHours(2))
                .unattended(then - HOUR, then + HOUR)
                .stages(APP, then - 3 * MINUTE)
                .encrypts(APP, then - 2 * MINUTE);
        home.about(400_000, 900).at(then);
        stage.play();
        stage.finds("AN1716")
                .because("crypto-before", "staging-before", "device-locked")
                .mayBlock(false);
    }

    @Test
    void whatRecursAfterALateFactMayBlock() {
        whatIsToldTwoHoursLateMakesAFindingThatNeverBlocks();
        long again = START + 9 * DAY;
        stage.agent()
                .unattended(again - HOUR, again + HOUR)
                .stages(APP, again - 3 * MINUTE)
                .encrypts(APP, again - 2 * MINUTE);
        home.about(400_000, 900).at(again);
        stage.play();
        stage.finds("AN1716").because("crypto-before", "staging-before").mayBlock(true);
    }

    @Test
    void whatIsToldLateOfOneCheckInCountsThoughOthersCameSince() {
        long then = START + HOUR;
        stage.agent("LC01", "logs")
                .late(Duration.ofHours(2))
                .unattended(then - HOUR, then + HOUR)
                .stages(APP, then - 3 * MINUTE)
                .encrypts(APP, then - 2 * MINUTE);
        home.about(400_000, 900).at(then);
        home.at(then + 47 * MINUTE);
        stage.play();
        stage.finds("AN1716").because("crypto-before", "staging-before").mayBlock(false);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 9})
    void factsWithinTimeWindowCountAlsoWhenToldLate(int minutesBefore) {
        long then = START + HOUR;
        stage.agent("LC01", "logs")
                .late(Duration.ofHours(2))
                .unattended(then - HOUR, then + HOUR)
                .encrypts(APP, then - minutesBefore * MINUTE);
        home.about(400_000, 900).at(then);
        home.at(then + 47 * MINUTE);
        stage.play();
        stage.finds("AN1716").because("crypto-before");
    }

    @Test
    void whatCouldBeReadOfAFlowCountsAlsoWhenFactsAreToldLate() {
        stage.approve(Subject.app(APP));
        long then = START + HOUR;
        stage.agent("LC01", "logs")
                .late(Duration.ofHours(2))
                .unattended(then - HOUR, then + HOUR)
                .stages(APP, then - 3 * MINUTE)
                .encrypts(APP, then - 2 * MINUTE);
        api.about(400_000, 900)
                .sending(new Payload(false, 4_096, 7.951))
                .named(Naming.APART)
                .at(then);
        stage.play();
        stage.finds("AN1716")
                .because("crypto-before", "sni-host-mismatch", "payload-like-random")
                .notBecause("destination-approved");
    }

    @Test
    void whatIsNotKeptOfAFlowIsNotVisibleWhenFactsAreToldLate() {
        home.by(TEN_MINUTES, START, START + 3 * HOUR);
        stage.agent("LC01", "logs")
                .late(Duration.ofHours(2))
                .unattended(START + HOUR, START + 2 * HOUR)
                .inBackground(APP, START + HOUR);
        stage.play();
        assertThat(stage.told())
                .filteredOn(one -> one.analytic().equals("AN1793"))
                .anyMatch(one -> one.notVisible().contains("requests")
                        && one.notVisible().contains("downlink-payload")
                        && one.notVisible().contains("dns-memory"));
    }

    @Test
    void whatIsToldLateUpdatesAFindingOnce() {
        home.speaking(Protocol.TLS, 8443).by(TEN_MINUTES, START, START + 3 * HOUR);
        stage.agent("LC01", "logs")
                .late(Duration.ofHours(2))
                .unattended(START + HOUR, START + 2 * HOUR)
                .inBackground(APP, START + HOUR);
        stage.play();
        stage.finds("AN1827").because("background-share");
        assertThat(stage.told().stream().filter(one -> one.analytic().equals("AN1827")))
                .hasSizeLessThan(8);
    }

    // 9. Check-ins.

    @Test
    void attemptsThatFailUpstreamAreCheckIns() {
        home.failing().by(TEN_MINUTES, START, START + 12 * HOUR);
        stage.play();
        stage.finds("AN1793").because("clock", "destination-rare-for-app");
    }

    @Test
    void attemptsThatWereRefusedHereAreNot() {
        home.refused().by(TEN_MINUTES, START, START + 3 * DAY);
        stage.play();
        assertThat(stage.score("AN1793", APP)).isZero();
        stage.isSilent();
    }

    @Test
    void refusedAttemptsKeepAFindingOpen() {
        home.by(TEN_MINUTES, START, START + DAY);
        home.refused().by(Beat.every(Duration.ofHours(6)), START + DAY, START + 30 * DAY);
        for (int day = 2; day < 30; day++) {
            stage.reached(START + day * DAY);
        }
        stage.play();
        assertThat(stage.lifeOf("AN1793")).startsWith(Activity.CREATE).doesNotContain(Activity.CLOSE);
        stage.reached(START + 50 * DAY).play();
        assertThat(stage.lifeOf("AN1793")).endsWith(Activity.CLOSE);
    }

    // 12. Silence is earned by approval, not by period.

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 15, 28, 60, 360})
    void whatIsApprovedIsSilentWhateverItsPeriod(int minutes) {
        stage.approve(Subject.app(APP));
        stage.agent().unattended(START, START + 5 * DAY);
        api.by(Beat.every(Duration.ofMinutes(minutes)).jitter(0.05), START, START + 5 * DAY);
        stage.play().isSilent();
    }

    @Test
    void aPollEveryFifteenMinutesOfARareDestinationIsNot() {
        home.by(Beat.every(Duration.ofMinutes(15)).jitter(0.05), START, START + DAY);
        stage.play();
        stage.finds("AN1793").because("clock");
        stage.finds("AN1681").because("clock");
    }
}
