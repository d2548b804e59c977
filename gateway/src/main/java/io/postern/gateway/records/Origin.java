package io.postern.gateway.records;

import io.postern.config.ListenSettings.Ingress;
import java.util.Optional;

/**
 * Where a flow was seen.
 *
 * @param ingress the listener's type, or {@code replay}
 * @param listener the listener's name in the settings; empty in a replay
 * @param input the file replayed, without its folder; empty of a flow that lives
 */
public record Origin(String ingress, String listener, Optional<String> input) {

    public static Origin listener(Ingress type, String name) {
        return new Origin(type.label(), name, Optional.empty());
    }

    public static Origin input(String name) {
        return new Origin("replay", "", Optional.of(name));
    }
}
