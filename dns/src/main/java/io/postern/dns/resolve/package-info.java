/**
 * Which addresses has a name? Asks both families without ever blocking the caller, remembers what it found
 * for its time, and keeps the table of names that are not asked at all.
 *
 * <p>No clock and no thread of its own: both are handed in. Knows {@code forward} for asking,
 * {@code message} for questions and {@code wire.ip} for host texts; is known by the gateway's dialler.
 */
@NullMarked
package io.postern.dns.resolve;

import org.jspecify.annotations.NullMarked;
