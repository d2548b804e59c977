package io.postern.dns.forward;

import java.util.Locale;

/** Why there is no answer. */
public enum Loss {
    /** No server answered in time. */
    TIMEOUT,
    /** The servers answered that they cannot. */
    SERVFAIL,
    /** The servers do not answer us. */
    REFUSED,
    /** The servers could not be reached. */
    NETWORK,
    /** The answer breaks a rule. */
    MALFORMED,
    /** Too many questions are under way; nothing was asked. */
    OVERLOAD,
    /** It is not what its owner has signed. */
    BOGUS(6),
    SIGNATURE_EXPIRED(7),
    SIGNATURE_NOT_YET_VALID(8),
    /** No key of the zone is the one that its parent names. */
    KEY_MISSING(9),
    SIGNATURE_MISSING(10),
    NO_ZONE_KEY(11),
    /** Nothing proves that there is nothing. */
    PROOF_MISSING(12);

    private static final int NO_REACHABLE_AUTHORITY = 22;

    private final String label = name().toLowerCase(Locale.ROOT);
    private final int code;

    Loss() {
        this(NO_REACHABLE_AUTHORITY);
    }

    Loss(int code) {
        this.code = code;
    }

    /** As clients are told, RFC 8914 section 4. */
    public int code() {
        return code;
    }

    /** Whether there is an answer that must not be told. */
    public boolean bogus() {
        return code != NO_REACHABLE_AUTHORITY;
    }

    public String label() {
        return label;
    }
}
