package io.postern.gateway.records;

import io.postern.analytics.context.Truth;
import io.postern.config.policy.Facts.Posture;
import java.util.Set;

/**
 * What was known of a flow's device and app when it began: {@code unmapped.postern.facts}. What was not known is not told,
 * for not knowing is no false.
 *
 * @param untouchedMillis since somebody last used the device; negative where nobody is known to have
 * @param posture empty where nothing is known of the device's health
 */
public record KnownFacts(
        Truth locked,
        Truth background,
        Truth managed,
        Truth newlyInstalled,
        Truth justUpdated,
        Truth signerChanged,
        long untouchedMillis,
        Set<Posture> posture) {

    public static final KnownFacts NONE = new KnownFacts(
            Truth.UNKNOWN, Truth.UNKNOWN, Truth.UNKNOWN, Truth.UNKNOWN, Truth.UNKNOWN, Truth.UNKNOWN, -1, Set.of());

    /** Nothing is held of a flow of which nothing is known. */
    public KnownFacts orNone() {
        return any() ? this : NONE;
    }

    boolean any() {
        return !equals(NONE);
    }
}
