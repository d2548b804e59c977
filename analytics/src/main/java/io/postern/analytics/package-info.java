/**
 * What may be concluded about a flow? Verdicts, and (from {@code flow}) the words they are spoken in.
 * Pure: no clock, no thread, no I/O; knows only the JDK, so that the same code runs inline, in a replay and in a
 * stream processor.
 */
@NullMarked
package io.postern.analytics;

import org.jspecify.annotations.NullMarked;
