/**
 * What do the servers say? Asks them one question at a time for all who want to know, and remembers what they said.
 * Knows {@code message}, and {@code names} for whose they are; is known by {@code resolve} and by the gateway, which carries messages over its sockets.
 *
 * <p>No socket, thread or clock of its own: an {@link io.postern.dns.forward.Inquiry} is fed with what has arrived and
 * says what to send.
 */
@NullMarked
package io.postern.dns.forward;

import org.jspecify.annotations.NullMarked;
