package io.postern.analytics.finding;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Something that happened to a finding.
 *
 * @param score it had then
 * @param by whose doing; empty: the detector's or the book's own
 * @param text for people; may be empty
 */
public record Step(long atMillis, Kind kind, double score, String by, String text) {

    /** What it was. */
    public enum Kind {
        OPENED,
        /** More serious, or less. */
        SEVERITY,
        /** Something new speaks for it or against it. */
        EVIDENCE,
        /** More is done about it, or less. */
        ACTION,
        /** The gateway goes on refusing what it is about. */
        REFUSED,
        SUPPRESSED,
        /** What suppressed it has ended. */
        RESUMED,
        REVIEWED,
        CLOSED;

        private final String label = name().toLowerCase(Locale.ROOT);

        public String label() {
            return label;
        }

        public static Optional<Kind> of(String label) {
            return Arrays.stream(values())
                    .filter(one -> one.label.equals(label))
                    .findFirst();
        }
    }
}
