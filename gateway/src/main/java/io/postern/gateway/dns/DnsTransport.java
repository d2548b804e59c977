package io.postern.gateway.dns;

import java.util.Locale;

/** How a question came. */
public enum DnsTransport {
    UDP,
    TCP,
    /** RFC 7858. */
    TLS,
    /** RFC 8484. */
    DOH;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** Whether nobody on the way can read it, but for its length. */
    boolean secret() {
        return this == TLS || this == DOH;
    }

    public String label() {
        return label;
    }
}
