package io.postern.analytics.fleet;

import java.util.Locale;

/** What becomes of the facts of a fleet on their way. */
public enum ContextQuality {
    /** An agent tells everything within seconds. */
    FULL,
    /** Everything comes in batches that wait for two hours, for Wi-Fi, and sometimes for days. */
    LATE,
    /** Three in ten facts are lost, and the agent is dead for some hours of most days. */
    LOSSY,
    /** Where there is an implant it speaks through the agent; some agents slander apps that did nothing. */
    LYING,
    /** Nobody tells anything. */
    NONE;

    private final String label = name().toLowerCase(Locale.ROOT);

    public String label() {
        return label;
    }
}
