package io.postern.analytics.flow;

import java.util.Locale;

/** How well it is known which app a flow belongs to, best first. All but the first are somebody's word. */
public enum AppAssurance {
    OS_AUDITED,
    AGENT_REPORTED,
    DEVICE_ASSERTED,
    SHARED_UID,
    NONE;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    public String label() {
        return label;
    }
}
