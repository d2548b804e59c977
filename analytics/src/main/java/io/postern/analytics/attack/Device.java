package io.postern.analytics.attack;

import io.postern.analytics.DeviceState;
import io.postern.analytics.Tracked;
import org.jspecify.annotations.Nullable;

/** A device's state, and what is kept beside it while it is remembered. */
final class Device {

    final String id;
    final DeviceState state;

    /** When Play services were last sent something, Unix time. */
    long pushMillis;

    /** Keys that are counted. */
    int keys;
    /** Since it was heard of last, what did not come back made room. */
    boolean shed;

    private @Nullable Sight sight;

    Device(String id, DeviceState state) {
        this.id = id;
        this.state = state;
    }

    /** One for all of its keys. */
    Sight sight(Tracked tracked, Peers peers) {
        Sight made = sight;
        if (made == null) {
            made = new Sight(id, state, tracked, peers);
            sight = made;
        }
        return made;
    }
}
