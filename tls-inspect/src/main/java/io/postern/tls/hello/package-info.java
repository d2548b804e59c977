/**
 * What does a client offer and whom does it ask for, before a single byte is encrypted?
 * Knows {@code io.postern.wire} for the parser contract; is known by {@code fingerprint} for {@code ClientHello}.
 */
@NullMarked
package io.postern.tls.hello;

import org.jspecify.annotations.NullMarked;
