/**
 * What may be concluded about a flow? Verdicts, the words they are spoken in (from {@code flow}), and what is remembered of
 * a device to conclude it from ({@code DeviceState}).
 * Pure: no clock, no thread, no I/O; knows only the JDK and hash4j, so that the same code runs inline, in a replay and in
 * a stream processor.
 */
@NullMarked
package io.postern.analytics;

import org.jspecify.annotations.NullMarked;
