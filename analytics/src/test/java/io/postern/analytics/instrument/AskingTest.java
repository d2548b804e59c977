package io.postern.analytics.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AskingTest {

    private static final int TXT = 16;
    private static final int A = 1;
    private static final long START = 1_795_000_000_000L;

    private final long[] words = new long[Asking.WORDS];
    private final Random random = new Random(3);

    @ParameterizedTest
    @ValueSource(ints = {10, 100, 1_000, 20_000})
    void countsWhatDistinctNamesCarry(int names) {
        for (int i = 0; i < names; i++) {
            long hash = random.nextLong();
            for (int again = 0; again < 3; again++) {
                Asking.observe(words, 0, hash, 30, TXT, 0, START + i * 1000L);
            }
        }
        assertThat(Asking.distinct(words, 0)).isBetween(0.65 * names, 1.35 * names);
        assertThat(Asking.information(words, 0)).isBetween(0.65 * names * 30, 1.35 * names * 30);
        assertThat(Asking.carrierShare(words, 0)).isEqualTo(1);
    }

    @Test
    void aFewNamesAskedForeverCarryNothing() {
        for (int i = 0; i < 100_000; i++) {
            Asking.observe(words, 0, i % 5 * 0x9E3779B97F4A7C15L, 4, A, 0, START + i * 1000L);
        }
        assertThat(Asking.distinct(words, 0)).isLessThan(8);
        assertThat(Asking.rate(words, 0, START + 100_000_000L)).isLessThan(0.001);
        assertThat(Asking.carrierShare(words, 0)).isZero();
        assertThat(Asking.answeredShare(words, 0)).isEqualTo(1);
    }

    @Test
    void seesASlowTunnelWithinAnHour() {
        // 0.7 bytes a second, the slowest that others claim to find.
        for (int i = 0; i < 84; i++) {
            Asking.observe(words, 0, random.nextLong(), 30, A, 0, START + i * 43_000L);
        }
        assertThat(Asking.rate(words, 0, START + 3_600_000)).isBetween(0.25, 0.8);
        assertThat(Asking.rate(words, 0, START + 20 * 3_600_000L)).isLessThan(0.01);
    }

    @Test
    void joinsToWhatBothSaw() {
        long[] other = new long[Asking.WORDS];
        for (int i = 0; i < 200; i++) {
            Asking.observe(words, 0, random.nextLong(), 20, A, 3, START);
            Asking.observe(other, 0, random.nextLong(), 20, A, 3, START);
        }
        long[] joined = words.clone();
        Asking.join(joined, 0, other, 0);
        assertThat(Asking.distinct(joined, 0)).isBetween(280.0, 520.0);
        long[] again = joined.clone();
        Asking.join(again, 0, other, 0);
        assertThat(again).isEqualTo(joined);
        assertThat(Asking.absentShare(joined, 0)).isEqualTo(1);
    }
}
