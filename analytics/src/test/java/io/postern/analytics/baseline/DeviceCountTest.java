package io.postern.analytics.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceCountTest {

    private static DeviceCount of(int from, int to) {
        DeviceCount count = new DeviceCount();
        IntStream.range(from, to).forEach(device -> count.add(Hash.of("device-" + device)));
        return count;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 10, 31})
    void isExactForFew(int devices) {
        assertThat(of(0, devices).count()).isEqualTo(devices);
    }

    /** Twice the same devices are the same devices; the estimate is within three standard errors, 3/√30. */
    @ParameterizedTest
    @ValueSource(ints = {50, 100, 1_000, 100_000})
    void isNearForMany(int devices) {
        DeviceCount count = of(0, devices);
        count.add(of(0, devices));

        assertThat(count.count()).isBetween((int) (devices * 0.45), (int) (devices * 1.55));
    }

    @Test
    void joinsInAnyOrderAndHoweverOften() {
        DeviceCount left = of(0, 700);
        left.add(of(300, 1_000));
        DeviceCount right = of(300, 1_000);
        right.add(of(0, 700));
        right.add(of(0, 700));

        assertThat(left.hashes())
                .isEqualTo(right.hashes())
                .isEqualTo(of(0, 1_000).hashes());
        assertThat(DeviceCount.of(left.hashes()).count()).isEqualTo(left.count());
    }

    /** By hand: two of two 0.3², two or more of three 3 × 0.3² × 0.7 + 0.3³. */
    @Test
    void tellsHowLikelyItIsToBeAmongOthersByChance() {
        DeviceCount others = of(0, 30);
        assertThat(of(0, 2).chanceIn(others, 0.3)).isCloseTo(0.09, within(1e-12));
        assertThat(of(28, 31).chanceIn(others, 0.3)).isCloseTo(0.216, within(1e-12));
        assertThat(of(30, 33).chanceIn(others, 0.3)).as("none of them").isCloseTo(1, within(1e-12));
        assertThat(of(0, 0).chanceIn(others, 0.3)).as("nobody").isEqualTo(1);
        assertThat(of(0, 4).chanceIn(others, 1)).as("all have it").isEqualTo(1);
        assertThat(of(0, 4).chanceIn(others, 0)).isZero();
    }

    /** Of many others not all are kept: of who is not told of nothing is known, and it is no surprise. */
    @Test
    void ofManyOthersThoseCountThatAreKept() {
        DeviceCount all = of(0, 1_000);
        assertThat(all.chanceIn(all, 0.5)).isCloseTo(Math.pow(0.5, 32), within(1e-12));
        assertThat(of(0, 8).chanceIn(all, 0.5)).isBetween(Math.pow(0.5, 8), 1.0);
    }

    @Test
    void remembersSixtyFourDays() {
        Days days = Days.NONE;
        for (long day : List.of(100L, 101L, 101L, 90L, 163L)) {
            days = days.with(day);
        }

        assertThat(days.count()).isEqualTo(3);
        assertThat(days.with(164).count()).as("100 is 64 days before 164").isEqualTo(3);
        assertThat(days.with(Days.NONE.with(150).with(101)).count()).isEqualTo(4);
        assertThat(days.with(100).bits()).isEqualTo(days.bits());
    }
}
