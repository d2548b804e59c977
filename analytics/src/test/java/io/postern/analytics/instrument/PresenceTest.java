package io.postern.analytics.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PresenceTest {

    private static final long HOUR = 3_600_000;
    private static final long DAY = 24 * HOUR;
    private static final long START = 20_000 * DAY;

    private final long[] words = new long[Presence.WORDS];

    @Test
    void countsDaysAndHours() {
        for (int day = 0; day < 40; day++) {
            Presence.observe(words, 0, START + day * DAY + 3 * HOUR);
        }
        long now = START + 39 * DAY + 5 * HOUR;
        assertThat(Presence.daysActive(words, 0, now)).isEqualTo(30);
        assertThat(Presence.daysActive(words, 0, now + 10 * DAY)).isEqualTo(20);
        assertThat(Presence.daysActive(words, 0, now + 100 * DAY)).isZero();
        assertThat(Presence.hoursActive(words, 0, now)).isEqualTo(1);
        assertThat(Presence.hoursOfDay(words, 0)).isEqualTo(1);
    }

    @Test
    void knowsTheLongestRunOfTheDay() {
        for (int hour : new int[] {0, 1, 2, 3, 4, 9, 10}) {
            Presence.observe(words, 0, START + hour * HOUR);
        }
        assertThat(Presence.longestRun(words, 0, START + 10 * HOUR)).isEqualTo(5);
        assertThat(Presence.hoursActive(words, 0, START + 10 * HOUR)).isEqualTo(7);
        assertThat(Presence.longestRun(words, 0, START + 26 * HOUR)).isEqualTo(2);
    }

    @Test
    void takesWhatComesLate() {
        Presence.observe(words, 0, START + 5 * DAY);
        Presence.observe(words, 0, START + 2 * DAY);
        Presence.observe(words, 0, START - 100 * DAY);
        assertThat(Presence.daysActive(words, 0, START + 5 * DAY)).isEqualTo(2);
        assertThat(Presence.returned(words, 0)).isTrue();
    }

    @Test
    void joinsWhatEitherSaw() {
        long[] other = new long[Presence.WORDS];
        Presence.observe(words, 0, START);
        Presence.observe(words, 0, START + DAY);
        Presence.observe(other, 0, START + 3 * DAY);
        long[] joined = words.clone();
        Presence.join(joined, 0, other, 0);
        Presence.join(other, 0, words, 0);
        assertThat(joined).isEqualTo(other);
        assertThat(Presence.daysActive(joined, 0, START + 3 * DAY)).isEqualTo(3);
        Presence.join(joined, 0, joined.clone(), 0);
        assertThat(joined).isEqualTo(other);
    }

    @Test
    void tellsCommonWakesFromAClockOfItsOwn() {
        for (int i = 0; i < 1000; i++) {
            Presence.woke(words, 0, i % 4 != 0);
        }
        assertThat(Presence.wakeShare(words, 0)).isBetween(0.7, 0.8);
        assertThat(Presence.wakesJudged(words, 0)).isBetween(100, 255);
    }
}
