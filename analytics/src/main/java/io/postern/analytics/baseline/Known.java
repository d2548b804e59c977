package io.postern.analytics.baseline;

import java.util.Optional;

/**
 * One thing learnt of a subject, as it stood when the snapshot was made.
 *
 * @param text the value of the trait, as a person reads it: {@code api.acme.example}, {@code tls:443}
 * @param situation in which it was seen
 * @param devices distinct ones, see {@link DeviceCount}
 * @param days distinct ones of the last 64
 * @param firstMillis Unix time
 * @param decision the last one; empty if nobody has decided
 */
public record Known(
        Trait trait,
        String text,
        Situation situation,
        Standing standing,
        int devices,
        int days,
        long flows,
        long firstMillis,
        long lastMillis,
        Optional<Decision> decision) {

    /** Nothing like it is known. */
    public static final Known ABSENT =
            new Known(Trait.SERVICE_CLASS, "", Situation.UNKNOWN, Standing.ABSENT, 0, 0, 0, 0, 0, Optional.empty());

    /** How it stands for a build of the app, which may be newer than the one that was approved. */
    public Standing standing(Build build) {
        return standing == Standing.APPROVED && !decision.orElseThrow().build().covers(build)
                ? Standing.PROVISIONAL
                : standing;
    }

    /** Names it among those of its subject: {@code destination/background/api.acme.example}. */
    public String id() {
        return trait.label() + "/" + situation.label() + "/" + text;
    }
}
