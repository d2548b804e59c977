/**
 * TLS as it is seen from outside. {@code hello} reads what both sides say first, {@code fingerprint} tells software apart
 * by it, {@code stream}, {@code dtls} and {@code quic} follow a handshake over what carries it, {@code cert} reads
 * certificates. Knows only {@code io.postern.wire}, BouncyCastle and the JDK.
 */
@NullMarked
package io.postern.tls;

import org.jspecify.annotations.NullMarked;
