package io.postern.gateway.demo;

/** What a simulated app speaks, and so what its origin must. */
enum Speech {
    /** A TLS handshake through a tunnel, then one request and its answer. */
    TLS,
    /** A plain request in absolute-form, as proxy clients send it. */
    HTTP,
    /** A plain request inside a tunnel. */
    HTTP_TUNNELLED,
    /** The server greets first. */
    SERVER_FIRST,
    /** Bytes nobody knows. */
    OPAQUE
}
