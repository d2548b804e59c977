package io.postern.analytics.context;

import java.time.Duration;

/**
 * How much is remembered of what is told of one device.
 *
 * @param apps of which facts are kept
 * @param sources at most 15
 * @param transitions of one state: lock, one app's foreground, health, inventory of one app
 * @param events of one app; of interaction twice as many
 * @param ids of events told before, by which those told again are known
 * @param alive for how long a source counts as alive that tells at once, after its last sign of life
 * @param batchedAlive the same of one that tells in batches
 */
public record ContextLimits(
        int apps, int sources, int transitions, int events, int ids, Duration alive, Duration batchedAlive) {

    public static final ContextLimits DEFAULTS =
            new ContextLimits(512, 8, 64, 48, 256, Duration.ofMinutes(15), Duration.ofHours(26));

    public ContextLimits {
        if (apps < 1 || transitions < 2 || events < 2 || ids < 1) {
            throw new IllegalArgumentException("room for facts must be 1 at least, of transitions and events 2");
        }
        if (sources < 1 || sources > 15) {
            throw new IllegalArgumentException("sources are " + sources + ", must be 1 to 15");
        }
    }
}
