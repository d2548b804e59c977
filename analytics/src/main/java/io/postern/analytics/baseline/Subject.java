package io.postern.analytics.baseline;

import java.util.Locale;
import java.util.Optional;

/** Whose baseline it is. */
public record Subject(Kind kind, String name) implements Comparable<Subject> {

    /** What has a baseline. */
    public enum Kind {
        APP,
        CATEGORY;

        private final String label = name().toLowerCase(Locale.ROOT);

        public String label() {
            return label;
        }
    }

    /** @param name see {@link io.postern.analytics.flow.AppTag#app} */
    public static Subject app(String name) {
        return new Subject(Kind.APP, name);
    }

    public static Subject category(String name) {
        return new Subject(Kind.CATEGORY, name);
    }

    /** Reads what {@link #toString} writes. */
    public static Optional<Subject> parse(String text) {
        for (Kind kind : Kind.values()) {
            if (text.startsWith(kind.label + ":") && text.length() > kind.label.length() + 1) {
                return Optional.of(new Subject(kind, text.substring(kind.label.length() + 1)));
            }
        }
        return Optional.empty();
    }

    @Override
    public int compareTo(Subject other) {
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : name.compareTo(other.name);
    }

    /** {@code app:com.acme.mail}. */
    @Override
    public String toString() {
        return kind.label + ":" + name;
    }
}
