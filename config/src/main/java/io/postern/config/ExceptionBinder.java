package io.postern.config;

import io.postern.config.ExceptionSettings.Condition;
import io.postern.config.ExceptionSettings.Outcome;
import io.postern.config.document.Problems;
import io.postern.config.document.Setting;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code exceptions}: from settings of the right shape to the table; tells rows that make no sense. */
final class ExceptionBinder {

    private static final String EACH = "each";

    private final Problems problems;

    ExceptionBinder(Problems problems) {
        this.problems = problems;
    }

    ExceptionSettings settings(Setting exceptions) {
        Map<Condition, Outcome> rows = new EnumMap<>(Condition.class);
        for (Condition condition : Condition.values()) {
            rows.put(condition, row(condition, exceptions.member(condition.label())));
        }
        Setting all = exceptions.member("all");
        return new ExceptionSettings(
                all.text().equals(EACH) ? Optional.empty() : Optional.of(outcome(all)), Map.copyOf(rows));
    }

    private Outcome row(Condition condition, Setting row) {
        Outcome outcome = outcome(row);
        ExceptionSettings.nonsense(condition, outcome)
                .ifPresent(why -> problems.at(
                        row, "is " + outcome.label() + ", must be one of " + sensible(condition) + ", because " + why));
        return outcome;
    }

    private static String sensible(Condition condition) {
        return Arrays.stream(Outcome.values())
                .filter(outcome ->
                        ExceptionSettings.nonsense(condition, outcome).isEmpty())
                .map(Outcome::label)
                .collect(Collectors.joining(", "));
    }

    private static Outcome outcome(Setting setting) {
        return Outcome.valueOf(setting.text().toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
