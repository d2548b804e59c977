package io.postern.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.e2e.TestingClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgesTest {

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir
    Path dir;

    private final TestingClock clock = new TestingClock(NOON);
    private long nanos;

    @Test
    void aStartByAClockThatIsWeeksAheadIsDoubtedForAnHour() throws Exception {
        try (Store store = EmbeddedStore.open(dir.resolve("store"))) {
            ages(store).save();
            clock.pass(Duration.ofDays(60));

            Ages again = ages(store);
            assertThat(again.millis()).isEqualTo(NOON.toEpochMilli());
            assertThat(ages(store, "another").millis()).as("nothing is known").isEqualTo(clock.millis());
            pass(Duration.ofMinutes(59));
            assertThat(again.millis()).isEqualTo(NOON.plusSeconds(59 * 60).toEpochMilli());
            pass(Duration.ofMinutes(2));
            assertThat(again.millis()).isEqualTo(clock.millis());
        }
    }

    @Test
    void whatIsDoubtedIsNotSavedAndATimeBeforeIsBelieved() throws Exception {
        try (Store store = EmbeddedStore.open(dir.resolve("store"))) {
            Ages ages = ages(store);
            clock.pass(Duration.ofDays(60));
            ages.save();
            assertThat(ages(store).millis()).as("by the same wrong clock").isEqualTo(NOON.toEpochMilli());

            clock.pass(Duration.ofDays(-90));
            assertThat(ages(store).millis()).isEqualTo(clock.millis());
        }
    }

    private Ages ages(Store store) throws IOException {
        return ages(store, "these");
    }

    private Ages ages(Store store, String what) throws IOException {
        return Ages.open(store, what, clock, () -> nanos);
    }

    private void pass(Duration some) {
        clock.pass(some);
        nanos += some.toNanos();
    }
}
