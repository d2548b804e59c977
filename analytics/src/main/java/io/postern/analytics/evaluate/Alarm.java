package io.postern.analytics.evaluate;

import io.postern.analytics.fleet.Cause;

/**
 * What one analytic says of an app and a destination that mean no harm.
 *
 * @param score the highest
 */
public record Alarm(String analytic, Cause cause, String destination, double score) {}
