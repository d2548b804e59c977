package io.postern.analytics.baseline;

import java.util.List;

/**
 * A destination that something speaks against, so that it is never proposed.
 *
 * @param destination as {@link Learner#name} calls it
 * @param causes some of them, see {@link Taint#MOST_CAUSES}
 * @param firstMillis since when, Unix time
 * @param lastMillis when that was last seen; it ends {@link BaselineSettings#taintedFor} later
 */
public record Tainted(String destination, List<Cause> causes, long firstMillis, long lastMillis) {}
