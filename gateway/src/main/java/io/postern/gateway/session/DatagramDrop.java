package io.postern.gateway.session;

import io.postern.gateway.flows.Breakage;
import java.util.Locale;
import java.util.Optional;

/** Why a datagram went no further; each is a counter. */
public enum DatagramDrop {
    /** Its header is none, a fragment, or names no destination. */
    MALFORMED,
    /** Came to an association that is another client's. */
    FOREIGN,
    /** Nobody vouches for it. */
    UNAUTHENTICATED,
    /** Its session is forbidden, or could not begin a moment ago. */
    FORBIDDEN,
    /** There are as many sessions, or flows of its device, as there may be. */
    CROWDED,
    /** Its device begins more sessions, or handshakes inside of them, in a second than it may. */
    FLOOD,
    /** Came while its session was being opened, behind as many as may wait. */
    WAITING,
    /** More than may come back to a client that has not shown to be there. */
    AMPLIFICATION,
    /** Its app is throttled, and there is no more left for this destination. */
    THROTTLED,
    /** The socket it was to leave by takes no more for the moment. */
    BACKLOG,
    /** Longer than the path takes. */
    TOO_LONG,
    /** Has no bytes, and is not carried. */
    EMPTY,
    /** Could not be sent. */
    FAILED;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    public String label() {
        return label;
    }

    /** Why one could not be written; empty when that is a fault of ours, which has then been logged. */
    static Optional<DatagramDrop> of(Throwable cause) {
        if (!Breakage.byPeer(cause)) {
            return Optional.empty();
        }
        return Optional.of(String.valueOf(cause.getMessage()).contains("too long") ? TOO_LONG : FAILED);
    }
}
