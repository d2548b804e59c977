package io.postern.gateway.radius;

import io.postern.wire.ip.Prefix;
import java.util.List;
import java.util.Optional;

/**
 * What a request says of a session.
 *
 * @param nas the server that has the session
 * @param session its id there; empty when all of them are meant
 * @param device an id of the right grammar
 * @param prefixes whole, as far as they are said
 * @param eventMillis when it was so
 * @param stamped whether the server itself says when
 */
record Accounting(
        Kind kind,
        String nas,
        String session,
        Optional<String> device,
        List<Prefix> prefixes,
        long eventMillis,
        boolean stamped) {

    /** Acct-Status-Type, RFC 2866 section 5.1. */
    enum Kind {
        START,
        INTERIM,
        STOP,
        /** Accounting-On and -Off. */
        RESTART,
        OTHER
    }

    Accounting {
        prefixes = List.copyOf(prefixes);
    }
}
