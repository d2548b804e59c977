package io.postern.analytics.fleet;

import java.util.List;

/**
 * What a person does on one day, from getting up to getting up again.
 *
 * @param wakes when it begins; before it the device lies about
 * @param used while unlocked and looked at
 * @param stretches which app was looked at, in order
 * @param away from any Wi-Fi that is known
 */
record Plan(
        long wakes,
        long sleeps,
        Spans used,
        List<Stretch> stretches,
        Spans charging,
        Spans moving,
        Spans away,
        Spans offline) {}
