package io.postern.analytics.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RhythmsTest {

    private static final long HOUR = 3_600_000;

    @Test
    void tellsAnIntervalThatRepeats() {
        Rhythms rhythms = new Rhythms(64);

        assertThat(rhythms.beat(1, 0).interval()).isNegative();
        assertThat(rhythms.beat(1, 300_000).interval()).isNegative();
        assertThat(rhythms.beat(1, 620_000).interval()).isEqualTo(320);
        assertThat(rhythms.beat(1, 625_000).interval()).isNegative();
        assertThat(rhythms.beat(1, 0).interval()).as("out of order").isNegative();
    }

    @Test
    void countsTheFlowsOfAnHourOnceItIsOver() {
        Rhythms rhythms = new Rhythms(64);
        for (int i = 0; i < 5; i++) {
            assertThat(rhythms.beat(1, i * 60_000L).lastHour()).isZero();
        }

        assertThat(rhythms.beat(1, HOUR).lastHour()).isEqualTo(5);
        assertThat(rhythms.beat(1, 9 * HOUR).lastHour()).isEqualTo(1);
    }

    @Test
    void forgetsTheLeastLatelySeen() {
        Rhythms rhythms = new Rhythms(64);
        for (int key = 1; key <= 10_000; key++) {
            rhythms.beat(key, key * 1_000L);
        }

        assertThat(rhythms.evicted()).isEqualTo(10_000 - 64);
        assertThat(rhythms.beat(10_000, 10_000_000).lastHour()).isZero();
        assertThat(rhythms.evicted()).isEqualTo(10_000 - 64);
    }

    @ParameterizedTest(name = "{0} bytes: {1}")
    @CsvSource({
        "0, <256B",
        "255, <256B",
        "256, <1KiB",
        "1023, <1KiB",
        "1024, <4KiB",
        "1048575, <1MiB",
        "1073741823, <1GiB",
        "1073741824, >=1GiB",
        "9223372036854775807, >=1GiB",
        "-1, <256B"
    })
    void bandsBytes(long count, String band) {
        assertThat(Bands.bytes(count)).isEqualTo(band);
        assertThat(Bands.all(Trait.BYTES_UP)).contains(band);
    }

    @ParameterizedTest(name = "{0} an hour: {1}")
    @CsvSource({"1, 1/h", "2, 2-3/h", "3, 2-3/h", "1023, 512-1023/h", "1024, >=1024/h", "2147483647, >=1024/h"})
    void bandsRates(int count, String band) {
        assertThat(Bands.rate(count)).isEqualTo(band);
    }

    @ParameterizedTest(name = "{0} s: {1}")
    @CsvSource({"0, <10s", "10, <1m", "899, <15m", "900, <1h", "86399, <1d", "86400, >=1d"})
    void bandsIntervals(long seconds, String band) {
        assertThat(Bands.cadence(seconds)).isEqualTo(band);
    }

    @Test
    void bandsHours() {
        assertThat(Bands.hours(0)).isEqualTo("thu 00-04");
        assertThat(Bands.hours(-1)).isEqualTo("wed 20-24");
        assertThat(Bands.hours(Flows.START)).isEqualTo("mon 08-12");
    }
}
