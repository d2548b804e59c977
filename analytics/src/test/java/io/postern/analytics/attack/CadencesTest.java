package io.postern.analytics.attack;

import static io.postern.analytics.attack.Stage.APP;
import static io.postern.analytics.attack.Stage.DAY;
import static io.postern.analytics.attack.Stage.HOUR;
import static io.postern.analytics.attack.Stage.MINUTE;
import static io.postern.analytics.attack.Stage.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.flow.Protocol;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Schedules that the five must see, of whatever kind; 20 implants of each. */
class CadencesTest {

    private static final String ID = "AN1793";
    private static final int IMPLANTS = 20;
    private static final Beat TEN_MINUTES = Beat.every(Duration.ofMinutes(10));

    private Stage stage() {
        Stage stage = new Stage();
        return stage.learnt(10, stage.flows(APP, "api.torch.example").of("app-backend"));
    }

    /** How many of the implants are found within so long. */
    private int found(Beat beat, Duration within) {
        int found = 0;
        for (int seed = 1; seed <= IMPLANTS; seed++) {
            Stage stage = stage();
            stage.flows(APP, "home.example").by(beat.seed(seed), START, START + within.toMillis());
            stage.play();
            found += stage.lifeOf(ID).isEmpty() ? 0 : 1;
        }
        return found;
    }

    @ParameterizedTest(name = "{0} of jitter within {1} h")
    @CsvSource({"0, 6, 20", "0.1, 6, 20", "0.2, 6, 20", "0.3, 12, 19", "0.4, 16, 18", "0.5, 24, 17"})
    void seesASleepWithJitter(double jitter, int hours, int least) {
        assertThat(found(TEN_MINUTES.jitter(jitter), Duration.ofHours(hours))).isGreaterThanOrEqualTo(least);
    }

    @Test
    void seesItThoughThreeOfTenBeatsDoNotCome() {
        assertThat(found(TEN_MINUTES.jitter(0.2).missing(0.3), Duration.ofHours(24)))
                .isGreaterThanOrEqualTo(18);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 12, 30})
    void seesItThoughABeatIsABurstOfConnects(int connects) {
        assertThat(found(TEN_MINUTES.jitter(0.2).bursts(connects), Duration.ofHours(12)))
                .isGreaterThanOrEqualTo(19);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1.3, 1.6, 2})
    void seesIntervalsThatGrow(double factor) {
        assertThat(found(Beat.every(Duration.ofSeconds(10)).growing(factor), Duration.ofDays(30)))
                .isGreaterThanOrEqualTo(18);
    }

    @Test
    void seesWhatComesOnceADay() {
        assertThat(found(Beat.every(Duration.ofDays(1)).jitter(0.05), Duration.ofDays(30)))
                .isGreaterThanOrEqualTo(18);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 60, 360})
    void seesAnyPeriod(int minutes) {
        Beat beat = Beat.every(Duration.ofMinutes(minutes)).jitter(0.2);
        assertThat(found(beat, Duration.ofMinutes(minutes).multipliedBy(40))).isGreaterThanOrEqualTo(19);
    }

    @Test
    void seesExchangesInsideOneConnection() {
        int found = 0;
        for (int seed = 1; seed <= IMPLANTS; seed++) {
            Stage stage = stage();
            stage.flows(APP, "home.example")
                    .speaking(Protocol.WEBSOCKET, 443)
                    .inOneConnection(TEN_MINUTES.jitter(0.3).seed(seed), START, START + 12 * HOUR);
            stage.play();
            found += stage.lifeOf(ID).isEmpty() ? 0 : 1;
        }
        assertThat(found).isGreaterThanOrEqualTo(19);
    }

    @Test
    void seesNoneInWhatComesAtAnyTime() {
        for (int seed = 1; seed <= IMPLANTS; seed++) {
            Stage stage = stage();
            Random random = new Random(seed);
            for (double at = START; at < START + DAY; at += -10 * MINUTE * Math.log(1 - random.nextDouble())) {
                stage.flows(APP, "home.example").at((long) at);
            }
            stage.play().isSilent();
        }
    }
}
