package io.postern.gateway.dns;

import java.util.Locale;

/** Why a question got no answer, or a connection no further. */
public enum DnsDrop {
    /** Less than a head. */
    SHORT,
    /** An answer sent as a question. */
    RESPONSE,
    /** No query: an update, a notification, a status. */
    OPCODE,
    /** Its source asks more often than it may. */
    RATE,
    /** The connection broke the framing, or was silent. */
    STREAM,
    /** By HTTPS, and refused by HTTP's own codes. */
    HTTP,
    /** The system takes no more datagrams: the answer was there, and is lost as on any full line. */
    BACKLOG,
    /** A list says that it gets none. */
    POLICY,
    /** Ours: it is in the log, and SERVFAIL where there is a question. */
    FAULT;

    private final String label = name().toLowerCase(Locale.ROOT);

    public String label() {
        return label;
    }
}
