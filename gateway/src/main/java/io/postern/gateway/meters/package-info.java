/**
 * How much of everything was there? Counters and histograms with bounded labels, cheap enough for an event loop.
 * Knows the words of flows and policy, and no stage: a stage that counts reasons brings the enum that names them.
 * Is known by every stage that counts, and by {@code admin}, which serves the text.
 */
@NullMarked
package io.postern.gateway.meters;

import org.jspecify.annotations.NullMarked;
