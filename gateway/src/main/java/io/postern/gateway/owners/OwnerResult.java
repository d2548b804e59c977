package io.postern.gateway.owners;

import java.util.Locale;

/** What became of a report; what metrics count. */
public enum OwnerResult {
    /** It says of a flow what that says of itself. */
    CONFIRMED,
    /** A flow of an unknown app has one now. */
    NAMED,
    /** A flow says that it is another app's. */
    CONFLICT,
    /** The same, of flows that have ended: their records are written. */
    LATE_CONFIRMED,
    LATE_NAMED,
    LATE_CONFLICT,
    /** Several apps share a UID, and which of them it is nobody knows. */
    SHARED,
    /** Several flows it may speak of, and none is of its app. */
    AMBIGUOUS,
    /** No flow it speaks of has come in its time. */
    UNMATCHED;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    public String label() {
        return label;
    }
}
