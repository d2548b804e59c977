package io.postern.gateway.flows;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.flow.AppKey;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What may pass at which time. */
class ThrottlesTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long NOW = 5 * SECOND;
    private static final AppKey KEY = new AppKey("LC01", "work", "com.acme.app");

    private final Throttles throttles = new Throttles();

    @Test
    void aSecondsWorthPassesAtOnceAndTheRestIsWaitedFor() {
        Throttle.Bucket bucket = throttles.of(KEY, "a.example", 1_000, NOW).out();
        assertThat(bucket.take(1_000, NOW)).isZero();
        assertThat(bucket.take(500, NOW)).isEqualTo(SECOND / 2);
        assertThat(bucket.take(0, NOW + SECOND / 2)).isZero();
    }

    @Test
    void noMoreThanASecondsWorthIsSaved() {
        Throttle.Bucket bucket = throttles.of(KEY, "a.example", 1_000, NOW).out();
        assertThat(bucket.take(2_000, NOW + 100 * SECOND)).isEqualTo(SECOND);
    }

    @Test
    void aDatagramPassesWhileNothingIsOwedHoweverLongItIs() {
        Throttle.Bucket bucket = throttles.of(KEY, "a.example", 1_000, NOW).in();
        assertThat(bucket.tryTake(3_000, NOW)).isTrue();
        assertThat(bucket.tryTake(1, NOW + SECOND)).isFalse();
        assertThat(bucket.tryTake(1, NOW + 2 * SECOND)).isTrue();
    }

    @Test
    void eachWayByItselfAndAllFlowsOfOneDestinationTogether() {
        Throttle throttle = throttles.of(KEY, "a.example", 1_000, NOW);
        throttle.out().take(5_000, NOW);
        assertThat(throttle.in().take(1_000, NOW)).isZero();
        assertThat(throttles.of(KEY, "a.example", 1_000, NOW)).isSameAs(throttle);
        assertThat(throttles.of(KEY, "b.example", 1_000, NOW)).isNotSameAs(throttle);
    }

    @Test
    void beyondItsShareOneServesTheRestOfADeviceAndNobodyElse() {
        for (int i = 0; i < Throttles.MOST_OF_DEVICE; i++) {
            throttles.of(KEY, i + ".example", 1_000, NOW).out().take(5_000, NOW);
        }
        Throttle one = throttles.of(KEY, "one.example", 1_000, NOW);
        assertThat(throttles.of(KEY, "other.example", 1_000, NOW)).isSameAs(one);
        assertThat(throttles.turnedAway()).isEqualTo(2);
        AppKey other = new AppKey("LC02", "work", "com.acme.app");
        assertThat(throttles.of(other, "one.example", 1_000, NOW)).isNotSameAs(one);
        assertThat(throttles.size()).isEqualTo(Throttles.MOST_OF_DEVICE + 1);
    }

    @Test
    void whatIsFullAgainMakesRoomLookedForOnceASecond() {
        for (int i = 0; i < Throttles.MOST_OF_DEVICE; i++) {
            throttles.of(KEY, i + ".example", 1_000, NOW).out().take(1_500, NOW);
        }
        throttles.of(KEY, "one.example", 1_000, NOW + SECOND);
        assertThat(throttles.turnedAway()).isEqualTo(1);
        throttles.of(KEY, "one.example", 1_000, NOW + SECOND * 18 / 10);
        assertThat(throttles.turnedAway())
                .as("all are full again, and nobody looks yet")
                .isEqualTo(2);
        throttles.of(KEY, "one.example", 1_000, NOW + 2 * SECOND);
        assertThat(throttles.size()).isEqualTo(1);
    }
}
