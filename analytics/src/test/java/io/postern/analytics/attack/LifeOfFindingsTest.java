package io.postern.analytics.attack;

import static io.postern.analytics.attack.Stage.APP;
import static io.postern.analytics.attack.Stage.DAY;
import static io.postern.analytics.attack.Stage.HOUR;
import static io.postern.analytics.attack.Stage.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.detect.Finding;
import io.postern.analytics.detect.Finding.Activity;
import io.postern.analytics.flow.Protocol;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** From the first word on a finding to the last. */
class LifeOfFindingsTest {

    private static final String ID = "AN1793";
    private static final Beat TEN_MINUTES = Beat.every(Duration.ofMinutes(10)).jitter(0.2);

    private final Stage stage = stage();

    private static Stage stage() {
        Stage stage = new Stage();
        return stage.learnt(10, stage.flows(APP, "api.torch.example").of("app-backend"));
    }

    private static Traffic home(Stage stage) {
        return stage.flows(APP, "home.example");
    }

    private static Set<String> uids(Stage stage) {
        return stage.told().stream().map(Finding::uid).collect(Collectors.toSet());
    }

    @Test
    void isCreatedThenUpdatedThenClosedUnderOneUid() {
        home(stage).by(TEN_MINUTES, START, START + 3 * DAY);
        stage.reached(START + 3 * DAY + 15 * DAY).play();
        List<Finding> all =
                stage.told().stream().filter(one -> one.analytic().equals(ID)).toList();
        assertThat(all)
                .extracting(Finding::uid)
                .doesNotContain("")
                .containsOnly(all.get(0).uid());
        assertThat(stage.lifeOf(ID)).startsWith(Activity.CREATE).endsWith(Activity.CLOSE);
        assertThat(stage.lifeOf(ID).stream().filter(one -> one != Activity.UPDATE))
                .hasSize(2);
        assertThat(stage.five().openFindings()).isZero();
    }

    @Test
    void isToldOnceADayWhileItGoesOnAsItWas() {
        home(stage).by(TEN_MINUTES, START, START + 10 * DAY);
        stage.play();
        assertThat(stage.told().stream().filter(one -> one.analytic().equals(ID) && one.atMillis() > START + 2 * DAY))
                .hasSizeBetween(6, 9)
                .allMatch(one -> one.activity() == Activity.UPDATE);
    }

    @Test
    void staysOpenForTwoWeeksOfSilenceAndNoLonger() {
        home(stage).by(TEN_MINUTES, START, START + DAY);
        stage.reached(START + 14 * DAY).play();
        assertThat(stage.lifeOf(ID)).doesNotContain(Activity.CLOSE);
        stage.reached(START + 16 * DAY).play();
        assertThat(stage.lifeOf(ID)).endsWith(Activity.CLOSE);
    }

    @Test
    void whatComesBackAfterItWasClosedIsAnotherFinding() {
        home(stage).by(TEN_MINUTES, START, START + DAY);
        stage.reached(START + 16 * DAY).play();
        home(stage).by(TEN_MINUTES, START + 20 * DAY, START + 21 * DAY);
        stage.play();
        assertThat(stage.lifeOf(ID).stream().filter(one -> one == Activity.CREATE))
                .hasSize(2);
        assertThat(stage.told().stream()
                        .filter(one -> one.analytic().equals(ID))
                        .map(Finding::uid)
                        .distinct())
                .hasSize(2);
    }

    @Test
    void whoReadsTheSameTwiceFindsTheSame() {
        Stage other = stage();
        for (Stage each : List.of(stage, other)) {
            home(each).speaking(Protocol.TLS, 8443).by(TEN_MINUTES, START, START + DAY);
            each.play();
        }
        assertThat(uids(stage)).isNotEmpty().isEqualTo(uids(other));
    }

    @Test
    void everyAnalyticHasAFindingOfItsOwn() {
        home(stage).speaking(Protocol.TLS, 8443).by(TEN_MINUTES, START, START + DAY);
        stage.play();
        assertThat(stage.told()).extracting(Finding::analytic).contains("AN1793", "AN1827", "AN1681");
        assertThat(uids(stage)).hasSize(3);
    }

    @Test
    void oneThatIsOffFindsNothing() {
        Stage without = new Stage(Knobs.without("AN1793", "AN1681"));
        without.learnt(10, without.flows(APP, "api.torch.example"));
        home(without).speaking(Protocol.TLS, 8443).by(TEN_MINUTES, START, START + DAY);
        without.play();
        assertThat(without.told()).extracting(Finding::analytic).containsOnly("AN1827");
    }

    @Test
    void eventsToldTwiceMakeNoSecondFinding() {
        Stage once = stage();
        for (Stage each : List.of(stage, once)) {
            home(each).speaking(Protocol.TLS, 8443).by(TEN_MINUTES, START, START + DAY);
            each.agent().unattended(START, START + DAY);
        }
        stage.twice().play();
        once.play();
        assertThat(uids(stage)).hasSameSizeAs(uids(once));
        assertThat(stage.finds(ID).finding().checkIns())
                .isEqualTo(once.finds(ID).finding().checkIns());
    }

    @Test
    void eventsSlightlyOutOfOrderAreFoundAsWell() {
        home(stage).speaking(Protocol.TLS, 8443).by(TEN_MINUTES, START, START + DAY);
        stage.agent().unattended(START, START + DAY);
        stage.outOfOrderBy(Duration.ofSeconds(30)).play();
        stage.finds(ID).because("clock-in-background");
        assertThat(uids(stage)).hasSize(3);
    }

    @Test
    void anApprovalClosesWhatItExplains() {
        Traffic home = home(stage);
        home.by(TEN_MINUTES, START, START + DAY);
        stage.play();
        assertThat(stage.lifeOf(ID)).doesNotContain(Activity.CLOSE);
        stage.role(APP, Role.of("tools").approved().goesTo("home.example"));
        home.by(TEN_MINUTES, START + DAY, START + DAY + HOUR);
        stage.play();
        assertThat(stage.lifeOf(ID)).endsWith(Activity.CLOSE);
        assertThat(stage.five().openFindings()).isZero();
    }

    @Test
    void whatBecomesKnownWhileItRunsCountsFromTheNextCheckIn() {
        stage.knowsNoFleet();
        Traffic home = home(stage);
        home.by(TEN_MINUTES, START, START + DAY);
        stage.play().isSilent();
        stage.knowsTheFleet();
        home.at(START + DAY + HOUR / 6);
        stage.play();
        stage.raises(ID).because("destination-rare-for-app");
    }

    @Test
    void whatHappensOnceIsOneFindingThoughItsFactsAgeAndHappensAgain() {
        stage.agent().unattended(START, START + 4 * DAY);
        for (int night = 0; night < 4; night++) {
            long at = START + night * DAY + 2 * HOUR;
            stage.agent().stages(APP, at).encrypts(APP, at + HOUR / 60);
            home(stage).about(400_000, 900).at(at + HOUR / 20);
            home(stage).by(Beat.every(Duration.ofHours(5)).jitter(0.9), at + HOUR, at + 20 * HOUR);
        }
        stage.play();
        assertThat(stage.told().stream()
                        .filter(one -> one.analytic().equals("AN1716"))
                        .map(Finding::uid)
                        .distinct())
                .hasSize(1);
        assertThat(stage.lifeOf("AN1716")).doesNotContain(Activity.CLOSE);
        stage.reached(START + 30 * DAY).play();
        assertThat(stage.lifeOf("AN1716")).endsWith(Activity.CLOSE);
    }
}
