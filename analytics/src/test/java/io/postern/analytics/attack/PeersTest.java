package io.postern.analytics.attack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one device does, held against what the others do. */
class PeersTest {

    private static final String APP = "com.example.weather";
    private static final String HOST = "api.weather.example";
    private static final double HALF_HOUR = 1_800_000;
    private static final int ME = -1;

    private final Peers peers = new Peers(100);

    private void others(int count) {
        for (int i = 0; i < count; i++) {
            peers.does(i, APP, HOST, HALF_HOUR * (0.9 + 0.2 * i / count), 2_800 + i);
        }
    }

    @ParameterizedTest
    @CsvSource({"300000, 500", "800000, 1100"})
    void oftenAndWithLittleToSayIsUnlikeTheOthers(double period, double bytes) {
        others(30);
        assertThat(peers.compare(ME, APP, HOST, period, bytes).unlike()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"300000, 2800", "300000, 9000", "1800000, 500", "3600000, 500", "1800000, 2800", "60000, 1300"})
    void oneOfTheTwoIsASettingOrHowItIsUsed(double period, double bytes) {
        others(30);
        assertThat(peers.compare(ME, APP, HOST, period, bytes).unlike()).isFalse();
    }

    @Test
    void tellsHowOftenAndHowMuch() {
        others(30);
        Peers.Comparison compared = peers.compare(ME, APP, HOST, HALF_HOUR / 4, 700);
        assertThat(compared.timesAsOften()).isBetween(3.8, 4.2);
        assertThat(compared.timesSmaller()).isBetween(3.9, 4.1);
    }

    @Test
    void fewOthersSayNothing() {
        others(Peers.ENOUGH - 1);
        assertThat(peers.compare(ME, APP, HOST, 300_000, 500)).isEqualTo(Peers.Comparison.NONE);
    }

    @Test
    void theDeviceItselfIsNoneOfThem() {
        others(Peers.ENOUGH - 1);
        peers.does(ME, APP, HOST, 300_000, 500);
        assertThat(peers.compare(ME, APP, HOST, 300_000, 500)).isEqualTo(Peers.Comparison.NONE);
    }

    @Test
    void whatManyDoIsNotUnlikeThem() {
        others(25);
        for (int i = 100; i < 105; i++) {
            peers.does(i, APP, HOST, 300_000, 500);
        }
        assertThat(peers.compare(ME, APP, HOST, 300_000, 500).unlike()).isFalse();
    }

    @Test
    void aDeviceCountsOnceHoweverOftenItTells() {
        others(20);
        for (int i = 0; i < 200; i++) {
            peers.does(100, APP, HOST, 300_000, 500);
        }
        assertThat(peers.compare(ME, APP, HOST, 300_000, 500).unlike()).isTrue();
    }

    @Test
    void ofManyASampleIsKept() {
        others(10_000);
        assertThat(peers.compare(ME, APP, HOST, 300_000, 500).unlike()).isTrue();
        assertThat(peers.compare(ME, APP, HOST, HALF_HOUR, 500).unlike()).isFalse();
    }

    @Test
    void thePlaceOfLongestAgoMakesRoom() {
        others(30);
        for (int i = 0; i < 100; i++) {
            peers.does(1, APP, "host" + i + ".example", HALF_HOUR, 100);
        }
        assertThat(peers.evicted()).isEqualTo(1);
        assertThat(peers.compare(ME, APP, HOST, 300_000, 500)).isEqualTo(Peers.Comparison.NONE);
    }
}
