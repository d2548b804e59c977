package io.postern.analytics.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RhythmTest {

    @Test
    void aSleepIsShorterOrLongerByItsJitterAtMost() {
        Rhythm rhythm = new Rhythm.Sleep(Duration.ofMinutes(10), 0.3);
        Dice dice = new Dice(1);

        long[] sleeps =
                IntStream.range(0, 2_000).mapToLong(i -> rhythm.sleep(i, dice)).toArray();

        assertThat(Arrays.stream(sleeps)).allMatch(sleep -> sleep >= 420_000 && sleep <= 780_000);
        assertThat(Arrays.stream(sleeps).average().orElse(0)).isCloseTo(600_000, within(6_000.0));
    }

    @Test
    void growingSleepsAreFibonaccisAndBeginAgain() {
        Rhythm rhythm = new Rhythm.Growing(Duration.ofMinutes(1), Duration.ofMinutes(10));
        Dice dice = new Dice(1);

        long[] minutes = IntStream.range(0, 9)
                .mapToLong(i -> Math.round(rhythm.sleep(i, dice) / 60_000.0))
                .toArray();

        assertThat(minutes).containsExactly(1, 1, 2, 3, 5, 8, 1, 1, 2);
    }
}
