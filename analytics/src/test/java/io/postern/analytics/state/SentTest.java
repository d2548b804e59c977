package io.postern.analytics.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SentTest {

    private static final long START = 1_788_134_400_000L;
    private static final long SECOND = 1_000;
    private static final long HOUR = 3_600 * SECOND;

    private final Sent sent = new Sent();

    private long of(int slot, long from, long to) {
        return sent.bytes(slot, 7 * slot, from, to, when -> true);
    }

    private void add(long at, int slot, long bytes) {
        sent.add(at, slot, 7 * slot, bytes);
    }

    @Test
    void tellsWhatWentThereAndThen() {
        add(START, 1, 100);
        add(START + SECOND, 1, 20);
        add(START + SECOND, 2, 3_000);
        add(START + 20 * SECOND, 1, 7);
        assertThat(of(1, START, START + 30 * SECOND)).isEqualTo(127);
        assertThat(of(1, START, START + 10 * SECOND)).isEqualTo(120);
        assertThat(of(1, START + 10 * SECOND, START + 30 * SECOND)).isEqualTo(7);
        assertThat(of(2, START, START + 30 * SECOND)).isEqualTo(3_000);
        assertThat(of(3, START, START + 30 * SECOND)).isZero();
    }

    @Test
    void countsTheSpansThatItIsAskedTo() {
        add(START, 1, 100);
        add(START + 20 * SECOND, 1, 7);
        assertThat(sent.bytes(1, 7, START, START + HOUR, when -> when >= START + 10 * SECOND))
                .isEqualTo(7);
    }

    @Test
    void whatUsedToBeThereIsAnother() {
        add(START, 1, 100);
        assertThat(sent.bytes(1, 8, START, START + HOUR, when -> true)).isZero();
    }

    @Test
    void knowsSinceWhenItKnowsAll() {
        assertThat(sent.reaches(START)).isFalse();
        add(START, 1, 100);
        assertThat(sent.reaches(START - HOUR)).isFalse();
        assertThat(sent.reaches(START)).isTrue();
        add(START + 4 * HOUR, 1, 100);
        assertThat(sent.reaches(START)).isFalse();
        assertThat(sent.reaches(START + HOUR)).isTrue();
        assertThat(of(1, START, START + 5 * HOUR)).isEqualTo(100);
        assertThat(sent.pushedOut()).isZero();
    }

    @Test
    void isBoundedWhateverIsSent() {
        for (int i = 0; i < 10 * Sent.MOST; i++) {
            add(START + i * SECOND, i, 10);
        }
        assertThat(sent.memory()).isLessThanOrEqualTo(40 + 24 * Sent.MOST);
        assertThat(sent.reaches(START + 9 * Sent.MOST * SECOND - 60 * SECOND)).isFalse();
        assertThat(sent.pushedOut()).isPositive();
        int last = 10 * Sent.MOST - 1;
        assertThat(of(last, START, START + HOUR)).isEqualTo(10);
    }
}
