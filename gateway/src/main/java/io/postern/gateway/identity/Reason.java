package io.postern.gateway.identity;

import java.util.Locale;

/** Why a credential was not accepted; for the operator's counter, the client is never told. */
public enum Reason {
    MISSING,
    MALFORMED,
    /** Of another tenant, issuer or audience. */
    WRONG_TENANT,
    UNKNOWN_KEY,
    /** Its signature or MAC is not what the key makes of it. */
    FORGED,
    EXPIRED,
    /** Before its nbf (RFC 7519 section 4.1.5). */
    NOT_YET,
    /** Bound to a client certificate that was not shown (RFC 8705 section 3). */
    UNBOUND,
    /** It names one device, the client certificate another. */
    CONFLICT,
    REVOKED;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    public String label() {
        return label;
    }

    /**
     * Whether it is refused even where the unattributed are admitted: it is known whose it is, or was, and that it is
     * not to be taken.
     */
    boolean always() {
        return this == UNBOUND || this == CONFLICT || this == REVOKED;
    }
}
