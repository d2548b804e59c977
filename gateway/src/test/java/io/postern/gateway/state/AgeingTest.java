package io.postern.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AgeingTest {

    private static final long NOON = 1_791_547_200_000L;
    private static final long YEAR = Duration.ofDays(365).toMillis();

    private final Ageing ageing = new Ageing(NOON, 0);

    @Test
    void isTheWallClocksTimeWhileThatGoesWithTheTimeThatPasses() {
        assertThat(at(NOON + 60_000, 60)).isEqualTo(NOON + 60_000);
        assertThat(at(NOON + 180_000, 120)).as("set by a minute").isEqualTo(NOON + 180_000);
        assertThat(at(NOON - YEAR, 180)).as("set back").isEqualTo(NOON - YEAR);
    }

    @Test
    void aJumpAheadCountsOnceItHasLasted() {
        assertThat(at(NOON + YEAR, 60)).isEqualTo(NOON + 60_000);
        assertThat(at(NOON + YEAR + 3_540_000, 3_600)).isEqualTo(NOON + 3_600_000);
        assertThat(at(NOON + YEAR + 3_600_000, 3_660)).isEqualTo(NOON + YEAR + 3_600_000);
    }

    @Test
    void aJumpThatIsTakenBackCountsNothing() {
        assertThat(at(NOON + YEAR, 60)).isEqualTo(NOON + 60_000);
        assertThat(at(NOON + 3_600_000, 3_600)).isEqualTo(NOON + 3_600_000);
        assertThat(at(NOON + YEAR, 7_200)).as("doubted anew").isEqualTo(NOON + 7_200_000);
    }

    private long at(long wallMillis, long seconds) {
        return ageing.millis(wallMillis, Duration.ofSeconds(seconds).toNanos());
    }
}
