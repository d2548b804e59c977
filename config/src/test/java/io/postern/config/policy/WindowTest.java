package io.postern.config.policy;

import static java.time.DayOfWeek.FRIDAY;
import static java.time.DayOfWeek.SATURDAY;
import static java.time.DayOfWeek.SUNDAY;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Windows by the clock of Berlin, which is two hours ahead of UTC in summer and one in winter. */
class WindowTest {

    @ParameterizedTest(name = "{0}-{1} at {2}: {3}")
    @CsvSource({
        "08:00, 18:00, 2026-07-03T05:59:59Z, false",
        "08:00, 18:00, 2026-07-03T06:00:00Z, true",
        "08:00, 18:00, 2026-07-03T15:59:59Z, true",
        "08:00, 18:00, 2026-07-03T16:00:00Z, false",
        "08:00, 18:00, 2026-12-04T06:30:00Z, false",
        "08:00, 18:00, 2026-12-04T07:00:00Z, true",
        "08:00, 18:00, 2026-07-04T08:00:00Z, false",
        "00:00, 00:00, 2026-07-02T21:59:59Z, false",
        "00:00, 00:00, 2026-07-02T22:00:00Z, true",
        "00:00, 00:00, 2026-07-03T21:59:59Z, true",
        "00:00, 00:00, 2026-07-03T22:00:00Z, false",
    })
    void keepsTheHoursOfFriday(LocalTime from, LocalTime to, Instant now, boolean open) {
        assertThat(window(from, to, FRIDAY).open(now)).isEqualTo(open);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "2026-07-03T19:59:59Z, false",
        "2026-07-03T20:00:00Z, true",
        "2026-07-04T03:59:59Z, true",
        "2026-07-04T04:00:00Z, false",
        "2026-07-03T01:00:00Z, false",
        "2026-07-04T20:00:00Z, false",
    })
    void aNightBelongsToTheDayItBeginsOn(Instant now, boolean open) {
        assertThat(window(LocalTime.of(22, 0), LocalTime.of(6, 0), FRIDAY).open(now))
                .isEqualTo(open);
    }

    /** On 29 March 2026 01:59:59 is followed by 03:00, on 25 October 02:59:59 once by 02:00. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "2026-03-29T00:59:59Z, false",
        "2026-03-29T01:00:00Z, false",
        "2026-10-24T23:59:59Z, false",
        "2026-10-25T00:00:00Z, true",
        "2026-10-25T00:59:59Z, true",
        "2026-10-25T01:00:00Z, true",
        "2026-10-25T01:59:59Z, true",
        "2026-10-25T02:00:00Z, false",
    })
    void anHourLeftOutNeverComesAndOneThatComesTwiceIsInsideTwice(Instant now, boolean open) {
        assertThat(window(LocalTime.of(2, 0), LocalTime.of(3, 0), SUNDAY).open(now))
                .isEqualTo(open);
    }

    /** A night of Saturday to Sunday is an hour longer when clocks are set back, and still ends at six. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"2026-10-24T20:00:00Z, true", "2026-10-25T04:59:59Z, true", "2026-10-25T05:00:00Z, false"})
    void aNightEndsByTheWallsClock(Instant now, boolean open) {
        assertThat(window(LocalTime.of(22, 0), LocalTime.of(6, 0), SATURDAY).open(now))
                .isEqualTo(open);
    }

    private static Window window(LocalTime from, LocalTime to, DayOfWeek day) {
        return new Window(Set.of(day), from, to, ZoneId.of("Europe/Berlin"));
    }
}
