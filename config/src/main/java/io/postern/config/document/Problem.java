package io.postern.config.document;

import java.util.Comparator;
import java.util.regex.Pattern;

/**
 * One thing wrong with what the operator wrote: {@code file:line:column: path: what it is, what it must be}.
 *
 * @param line from 1; 0 when the source has no lines
 * @param column from 1, in code points; 0 when the source has no columns
 * @param path of the setting, as in {@code listeners[0].bind}; empty for the document as a whole
 */
public record Problem(String file, int line, int column, String path, String what) implements Comparable<Problem> {

    private static final Comparator<Problem> ORDER = Comparator.comparing(Problem::file)
            .thenComparingInt(Problem::line)
            .thenComparingInt(Problem::column)
            .thenComparing(Problem::path)
            .thenComparing(Problem::what);

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    public static Problem of(Position at, String path, String what) {
        return new Problem(at.file(), at.line(), at.column(), path, what);
    }

    @Override
    public int compareTo(Problem other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return oneLine(new Position(file, line, column) + ": " + (path.isEmpty() ? "" : path + ": ") + what);
    }

    /** A problem is one line, whatever it quotes; nor may it speak to a terminal. */
    private static String oneLine(String text) {
        return CONTROL.matcher(text)
                .replaceAll(match -> "\\\\u%04x".formatted((int) match.group().charAt(0)));
    }
}
