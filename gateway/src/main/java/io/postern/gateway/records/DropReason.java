package io.postern.gateway.records;

import java.util.Locale;

/** Why a record was lost: {@code reason} of {@code postern_records_dropped_total}. */
public enum DropReason {
    /** Flows ended faster than records are written. */
    QUEUE_FULL,
    /** The file could not be written for so long that the queue filled, or until the stop. */
    UNWRITABLE,
    /** A fault of ours while rendering; the log has the first one's stack. */
    FAULT,
    /** It came after the stop. */
    STOPPED;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    public String label() {
        return label;
    }
}
