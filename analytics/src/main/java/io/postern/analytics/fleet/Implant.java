package io.postern.analytics.fleet;

import java.util.Set;

/**
 * The label of an implant on a device: what it is, and which analytics are expected to see it.
 *
 * @param id its own in the fleet
 * @param kind see the catalogue
 * @param analytics ids, one at least
 * @param app package that hides it
 * @param jitterPercent of its sleep; negative where it has no sleep of one length
 * @param missedPercent of its beats
 * @param cadenced whether it recurs by a rhythm, so that a rhythm can be found
 */
public record Implant(
        String id,
        String kind,
        Set<String> analytics,
        String app,
        int jitterPercent,
        int missedPercent,
        boolean cadenced) {

    public Implant {
        analytics = Set.copyOf(analytics);
    }
}
