package io.postern.analytics.baseline;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What is learnt of an app's flows, each a question of its own. */
public enum Trait {
    SERVICE_CLASS,
    /** Registrable domain; the address of a destination without a name. */
    DESTINATION,
    /** Protocol by its bytes, and port. */
    PORT,
    /** Method and class of the path, where HTTP is in clear. */
    REQUEST,
    /** Which headers in which order, where HTTP is in clear. */
    HEADERS,
    JA4,
    /** The first protocol that a ClientHello offers. */
    ALPN,
    /** Device to world, of a whole flow. */
    BYTES_UP,
    BYTES_DOWN,
    /** Flows an hour to one destination. */
    RATE,
    /** The time between flows to one destination, where it repeats. */
    CADENCE,
    /** Four hours of a day of the week, UTC. */
    HOURS;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    private final long code = Hash.of(label);

    /** Tells it from others in a table. */
    long code() {
        return code;
    }

    public String label() {
        return label;
    }

    public static Optional<Trait> of(String label) {
        return Stream.of(values()).filter(trait -> trait.label.equals(label)).findFirst();
    }
}
