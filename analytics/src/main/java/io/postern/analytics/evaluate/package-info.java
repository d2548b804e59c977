/**
 * How well does a detection do on a simulated fleet? What it finds, how late, and what it says of those who mean no harm.
 * Knows {@code fleet} and {@code detect}; is known by the gateway's command.
 */
@NullMarked
package io.postern.analytics.evaluate;

import org.jspecify.annotations.NullMarked;
