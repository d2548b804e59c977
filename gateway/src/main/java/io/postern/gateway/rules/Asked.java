package io.postern.gateway.rules;

import io.postern.config.policy.Policy.App;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A question and what policy knows of it, looked up once for all rules.
 *
 * @param app what the inventory says of the app; empty when it is not in it
 * @param verifiedClasses the service classes of the name the gateway resolved
 * @param classes those and the ones of the name the client claims
 * @param groups of the device
 * @param facts asked last
 */
record Asked(
        Question question,
        Optional<App> app,
        Set<String> verifiedClasses,
        Set<String> classes,
        Set<String> groups,
        Instant now,
        FactSource facts) {}
