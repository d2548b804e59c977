package io.postern.gateway.flows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Pace<Object> pace = new Pace<>(2);

    @Test
    void nobodyBeginsMoreInASecondThanItMay() {
        assertThat(pace.take("LC01", 0)).isTrue();
        assertThat(pace.take("LC01", SECOND - 1)).isTrue();
        assertThat(pace.take("LC01", SECOND - 1)).isFalse();
        assertThat(pace.take("LC02", SECOND - 1)).isTrue();
        assertThat(pace.take("LC01", SECOND)).isTrue();
    }

    /** Another loop may have looked at the clock a moment before. */
    @Test
    void aSecondThatIsOverDoesNotComeBack() {
        pace.take("LC01", SECOND);
        pace.take("LC01", SECOND);
        assertThat(pace.take("LC01", SECOND - 1)).isFalse();
        assertThat(pace.take("LC01", SECOND)).isFalse();
    }

    /** The clock of a loop begins anywhere. */
    @Test
    void aClockMayCountFromBelowZero() {
        assertThat(pace.take("LC01", -5 * SECOND)).isTrue();
        assertThat(pace.take("LC01", -5 * SECOND)).isTrue();
        assertThat(pace.take("LC01", -5 * SECOND)).isFalse();
        assertThat(pace.take("LC01", -4 * SECOND)).isTrue();
    }

    @Test
    void whatIsRememberedIsBoundedAndForgotten() {
        for (int i = 0; i < Pace.MOST_HOLDERS; i++) {
            assertThat(pace.take(i, 0)).isTrue();
        }
        assertThat(pace.take("one more", 0)).isFalse();
        assertThat(pace.take(1, 0)).isTrue();
        assertThat(pace.holders()).isEqualTo(Pace.MOST_HOLDERS);
        assertThat(pace.take("one more", SECOND)).isTrue();
        assertThat(pace.holders()).isEqualTo(1);
    }
}
