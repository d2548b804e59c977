/**
 * What do a session's datagrams show while its QUIC handshake goes by? Initial packets are protected with keys that
 * anybody can derive (RFC 9001 section 5.2). Knows {@code hello} for the messages and {@code watch} for what all watches
 * share.
 */
@NullMarked
package io.postern.tls.quic;

import org.jspecify.annotations.NullMarked;
