package io.postern.config.policy;

import io.postern.config.document.Problems;
import io.postern.config.document.Setting;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Days of a policy; one that has passed is a warning, since policies grow old by themselves. */
final class PolicyDays {

    private final Problems problems;
    private final Problems warnings;
    private final LocalDate today;

    PolicyDays(Problems problems, Problems warnings, LocalDate today) {
        this.problems = problems;
        this.warnings = warnings;
        this.today = today;
    }

    Optional<LocalDate> reviewBy(Setting setting) {
        Optional<LocalDate> day = day(setting);
        day.filter(today::isAfter).ifPresent(passed -> warnings.at(setting, "the app's review was due on " + passed));
        return day;
    }

    /** The last day of an exception; one in the past when it cannot be read, which is told. */
    LocalDate until(Setting setting) {
        Optional<LocalDate> day = day(setting);
        day.filter(today::isAfter)
                .ifPresent(passed -> warnings.at(setting, "the exception expired on " + passed + " and lifts nothing"));
        return day.orElse(LocalDate.EPOCH);
    }

    private Optional<LocalDate> day(Setting setting) {
        try {
            return Optional.of(LocalDate.parse(setting.text()));
        } catch (DateTimeParseException e) {
            problems.at(setting, "'" + setting.text() + "' is not a day of the calendar");
            return Optional.empty();
        }
    }
}
