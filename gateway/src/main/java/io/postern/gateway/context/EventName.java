package io.postern.gateway.context;

import io.postern.analytics.context.ContextEvent.Heartbeat;
import io.postern.analytics.context.ContextEvent.Removed;
import io.postern.analytics.context.ContextEvent.Said;

/** What metrics call an event. */
public enum EventName {
    DEVICE_LOCK("device.lock"),
    DEVICE_APP_LIFECYCLE("device.app.lifecycle"),
    DEVICE_USER_INTERACTION("device.user_interaction"),
    APP_BACKGROUND_START("app.background_start"),
    APP_PROTECTED_RESOURCE("app.protected_resource"),
    APP_CRYPTO("app.crypto"),
    APP_STAGING("app.staging"),
    APP_INVENTORY("app.inventory"),
    APP_REMOVED("app.removed"),
    DEVICE_POSTURE("device.posture"),
    FLOW_OWNER("flow.owner"),
    SOURCE_HEARTBEAT("source.heartbeat"),
    /** It could not be read, or says nothing that is used here. */
    OTHER("other");

    private final String label;

    EventName(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    static EventName of(Said said) {
        if (said instanceof Heartbeat) {
            return SOURCE_HEARTBEAT;
        }
        if (said instanceof Removed) {
            return APP_REMOVED;
        }
        return switch (said.kind()) {
            case LOCK -> DEVICE_LOCK;
            case APP_STATE -> DEVICE_APP_LIFECYCLE;
            case INTERACTION -> DEVICE_USER_INTERACTION;
            case BACKGROUND_START -> APP_BACKGROUND_START;
            case PROTECTED_RESOURCE -> APP_PROTECTED_RESOURCE;
            case CRYPTO -> APP_CRYPTO;
            case STAGING -> APP_STAGING;
            case INVENTORY -> APP_INVENTORY;
            case POSTURE -> DEVICE_POSTURE;
            case FLOW_OWNER -> FLOW_OWNER;
        };
    }
}
