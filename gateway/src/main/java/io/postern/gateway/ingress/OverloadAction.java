package io.postern.gateway.ingress;

import java.util.Locale;

/** What is given up to stay up. */
public enum OverloadAction {
    /** A connection was closed at accept: too many in all, or from one address. */
    CLOSE_CLIENT,
    /** A flow was refused: its device has as many as it may. */
    REFUSE_FLOW;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    public String label() {
        return label;
    }
}
