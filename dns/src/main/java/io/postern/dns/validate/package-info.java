/**
 * Are these the records that their owner signed? Checks answers by DNSSEC (RFC 4035) through dnsjava's validator, which
 * asks for keys by the resolver that all share. Knows {@code forward} and {@code message}.
 *
 * <p>No socket, thread or clock of its own; signatures are checked on the executor that it is given.
 */
@NullMarked
package io.postern.dns.validate;

import org.jspecify.annotations.NullMarked;
