package io.postern.gateway.ingress;

import java.util.Locale;

/** What is given up to stay up. */
public enum OverloadAction {
    /** A connection was closed at accept: too many in all, or from one address. */
    CLOSE_CLIENT,
    /** A flow was refused: its device has as many as it may. */
    REFUSE_FLOW,
    /** A client was cut before its request was whole: all who are still asking hold as much as they may. */
    REFUSE_REQUEST,
    /** A flow was refused: too many names are being resolved, for its device or in all. */
    REFUSE_LOOKUP,
    /** A flow was refused: too many are trying to reach the same address, which does not answer. */
    REFUSE_DIAL,
    /** A flow was cut: an end does not take its bytes, and all such flows, or its device's, hold as much as they may. */
    CUT_FLOW,
    /** A flow is not held or watched any longer: all who are hold as much as they may. */
    STOP_WATCHING;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    public String label() {
        return label;
    }
}
