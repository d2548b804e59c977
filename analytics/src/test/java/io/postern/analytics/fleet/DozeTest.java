package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.Times.HOUR;
import static io.postern.analytics.fleet.Times.MINUTE;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DozeTest {

    @Test
    void deepWindowsComeAfterOneTwoFourAndSixHours() {
        Spans held = held(24 * HOUR);

        // A light one may reach up to it.
        int deep = first(held, HOUR);
        assertThat(held.to(deep) - HOUR).isEqualTo(HOUR);
        assertThat(held.to(deep + 1) - held.from(deep + 1)).isEqualTo(2 * HOUR);
        assertThat(held.to(deep + 2) - held.from(deep + 2)).isEqualTo(4 * HOUR);
        assertThat(held.to(deep + 3) - held.from(deep + 3)).isEqualTo(6 * HOUR);
        assertThat(held.to(deep + 4) - held.from(deep + 4)).isEqualTo(6 * HOUR);
        assertThat(held.from(deep + 1) - held.to(deep)).isEqualTo(5 * MINUTE);
        assertThat(held.from(deep + 2) - held.to(deep + 1)).isEqualTo(10 * MINUTE);
    }

    @Test
    void beforeThatLittleIsHeldAtATime() {
        Spans held = held(HOUR);

        assertThat(held.from(0)).isBetween(5 * MINUTE, 10 * MINUTE);
        for (int i = 0; i < held.count(); i++) {
            assertThat(held.to(i) - held.from(i)).isLessThanOrEqualTo(15 * MINUTE);
        }
    }

    @Test
    void nothingIsHeldOfAShortPause() {
        assertThat(held(4 * MINUTE).count()).isZero();
    }

    private static Spans held(long length) {
        Spans.Builder held = new Spans.Builder();
        Doze.hold(held, 0, length, Spans.NONE, new Dice(1));
        return held.build();
    }

    private static int first(Spans held, long from) {
        int i = 0;
        while (held.to(i) <= from) {
            i++;
        }
        return i;
    }
}
