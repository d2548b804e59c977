package io.postern.analytics.instrument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SizesTest {

    private final long[] words = new long[Sizes.WORDS];

    @Test
    void seesThatAMachineAsksAndIsAnswered() {
        Random random = new Random(1);
        for (int i = 0; i < 40; i++) {
            Sizes.observe(words, 0, 420 + random.nextInt(9), (long) (2_000 * Math.exp(random.nextGaussian())));
        }
        assertThat(Sizes.sameUp(words, 0)).isGreaterThan(10);
        assertThat(Sizes.spreadUp(words, 0)).isLessThan(Sizes.MACHINE_LIKE);
        assertThat(Sizes.usualUp(words, 0)).isCloseTo(424, within(10.0));
        assertThat(Sizes.sameDown(words, 0)).isLessThan(2);
        assertThat(Sizes.spreadDown(words, 0)).isGreaterThan(0.5);
    }

    @Test
    void tellsUploadsFromDownloads() {
        long[] down = new long[Sizes.WORDS];
        for (int i = 0; i < 10; i++) {
            Sizes.observe(words, 0, 1_000_000, 500);
            Sizes.observe(down, 0, 500, 1_000_000);
        }
        assertThat(Sizes.heaviness(words, 0)).isCloseTo(Math.log(2_000), within(0.05));
        assertThat(Sizes.heaviness(down, 0)).isCloseTo(-Math.log(2_000), within(0.05));
        assertThat(Sizes.heavinessSpread(words, 0)).isLessThan(0.01);
    }

    @Test
    void addsUpWithoutTurningNegative() {
        Sizes.add(words, 0, Long.MAX_VALUE, 5);
        Sizes.add(words, 0, 10, -3);
        assertThat(Sizes.bytesOut(words, 0)).isEqualTo((1L << 48) - 1);
        assertThat(Sizes.bytesIn(words, 0)).isEqualTo(5);
        assertThat(Sizes.usualUnseen(words, 0)).isZero();
    }

    @Test
    void whatIsSaidUnseenIsNotMixedWithTheRest() {
        for (int i = 0; i < 200; i++) {
            Sizes.observe(words, 0, 500, 45_000);
            Sizes.add(words, 0, 500, 45_000);
        }
        assertThat(Sizes.usualUnseen(words, 0)).isZero();
        for (int i = 0; i < 200; i++) {
            Sizes.unseen(words, 0, 420, 260, i);
        }
        assertThat(Sizes.usualUnseen(words, 0)).isCloseTo(680, within(5.0));
        assertThat(Sizes.usualDown(words, 0)).isCloseTo(45_000, within(500.0));
        assertThat(Sizes.bytesOut(words, 0)).isEqualTo(100_000);
        for (int i = 200; i < 400; i++) {
            Sizes.unseen(words, 0, 3_500, 500, i);
        }
        assertThat(Sizes.usualUnseen(words, 0)).isCloseTo(4_000, within(40.0));
    }

    @Test
    void joinsOnce() {
        long[] other = new long[Sizes.WORDS];
        Sizes.observe(words, 0, 100, 200);
        Sizes.add(words, 0, 100, 200);
        Sizes.unseen(words, 0, 100, 200, 0);
        for (int i = 0; i < 5; i++) {
            Sizes.observe(other, 0, 300, 200);
            Sizes.add(other, 0, 10, 200);
        }
        long[] joined = words.clone();
        Sizes.join(joined, 0, other, 0);
        Sizes.join(other, 0, words, 0);
        assertThat(joined).isEqualTo(other);
        assertThat(Sizes.bytesOut(joined, 0)).isEqualTo(100);
        assertThat(Sizes.bytesIn(joined, 0)).isEqualTo(1_000);
        assertThat(Sizes.seen(joined, 0)).isEqualTo(5);
    }
}
