package io.postern.analytics.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.evaluate.Figures.Share;
import io.postern.analytics.fleet.Cause;
import io.postern.analytics.fleet.FleetSettings;
import io.postern.analytics.fleet.Implant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The arithmetic, on a tally made by hand. */
class FiguresTest {

    private final Tally tally = new Tally();

    @Test
    void countsWhatWasCaughtOfWhatItIsExpectedToSee() {
        tally.deviceDays = 500;
        tally.cases.add(new Case("AN1793", implant("a", 0, "AN1793"), 80, 60_000, 10, 5_000));
        tally.cases.add(new Case("AN1793", implant("b", 0, "AN1793"), 45, 180_000, 30, 7_000));
        tally.cases.add(new Case("AN1793", implant("c", 30, "AN1793"), 39, -1, 50, 9_000));
        tally.cases.add(new Case("AN1793", implant("d", 30, "AN1716"), 90, 60_000, 1, 1));
        tally.alarms.add(alarm("AN1793", "mail", 41));
        tally.alarms.add(alarm("AN1793", "mail", 70));
        tally.alarms.add(alarm("AN1793", "chat", 39));

        Figures figures = Figures.of("AN1793", tally);

        assertThat(figures.implants()).isEqualTo(3);
        assertThat(figures.caught()).isEqualTo(2);
        assertThat(figures.recall()).isEqualTo(2 / 3.0);
        // One of another kind was found too, and is no false finding.
        assertThat(figures.precision()).isEqualTo(3 / 5.0);
        assertThat(figures.falsePer1000()).isEqualTo(4);
        assertThat(figures.checkIns().median()).isEqualTo(10);
        assertThat(figures.checkIns().at(0.9)).isEqualTo(30);
        assertThat(figures.minutes().median()).isEqualTo(1);
        assertThat(figures.byJitter()).containsEntry(0, new Share(2, 2)).containsEntry(30, new Share(0, 1));
        assertThat(figures.falseByCause()).containsExactly(new Figures.ByCause("mail Syncs", 2, 4));
    }

    @Test
    void tellsHowManyMayBeBlockedAndWhatWentUntilThen() {
        tally.deviceDays = 500;
        tally.cases.add(new Case("AN1827", implant("a", 0, "AN1827"), 80, 60_000, 10, 5_000, 120_000, 9_000));
        tally.cases.add(new Case("AN1827", implant("b", 0, "AN1827"), 90, 60_000, 10, 5_000));

        Figures figures = Figures.of("AN1827", tally);

        assertThat(figures.caught()).isEqualTo(2);
        assertThat(figures.blocked()).isEqualTo(1);
        assertThat(figures.minutesToBlock().median()).isEqualTo(2);
        assertThat(figures.bytesToBlock().median()).isEqualTo(9_000);
        Report.Run run = new Report.Run("full", FleetSettings.of(9, 3, 1), 500, 1, 1, List.of(figures));
        assertThat(Markdown.of(new Report(true, List.of(run), List.of())))
                .contains("| AN1827 | 2 | 1 | 2 (2) | 9000 (9000) |");
    }

    @Test
    void theCurveSaysWhatOtherThresholdsWouldHaveGiven() {
        tally.deviceDays = 1_000;
        tally.cases.add(new Case("rita", implant("a", 0, "AN1793"), 80, 1, 1, 1));
        tally.cases.add(new Case("rita", implant("b", 0, "AN1793"), 25, -1, 1, 1));
        tally.alarms.add(alarm("rita", "mail", 25));

        assertThat(Figures.of("rita", tally).curve())
                .contains(new Figures.Point(20, 1, 1), new Figures.Point(30, 0.5, 0), new Figures.Point(90, 0, 0));
    }

    @Test
    void whoSaysNothingIsNeverWrong() {
        tally.deviceDays = 10;

        Figures figures = Figures.of("rita", tally);

        assertThat(figures.precision()).isEqualTo(1);
        assertThat(figures.recall()).isZero();
        assertThat(figures.checkIns().median()).isNaN();
    }

    @Test
    void methodsAreExpectedToSeeWhateverHasARhythm() {
        Implant upload = new Implant("x", "staged-upload", Set.of("AN1716"), "app", -1, 0, false);

        assertThat(Subject.expected("AN1716", upload)).isTrue();
        assertThat(Subject.expected("AN1793", upload)).isFalse();
        assertThat(Subject.expected("rita", upload)).isFalse();
        assertThat(Subject.expected("rita", implant("a", 0, "AN1793"))).isTrue();
    }

    @Test
    void seedsForTuningAreNotThoseForTelling() {
        assertThat(Seeds.tuning(Seeds.TUNING)).isTrue();
        assertThat(Seeds.tuning(Seeds.REPORTING)).isFalse();
    }

    private static Implant implant(String id, int jitter, String analytic) {
        return new Implant(id, "sleep", Set.of(analytic), "app", jitter, 0, true);
    }

    private static Alarm alarm(String analytic, String app, double score) {
        return new Alarm(analytic, new Cause(app, "Syncs", Optional.empty()), "x.example", score, false, false);
    }
}
