package io.postern.gateway.facts;

import io.postern.analytics.context.ContextEvent.UsedResource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What constants of the vocabulary are called on the wire. */
final class Labels<E extends Enum<E>> {

    private final Map<String, E> byLabel = new HashMap<>();
    private final Map<E, String> labels;

    Labels(Class<E> constants) {
        labels = new EnumMap<>(constants);
        for (E constant : constants.getEnumConstants()) {
            String lower = constant.name().toLowerCase(Locale.ROOT);
            // Android's own name, with its underscore.
            String label = constant == UsedResource.Resource.CALL_LOG ? lower : lower.replace('_', '-');
            byLabel.put(label, constant);
            labels.put(constant, label);
        }
    }

    /** Another name for it. */
    Labels<E> also(String label, E constant) {
        byLabel.put(label, constant);
        return this;
    }

    Optional<E> of(String label) {
        return Optional.ofNullable(byLabel.get(label));
    }

    String of(E constant) {
        return Objects.requireNonNull(labels.get(constant));
    }

    /** What to tell who gave another. */
    String rule() {
        return "must be one of " + String.join(", ", labels.values());
    }
}
