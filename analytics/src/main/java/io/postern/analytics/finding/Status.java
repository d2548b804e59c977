package io.postern.analytics.finding;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How a finding stands. */
public enum Status {
    /** Nobody has looked at it. */
    OPEN,
    /** Somebody is at it. */
    IN_PROGRESS,
    /** It goes on, and an exception or an analyst's answer says that nobody need look. */
    SUPPRESSED,
    CLOSED;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    public String label() {
        return label;
    }

    public static Optional<Status> of(String label) {
        return Arrays.stream(values()).filter(one -> one.label.equals(label)).findFirst();
    }

    /** Whether somebody should look, or does. */
    public boolean stands() {
        return this == OPEN || this == IN_PROGRESS;
    }
}
