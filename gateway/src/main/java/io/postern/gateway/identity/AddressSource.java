package io.postern.gateway.identity;

import java.util.Locale;

/** Who says whose an inner address is; of two that name the same prefix the first here is believed. */
public enum AddressSource {
    API,
    RADIUS,
    FILE;

    private final String label = name().toLowerCase(Locale.ROOT);

    public String label() {
        return label;
    }
}
