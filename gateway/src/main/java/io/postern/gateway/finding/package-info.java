/**
 * Findings of a running gateway: taken from detectors, kept in the store, written down, answered.
 */
@NullMarked
package io.postern.gateway.finding;

import org.jspecify.annotations.NullMarked;
