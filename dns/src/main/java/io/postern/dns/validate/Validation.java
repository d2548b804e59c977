package io.postern.dns.validate;

import java.util.Locale;

/** What became of checking an answer. */
public enum Validation {
    /** Signed by keys that lead to a trust anchor. */
    SECURE,
    /** Proven to be unsigned, or signed in a way that nobody has to know. */
    INSECURE,
    /** Not what its owner has signed; told to nobody. */
    BOGUS,
    /** Not checked: the client does that (CD), or the operator has excepted the zone. */
    UNCHECKED,
    /** The servers did not say enough, or there was no time or room to check it. */
    LOST;

    private final String label = name().toLowerCase(Locale.ROOT);

    public String label() {
        return label;
    }
}
