package io.postern.analytics.baseline;

import java.util.Locale;

/**
 * How far something learnt has come.
 *
 * <pre>
 * LEARNING  →  PROPOSED  →  APPROVED  →  PROVISIONAL   a newer version or another signer is about
 *     ↓            ↓           ↓  ↑          ↓
 *  TAINTED      REJECTED     EXPIRED  ←──────┘         review-by has passed, or unseen for long
 * </pre>
 */
public enum Standing {
    /** Never seen, or forgotten. */
    ABSENT,
    /** Seen, on too few devices or days. */
    LEARNING,
    /** A finding or other evidence speaks of it: never proposed. */
    TAINTED,
    REJECTED,
    PROPOSED,
    EXPIRED,
    /** Approved for an older version, or the same of another signer. */
    PROVISIONAL,
    APPROVED;

    private final String label = name().toLowerCase(Locale.ROOT);

    public String label() {
        return label;
    }

    /** Whether somebody said yes and it still counts. */
    public boolean approved() {
        return this == APPROVED || this == PROVISIONAL;
    }
}
