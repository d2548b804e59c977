/**
 * What is spoken, by the bytes alone: who recognises what, in which order, and who goes on watching a flow that may turn
 * to something else. The gateway and {@code replay} ask the same. Knows no Netty, no clock and no stage.
 */
@NullMarked
package io.postern.gateway.recognise;

import org.jspecify.annotations.NullMarked;
