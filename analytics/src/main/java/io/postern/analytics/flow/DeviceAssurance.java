package io.postern.analytics.flow;

import java.util.Locale;

/** How well it is known which device a flow comes from, best first. */
public enum DeviceAssurance {
    MTLS_BOUND,
    TAG_VERIFIED,
    TUNNEL_KEY,
    CONCENTRATOR,
    ADDRESS,
    NONE,
    INVALID;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    public String label() {
        return label;
    }
}
