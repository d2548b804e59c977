package io.postern.gateway.rules;

import io.postern.analytics.flow.AppTag;
import java.time.Instant;
import java.util.Optional;

/** Knows who is in quarantine. Asked for every flow, on any thread: never waits, and costs next to nothing for the rest. */
@FunctionalInterface
public interface Contained {

    /** Nobody is. */
    Contained NOBODY = (tag, now) -> Optional.empty();

    Optional<Containment> of(AppTag tag, Instant now);

    /**
     * What holds of a flow.
     *
     * @param id of the quarantine
     * @param words for whoever asks why, some lines
     */
    record Containment(String id, String words) {

        static final String PREFIX = "quarantine:";

        String rule() {
            return PREFIX + id;
        }
    }
}
