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
    OVERLOAD;

    private final String label = name().toLowerCase(Locale.ROOT);

    public String label() {
        return label;
    }
}
