package io.postern.analytics.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RitaScoreTest {

    private static final int DAY = 86_400;

    @Test
    void aClockIsPerfect() {
        Connections clock = new Connections();
        for (int second = 0; second < DAY; second += 300) {
            clock.add(second * 1_000L, 500, 800);
        }

        assertThat(RitaScore.of(clock, 0, DAY)).isEqualTo(1);
    }

    /** Quartiles 15, 30, 70; MAD 10: (1 - 25/55 + 20/30) / 2. */
    @Test
    void spreadAndSkewnessByHand() {
        assertThat(RitaScore.statistic(new double[] {10, 20, 30, 40, 100}, 1)).isEqualTo(0.606);
    }

    /** Quartiles less than 10 apart have no skewness. */
    @Test
    void smallDifferencesAreNotSkewed() {
        assertThat(RitaScore.statistic(new double[] {100, 101, 102, 103, 108}, 1))
                .isEqualTo(0.995);
    }

    @Test
    void aMedianOfNothingIsWorthWhatItStandsFor() {
        assertThat(RitaScore.statistic(new double[] {0, 0, 0}, 1)).isEqualTo(1);
        assertThat(RitaScore.statistic(new double[] {0, 0, 0}, 0)).isEqualTo(0.5);
    }

    @Test
    void barsAreHours() {
        int[] bars = RitaScore.bars(LongStream.of(0, 3_599, 3_600, DAY - 1).toArray(), 0, DAY);

        assertThat(bars[0]).isEqualTo(2);
        assertThat(bars[1]).isEqualTo(1);
        assertThat(bars[23]).isEqualTo(1);
    }

    /** Mean 1, deviation the root of 23. */
    @Test
    void oneHourAloneIsUneven() {
        int[] bars = new int[24];
        bars[3] = 24;

        assertThat(RitaScore.evenness(bars)).isZero();
    }

    /** Half the bars 10, half 20: mean 15, deviation 5. */
    @Test
    void evennessByHand() {
        int[] bars = new int[24];
        for (int i = 0; i < 24; i++) {
            bars[i] = i % 2 == 0 ? 10 : 20;
        }

        assertThat(RitaScore.evenness(bars)).isEqualTo(0.667);
        assertThat(RitaScore.heights(bars)).isEqualTo(1);
    }

    @Test
    void tenHoursHaveNoHeights() {
        int[] bars = new int[24];
        for (int i = 0; i < 10; i++) {
            bars[i] = 5;
        }

        assertThat(RitaScore.heights(bars)).isZero();
    }

    /** Six hours, apart from each other: runs of one are 0.084, half the day is covered. */
    @Test
    void durationByHand() {
        int[] bars = new int[24];
        for (int i = 0; i < 12; i += 2) {
            bars[i] = 1;
        }

        assertThat(RitaScore.duration(bars, 0.5)).isEqualTo(0.5);
        assertThat(RitaScore.duration(bars, 0.01)).isEqualTo(0.084);
        bars[0] = 0;
        assertThat(RitaScore.duration(bars, 0.5)).isZero();
    }

    @Test
    void theRunGoesRoundMidnight() {
        int[] bars = new int[24];
        for (int i : new int[] {22, 23, 0, 1, 2, 3}) {
            bars[i] = 1;
        }

        assertThat(RitaScore.duration(bars, 0.1)).isEqualTo(0.5);
    }

    @Test
    void threeConnectionsAreTooFew() {
        Connections few = new Connections();
        for (int i = 0; i < 3; i++) {
            few.add(i * 300_000L, 500, 500);
        }

        assertThat(RitaScore.of(few, 0, DAY)).isZero();
    }

    @Test
    void itsBandsBeginWhereOursDo() {
        assertThat(RitaScore.severity(0.5)).isEqualTo(20);
        assertThat(RitaScore.severity(0.7)).isCloseTo(40, within(1e-9));
        assertThat(RitaScore.severity(0.8)).isCloseTo(55, within(1e-9));
        assertThat(RitaScore.severity(0.9)).isCloseTo(70, within(1e-9));
        assertThat(RitaScore.severity(1)).isEqualTo(100);
    }
}
