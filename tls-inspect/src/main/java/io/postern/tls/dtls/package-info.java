/**
 * What do a session's datagrams show while its DTLS handshake goes by? Knows {@code hello} for the messages and
 * {@code watch} for what all watches share.
 */
@NullMarked
package io.postern.tls.dtls;

import org.jspecify.annotations.NullMarked;
