package io.postern.gateway.context;

import java.util.Locale;

/** Whether a kind of fact is known of a device. */
public enum Known {
    /** It was told and holds, or a living source would have told. */
    FRESH,
    /** A source told of it once, and is silent now or not heard of yet. */
    STALE,
    /** No source ever spoke of this device that tells such a thing. */
    ABSENT;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
