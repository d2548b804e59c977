/**
 * What did an app that has a finding send and receive next? Bounded files of the bytes that the gateway relays, switched on for
 * a purpose and a while. Knows {@code flows} for live flows; is known by the composition.
 */
@NullMarked
package io.postern.gateway.capture;

import org.jspecify.annotations.NullMarked;
