/**
 * What do all who listen to a handshake share: its two sides, whom they tell, what they may hold, and how a message comes
 * together from pieces? Knows {@code hello} for what is told.
 */
@NullMarked
package io.postern.tls.watch;

import org.jspecify.annotations.NullMarked;
