/**
 * What does this datagram speak? One file each; a datagram is whole, so nobody waits for more.
 * Knows {@code protocol} for what is the same over a stream.
 */
@NullMarked
package io.postern.wire.datagram;

import org.jspecify.annotations.NullMarked;
