package io.postern.gateway.flows;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExchangeLogTest {

    private final ExchangeLog exchanges = new ExchangeLog();

    @Test
    void aBurstUpAndABurstDownAreOneExchange() {
        exchanges.up(100, 0);
        exchanges.up(50, 1);
        exchanges.down(7, 2);
        exchanges.down(3, 3);
        exchanges.up(1, 40);

        assertThat(exchanges.take()).containsExactly(0, 150, 10, 40, 1, 0);
    }

    @Test
    void aServerThatSpeaksFirstBeginsAnExchangeWithoutItsUpperHalf() {
        exchanges.down(20, 5);
        exchanges.up(8, 9);

        assertThat(exchanges.take()).containsExactly(5, 0, 20, 9, 8, 0);
    }

    @Test
    void theNewestAreKeptInOrder() {
        for (int i = 0; i < ExchangeLog.MAX + 10; i++) {
            exchanges.up(i, i);
            exchanges.down(1, i);
        }
        long[] taken = exchanges.take();

        assertThat(taken).hasSize(3 * ExchangeLog.MAX);
        assertThat(taken).startsWith(10, 10, 1).endsWith(ExchangeLog.MAX + 9, ExchangeLog.MAX + 9, 1);
    }

    @Test
    void whatWasTakenIsNotTakenAgain() {
        exchanges.up(1, 0);
        exchanges.take();
        exchanges.down(2, 10);
        exchanges.up(3, 20);

        assertThat(exchanges.take()).containsExactly(10, 0, 2, 20, 3, 0);
        assertThat(exchanges.take()).isEmpty();
    }

    @Test
    void whatDetectionWasToldStaysForTheRecord() {
        exchanges.up(1, 0);
        exchanges.down(2, 1);
        exchanges.up(3, 10);

        assertThat(exchanges.untold(false)).containsExactly(0, 1, 2);
        exchanges.told(1);
        assertThat(exchanges.hasUntold(false)).isFalse();
        assertThat(exchanges.hasUntold(true)).isTrue();
        assertThat(exchanges.answered()).isFalse();

        exchanges.down(4, 11);
        exchanges.up(5, 20);
        assertThat(exchanges.untold(false)).containsExactly(10, 3, 4);
        exchanges.told(1);

        assertThat(exchanges.told()).isEqualTo(2);
        assertThat(exchanges.take()).containsExactly(0, 1, 2, 10, 3, 4, 20, 5, 0);
        assertThat(exchanges.told()).isZero();
    }

    @Test
    void whatIsPushedOutBeforeItWasToldIsNotTold() {
        exchanges.up(1, 0);
        exchanges.down(1, 0);
        exchanges.told(1);
        for (int i = 1; i < ExchangeLog.MAX + 10; i++) {
            exchanges.up(i, i);
            exchanges.down(1, i);
        }

        assertThat(exchanges.untold(true)).hasSize(3 * ExchangeLog.MAX).startsWith(10, 10, 1);
        exchanges.told(ExchangeLog.MAX);
        assertThat(exchanges.hasUntold(true)).isFalse();
    }
}
