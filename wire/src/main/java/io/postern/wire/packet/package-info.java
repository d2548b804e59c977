/**
 * What does a frame carry? From the link layer through tunnels and fragments to TCP segments and UDP datagrams, in place.
 * Knows {@code capture} for frames; is known by {@code tcp} for what it puts in order.
 */
@NullMarked
package io.postern.wire.packet;

import org.jspecify.annotations.NullMarked;
