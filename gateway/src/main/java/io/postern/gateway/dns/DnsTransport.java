package io.postern.gateway.dns;

import java.util.Locale;

/** How a question came. */
public enum DnsTransport {
    UDP,
    TCP,
    /** RFC 7858. */
    TLS;

    private final String label = name().toLowerCase(Locale.ROOT);

    public String label() {
        return label;
    }
}
