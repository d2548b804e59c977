/**
 * What do flows and facts together come to? One file per detector, each a reading of instruments.
 * Knows {@code flow}, {@code context} and {@code DeviceState}; is known by the gateway's judge, by replay and by the evaluation.
 */
@NullMarked
package io.postern.analytics.detect;

import org.jspecify.annotations.NullMarked;
