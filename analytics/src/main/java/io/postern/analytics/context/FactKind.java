package io.postern.analytics.context;

import java.util.Locale;

/** What a source can tell of a device; its label is what settings and heartbeats call it. */
public enum FactKind {
    /** Whether the device is locked; a state. */
    LOCK(true),
    /** Whether an app is in the foreground; a state. */
    APP_STATE(true),
    /** That somebody used the device; an event. */
    INTERACTION(false),
    /** That an app was started in the background; an event. */
    BACKGROUND_START(false),
    /** That an app used camera, microphone, contacts and the like; an event. */
    PROTECTED_RESOURCE(false),
    /** That an app used cryptography on data; an event. */
    CRYPTO(false),
    /** That an app gathered data in a file; an event. */
    STAGING(false),
    /** What is installed and who approves of it; a state. */
    INVENTORY(true),
    /** The device's health; a state. */
    POSTURE(true),
    /** Which app has a connection; an event. */
    FLOW_OWNER(false);

    private final boolean state;
    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    FactKind(boolean state) {
        this.state = state;
    }

    /** Whether it holds until contradicted, or until its source falls silent; otherwise it ages. */
    public boolean state() {
        return state;
    }

    public String label() {
        return label;
    }
}
