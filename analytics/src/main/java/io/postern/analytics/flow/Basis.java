package io.postern.analytics.flow;

import java.util.Locale;

/** How it is known what a flow speaks. Only {@link #BYTES} is evidence; the others say why there is none. */
public enum Basis {
    /** A parser was certain. */
    BYTES,
    /** The server spoke first and nobody knows its greeting. */
    SERVER_FIRST,
    /** Nobody said enough in time. */
    TIMEOUT,
    /** Room ran out before anybody was certain. */
    LIMIT,
    /** Every parser refused. */
    NO_MATCH,
    /** Meant to be a known protocol and breaks a rule of it. */
    MALFORMED,
    /** The flow ended first. */
    END;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** As written in records and metrics: {@code server-first}. */
    public String label() {
        return label;
    }
}
