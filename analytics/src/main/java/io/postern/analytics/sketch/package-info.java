/**
 * How many different ones were there? Bounded counters that can be joined.
 * Knows only the JDK and hash4j; is known by baselines and by detection.
 */
@NullMarked
package io.postern.analytics.sketch;

import org.jspecify.annotations.NullMarked;
