/**
 * What did Zeek see? Its logs of connections, and what its logs of TLS, QUIC, HTTP and DNS say of each, joined by uid.
 * Knows {@code input} for lines and {@code flows} for what a flow speaks; is known by {@code replay}.
 */
@NullMarked
package io.postern.gateway.zeek;

import org.jspecify.annotations.NullMarked;
