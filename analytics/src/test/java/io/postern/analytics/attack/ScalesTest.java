package io.postern.analytics.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Evidence.Family;
import io.postern.analytics.detect.Finding.Severity;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScalesTest {

    private final Scales scales = new Scales();

    private void supports(Family family, int weight) {
        scales.supports(family, "test", 1, 1, weight);
    }

    @Test
    void nothingWeighsNothing() {
        assertThat(scales.score()).isZero();
        assertThat(scales.empty()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void oneFamilyAloneIsNeverMoreThanLow(Family family) {
        for (int i = 0; i < 20; i++) {
            supports(family, 100);
        }
        assertThat(Severity.of(scales.score())).isEqualTo(Severity.LOW);
    }

    @ParameterizedTest
    @EnumSource
    void stateMakesNoSecondFamily(Family family) {
        for (int i = 0; i < 10; i++) {
            supports(family, 100);
            supports(Family.STATE, 100);
        }
        assertThat(Severity.of(scales.score())).isEqualTo(Severity.LOW);
        assertThat(scales.independent()).isEqualTo(family == Family.STATE ? 0 : 1);
    }

    @Test
    void stateAloneIsNothing() {
        supports(Family.STATE, 100);
        assertThat(scales.score()).isZero();
    }

    @Test
    void rhythmAndTelemetryWithoutAnythingOddOfWhereItGoesAreNeverMoreThanLow() {
        supports(Family.CADENCE, 50);
        supports(Family.TELEMETRY, 50);
        assertThat(Severity.of(scales.score())).isEqualTo(Severity.LOW);
        supports(Family.DESTINATION, 5);
        assertThat(Severity.of(scales.score())).isNotEqualTo(Severity.LOW);
    }

    @Test
    void whatSpeaksAgainstItIsTakenOff() {
        supports(Family.CADENCE, 40);
        supports(Family.DESTINATION, 30);
        double before = scales.score();
        scales.against(Family.DESTINATION, "test", 1, 1, 20);
        assertThat(scales.score()).isEqualTo(before - 20);
    }

    @Test
    void aBoundHoldsWhateverSpeaksForIt() {
        scales.atMost(69);
        scales.atMost(80);
        for (Family family : Family.values()) {
            supports(family, 100);
        }
        assertThat(scales.score()).isEqualTo(69);
    }

    @Test
    void whatWeighsMostIsToldFirst() {
        supports(Family.CADENCE, 10);
        scales.against(Family.DESTINATION, "against", 1, 1, 60);
        supports(Family.PORT, 30);
        assertThat(scales.evidence()).extracting(one -> one.weight()).containsExactly(60, 30, 10);
    }

    @Test
    void whatCannotBeSeenIsToldOnce() {
        scales.notVisible("lock");
        scales.notVisible("lock");
        scales.notVisible("app-state");
        assertThat(scales.notVisible()).containsExactly("lock", "app-state");
    }

    @Test
    void forgetsAllOfTheLastOne() {
        scales.hard(Family.PORT, "test", 1, 1, 50);
        scales.atMost(10);
        scales.notVisible("lock");
        scales.clear();
        supports(Family.CADENCE, 50);
        supports(Family.PORT, 50);
        assertThat(scales.score()).isEqualTo(100);
        assertThat(scales.hard()).isFalse();
        assertThat(scales.notVisible()).isEmpty();
    }

    @Test
    void isAlwaysFrom0To100AndNeverFallsWithMoreSupportNorRisesWithMoreAgainst() {
        Random random = new Random(42);
        Family[] families = Family.values();
        for (int run = 0; run < 2_000; run++) {
            scales.clear();
            double last = 0;
            for (int i = 0; i < 60; i++) {
                Family family = families[random.nextInt(families.length)];
                int weight = random.nextInt(101);
                int what = random.nextInt(10);
                if (what < 2) {
                    scales.against(family, "test", 1, 1, weight);
                    assertThat(scales.score()).isLessThanOrEqualTo(last);
                } else if (what == 2) {
                    scales.atMost(random.nextInt(101));
                    assertThat(scales.score()).isLessThanOrEqualTo(last);
                } else {
                    supports(family, weight);
                    assertThat(scales.score()).isGreaterThanOrEqualTo(last);
                }
                last = scales.score();
                assertThat(last).isBetween(0.0, 100.0);
                if (scales.independent() < 2) {
                    assertThat(Severity.of(last)).isEqualTo(Severity.LOW);
                }
            }
        }
    }

    @Test
    void moreThanThereIsRoomForIsLeftOut() {
        for (int i = 0; i < 1_000; i++) {
            scales.supports(Family.PORT, "f" + i, 1, 1, 1);
            scales.notVisible("n" + i);
        }
        assertThat(scales.evidence()).hasSizeLessThan(100);
        assertThat(scales.notVisible()).hasSizeLessThan(100);
    }
}
