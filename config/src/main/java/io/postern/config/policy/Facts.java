package io.postern.config.policy;

import io.postern.config.policy.Policy.Fact;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What a rule asks to be known of the app and the device; absent and empty ask nothing.
 *
 * @param posture of which one must be so
 * @param interaction how long the user must have left the device alone
 */
public record Facts(
        Optional<Fact> managed,
        Optional<Fact> newlyInstalled,
        Optional<Fact> justUpdated,
        Optional<Fact> signerChanged,
        Set<Posture> posture,
        Optional<Fact> locked,
        Optional<Fact> background,
        Optional<NoInteraction> interaction) {

    /** Asks nothing. */
    public static final Facts NONE = new Facts(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Set.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    public Facts {
        posture = Set.copyOf(posture);
    }

    /** What management says of a device's health. */
    public enum Posture {
        COMPLIANT,
        NON_COMPLIANT,
        SECURE,
        AT_RISK,
        COMPROMISED,
        UNKNOWN
    }

    /** @param atLeast absent: it must be unknown */
    public record NoInteraction(Optional<Duration> atLeast) {}
}
