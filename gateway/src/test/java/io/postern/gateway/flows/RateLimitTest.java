package io.postern.gateway.flows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RateLimitTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final RateLimit<Object> limit = new RateLimit<>(2);

    @Test
    void nobodyBeginsMoreInASecondThanItMay() {
        assertThat(limit.take("LC01", 0)).isTrue();
        assertThat(limit.take("LC01", SECOND - 1)).isTrue();
        assertThat(limit.take("LC01", SECOND - 1)).isFalse();
        assertThat(limit.take("LC02", SECOND - 1)).isTrue();
        assertThat(limit.take("LC01", SECOND)).isTrue();
    }

    /** Another loop may have looked at the clock a moment before. */
    @Test
    void aSecondThatIsOverDoesNotComeBack() {
        limit.take("LC01", SECOND);
        limit.take("LC01", SECOND);
        assertThat(limit.take("LC01", SECOND - 1)).isFalse();
        assertThat(limit.take("LC01", SECOND)).isFalse();
    }

    /** The clock of a loop begins anywhere. */
    @Test
    void aClockMayCountFromBelowZero() {
        assertThat(limit.take("LC01", -5 * SECOND)).isTrue();
        assertThat(limit.take("LC01", -5 * SECOND)).isTrue();
        assertThat(limit.take("LC01", -5 * SECOND)).isFalse();
        assertThat(limit.take("LC01", -4 * SECOND)).isTrue();
    }

    @Test
    void whatIsRememberedIsBoundedAndForgotten() {
        for (int i = 0; i < RateLimit.MOST_HOLDERS; i++) {
            assertThat(limit.take(i, 0)).isTrue();
        }
        assertThat(limit.take("one more", 0)).isFalse();
        assertThat(limit.take(1, 0)).isTrue();
        assertThat(limit.holders()).isEqualTo(RateLimit.MOST_HOLDERS);
        assertThat(limit.take("one more", SECOND)).isTrue();
        assertThat(limit.holders()).isEqualTo(1);
    }
}
