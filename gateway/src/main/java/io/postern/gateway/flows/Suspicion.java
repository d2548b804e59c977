package io.postern.gateway.flows;

import io.postern.analytics.Verdict;

/**
 * A finding that is open of a flow's app and destination.
 *
 * @param uid the finding's
 * @param analytic that came to it
 * @param action what that means for the flow
 */
public record Suspicion(String uid, String analytic, Verdict.Action action) {}
