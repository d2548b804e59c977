package io.postern.analytics.baseline;

import io.postern.analytics.flow.Flow;

/**
 * A flow that has ended, and what was known around it: what baselines are learnt from.
 *
 * @param category of the app; empty if it has none
 * @param situation when it began
 * @param bytesOut device to world, all of it
 * @param bytesIn world to device, all of it
 * @param suspect whether any evidence speaks against it, so that it must not become normal
 */
public record Sighting(
        Flow flow, String category, Build build, Situation situation, long bytesOut, long bytesIn, boolean suspect) {}
