package io.postern.gateway.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final Duration SPEND = Duration.ofMinutes(1);
    private static final Duration SLOW = SPEND.plusMillis(1);
    private static final Duration FAST = Duration.ofSeconds(29);

    private final Pace pace = new Pace(SPEND, Pace.MOST_DEVICES);

    @Test
    void aSlowRoundIsFollowedByHalfAsMuch() {
        took(SLOW);
        assertThat(pace.bytes()).isEqualTo(Pace.FIRST_BYTES / 2);
        assertThat(pace.devices()).isEqualTo(Pace.FIRST_DEVICES / 2);
    }

    @Test
    void aRoundThatTookMostOfItsTimeChangesNothing() {
        took(SPEND);
        took(SPEND.dividedBy(2));
        assertThat(pace.bytes()).isEqualTo(Pace.FIRST_BYTES);
        assertThat(pace.devices()).isEqualTo(Pace.FIRST_DEVICES);
    }

    @Test
    void aFastRoundIsFollowedByTwiceWhatItUsedUp() {
        pace.took(FAST, pace.bytes(), pace.devices() - 1);
        assertThat(pace.bytes()).isEqualTo(2 * Pace.FIRST_BYTES);
        assertThat(pace.devices()).as("fewer waited than it could take").isEqualTo(Pace.FIRST_DEVICES);

        pace.took(FAST, pace.bytes() - 1, pace.devices());
        assertThat(pace.bytes()).as("the log was shorter").isEqualTo(2 * Pace.FIRST_BYTES);
        assertThat(pace.devices()).isEqualTo(2 * Pace.FIRST_DEVICES);
    }

    @Test
    void itStaysWithinBoundsAndComesBack() {
        for (int i = 0; i < 20; i++) {
            took(SLOW);
        }
        assertThat(pace.bytes()).isEqualTo(Pace.LEAST_BYTES);
        assertThat(pace.devices()).isEqualTo(Pace.LEAST_DEVICES);
        for (int i = 0; i < 20; i++) {
            took(FAST);
        }
        assertThat(pace.bytes()).isEqualTo(Pace.MOST_BYTES);
        assertThat(pace.devices()).isEqualTo(Pace.MOST_DEVICES);
    }

    @Test
    void fewDevicesAtATimeWhereTheHeapIsSmall() {
        assertThat(Pace.mostDevices(64L << 20)).isEqualTo(Pace.LEAST_DEVICES);
        int most = Pace.mostDevices(1L << 30);
        assertThat(most).isBetween(Pace.LEAST_DEVICES, Pace.FIRST_DEVICES);
        assertThat(Pace.mostDevices(1L << 40)).isEqualTo(Pace.MOST_DEVICES);

        Pace small = new Pace(SPEND, most);
        small.took(FAST, small.bytes(), small.devices());
        assertThat(small.devices()).isEqualTo(most);
    }

    private void took(Duration time) {
        pace.took(time, pace.bytes(), pace.devices());
    }
}
