package io.postern.analytics.detect;

import io.postern.analytics.flow.AppKey;

/**
 * What one analytic makes of one app and one destination by now.
 *
 * @param destination see {@link io.postern.analytics.flow.Destination#name}
 * @param analytic id of the analytic, or name of the method
 * @param score 0 to 100
 * @param checkIns connects and exchanges that it rests on
 */
public record Score(AppKey key, String destination, String analytic, double score, long checkIns) {}
