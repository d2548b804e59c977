/**
 * What does a stream of TLS records show while its handshake goes by? Knows {@code hello} for the messages and
 * {@code watch} for what all watches share.
 */
@NullMarked
package io.postern.tls.stream;

import org.jspecify.annotations.NullMarked;
