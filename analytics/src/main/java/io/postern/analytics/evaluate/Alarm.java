package io.postern.analytics.evaluate;

import io.postern.analytics.fleet.Cause;

/**
 * What one analytic says of an app and a destination that mean no harm.
 *
 * @param score the highest
 * @param approved whether it was said after baselines were approved
 * @param mayBlock whether it ever was enough to block
 */
public record Alarm(
        String analytic, Cause cause, String destination, double score, boolean approved, boolean mayBlock) {}
