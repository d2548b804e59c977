/**
 * Where is what is remembered of a device kept? Tables of longs with a bound, and what helps them to keep what comes back.
 * Knows {@code instrument}; is known by {@code DeviceState}.
 */
@NullMarked
package io.postern.analytics.state;

import org.jspecify.annotations.NullMarked;
