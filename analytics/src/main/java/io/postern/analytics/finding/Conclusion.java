package io.postern.analytics.finding;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What an analyst makes of a finding. */
public enum Conclusion {
    /** It was what it said. */
    TRUE_POSITIVE,
    /** It should not have been made. */
    FALSE_POSITIVE,
    /** It was right, and what it found is allowed. */
    BENIGN;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    public String label() {
        return label;
    }

    public static Optional<Conclusion> of(String label) {
        return Arrays.stream(values()).filter(one -> one.label.equals(label)).findFirst();
    }

    /** Whether nobody need look at the like of it again. */
    public boolean harmless() {
        return this != TRUE_POSITIVE;
    }
}
