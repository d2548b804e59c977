package io.postern.gateway.dns;

import java.util.Locale;

/** How a question came. */
public enum DnsTransport {
    UDP,
    TCP;

    private final String label = name().toLowerCase(Locale.ROOT);

    public String label() {
        return label;
    }
}
