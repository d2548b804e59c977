/**
 * What do times, sizes, names and bytes look like? The shared readings that detectors draw on: each a few longs of a key,
 * a bounded number of steps for each event, no garbage. They say what is there and conclude nothing.
 * Knows {@code flow} and {@code context}; is known by {@code DeviceState} and by detection.
 */
@NullMarked
package io.postern.analytics.instrument;

import org.jspecify.annotations.NullMarked;
