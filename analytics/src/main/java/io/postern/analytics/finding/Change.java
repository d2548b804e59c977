package io.postern.analytics.finding;

import java.util.Locale;

/** What has become of a finding or a campaign. */
public enum Change {
    CREATE,
    UPDATE,
    /** It was closed, and a new one takes it up again. */
    REOPEN,
    SUPPRESS,
    CLOSE;

    private final String label = name().toLowerCase(Locale.ROOT);

    public String label() {
        return label;
    }
}
