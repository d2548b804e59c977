package io.postern.gateway.collector;

import java.util.Locale;

/** What became of a packet or of who brought it; what metrics count. */
public enum PacketResult {
    /** It begins a connection of a known app. */
    REPORTED,
    /** It begins none, or its connection is known already. */
    PASSED_OVER,
    /** Its app has no package among the collector's labels. */
    UNKNOWN_LABEL,
    /** It has no trailer of PCAPdroid's, or that does not fit it. */
    NOT_OWNED,
    /** No capture, or one that breaks its format. */
    MALFORMED,
    /** From an address that is no device's. */
    UNKNOWN_SOURCE,
    /** A connection more than there may be. */
    TOO_MANY;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    public String label() {
        return label;
    }
}
