package io.postern.analytics.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ElasticBeaconTest {

    private static final int BUCKETS = 360;

    @Test
    void aClockOfEveryMinutePassesAllTests() {
        assertThat(ElasticBeacon.of(every(1, 1), every(1, 500), every(1, 300))).isEqualTo(3);
    }

    @Test
    void aClockOfEveryFiveMinutesRepeats() {
        assertThat(ElasticBeacon.repeats(every(5, 1), 0, 356)).isTrue();
        assertThat(ElasticBeacon.of(every(5, 1), every(5, 500), every(5, 300))).isEqualTo(3);
    }

    @Test
    void bytesThatDifferFailTheirTests() {
        double[] up = every(5, 1);
        for (int i = 0; i < up.length; i++) {
            up[i] *= 100 + i;
        }

        assertThat(ElasticBeacon.of(every(5, 1), up, up)).isEqualTo(1);
    }

    @Test
    void peopleDoNotRepeat() {
        double[] counts = new double[BUCKETS];
        double[] bytes = new double[BUCKETS];
        int at = 0;
        for (int i = 0; at < BUCKETS; i++) {
            counts[at] = 1 + i % 3;
            bytes[at] = 100 + 97 * i;
            at += 3 + (i * i * 7) % 41;
        }

        assertThat(ElasticBeacon.of(counts, bytes, bytes)).isZero();
    }

    @Test
    void sixBucketsAreTooFew() {
        double[] counts = new double[BUCKETS];
        for (int i = 0; i < 6; i++) {
            counts[i * 40] = 1;
        }

        assertThat(ElasticBeacon.of(counts, counts, counts)).isZero();
    }

    /** Of 1 to 20 without the lowest tenth and the highest fifth: 3 to 17, mean 10, deviation 4.3. */
    @Test
    void theEndsAreCutOff() {
        double[] values = new double[20];
        Arrays.setAll(values, i -> i + 1);

        assertThat(ElasticBeacon.alike(values, 0.43)).isFalse();
        assertThat(ElasticBeacon.alike(values, 0.44)).isTrue();
    }

    private static double[] every(int minutes, double value) {
        double[] values = new double[BUCKETS];
        for (int i = 0; i < BUCKETS; i += minutes) {
            values[i] = value;
        }
        return values;
    }
}
