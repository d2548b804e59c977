/**
 * Which addresses has a name? Asks DNS through dnsjava without ever blocking the caller, remembers answers for their
 * time, and keeps the table of names that are not asked at all.
 *
 * <p>No clock and no thread of its own: both are handed in. The sockets are dnsjava's, on its one selector thread.
 * Knows {@code wire.ip} for host texts; is known by the gateway's dialler.
 */
@NullMarked
package io.postern.dns.resolve;

import org.jspecify.annotations.NullMarked;
