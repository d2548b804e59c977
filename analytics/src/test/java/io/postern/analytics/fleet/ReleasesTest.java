package io.postern.analytics.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReleasesTest {

    private static final int DEVICES = 1_000;

    private static Releases of(int device) {
        return new Releases(5, "com.acme.mail", (device + 0.5) / DEVICES);
    }

    private static long having(int version, int day) {
        return IntStream.range(0, DEVICES)
                .filter(device -> of(device).version(day) >= version)
                .count();
    }

    @Test
    void aVersionReachesDevicesByStagesAndAllBeforeTheNext() {
        int begins = of(0).came(Releases.FIRST);

        assertThat(begins).isBetween(0, 13);
        assertThat(having(Releases.FIRST, begins - 1)).isZero();
        assertThat(having(Releases.FIRST, begins)).isEqualTo(10);
        assertThat(having(Releases.FIRST, begins + 1)).isEqualTo(50);
        assertThat(having(Releases.FIRST, begins + 5)).isEqualTo(500);
        assertThat(having(Releases.FIRST, begins + 7)).isBetween(600L, 900L);
        assertThat(having(Releases.FIRST, begins + 13)).isEqualTo(DEVICES);
        assertThat(having(Releases.SECOND, begins + 13)).isZero();
        assertThat(having(Releases.SECOND, begins + 14)).isEqualTo(10);
    }

    @Test
    void noDeviceGoesBackAndEachKnowsWhenItsVersionCame() {
        for (int device = 0; device < DEVICES; device += 7) {
            Releases releases = of(device);
            for (int day = 0; day < 40; day++) {
                int version = releases.version(day);
                assertThat(version).isBetween(Math.max(0, releases.version(day - 1)), releases.version(day - 1) + 1);
                assertThat(day - releases.came(version)).isBetween(0, 13);
            }
        }
    }
}
