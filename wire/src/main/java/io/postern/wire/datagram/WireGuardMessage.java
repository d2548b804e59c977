package io.postern.wire.datagram;

/** The four messages of WireGuard, in the order of their numbers. */
public enum WireGuardMessage {
    INITIATION,
    RESPONSE,
    COOKIE,
    DATA
}
