/**
 * What becomes of datagrams? The life of a session, which is that of a flow without a connection, and the two ways
 * that datagrams come: relayed for SOCKS5 clients, and led here by TPROXY.
 * Knows the stages it asks: {@code ingress}, {@code open}, {@code sniff}, {@code judge}.
 */
@NullMarked
package io.postern.gateway.session;

import org.jspecify.annotations.NullMarked;
