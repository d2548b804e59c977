package io.postern.config.document;

import java.util.List;
import java.util.Optional;

/**
 * What reading came to: a value, or every problem at once.
 *
 * @param value present when, and only when, there is no problem
 * @param problems in order of file and position
 * @param warnings what an operator should know and nothing fails for, in the same order
 */
public record Reading<T>(Optional<T> value, List<Problem> problems, List<Problem> warnings) {

    public Reading {
        if (value.isPresent() != problems.isEmpty()) {
            throw new IllegalArgumentException("a reading has either a value or problems");
        }
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
    }

    public static <T> Reading<T> of(T value, Problems warnings) {
        return new Reading<>(Optional.of(value), List.of(), warnings.sorted());
    }

    public static <T> Reading<T> refused(Problems problems, Problems warnings) {
        return new Reading<>(Optional.empty(), problems.sorted(), warnings.sorted());
    }
}
