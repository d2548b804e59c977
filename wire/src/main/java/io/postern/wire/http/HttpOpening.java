package io.postern.wire.http;

import java.util.Optional;

/**
 * How an HTTP/1 client opens a stream, for recognition only: nothing here is judged, and the texts are the peer's.
 *
 * @param method a token of at most 32 bytes
 * @param host of an absolute-form target, else of the first Host field, as sent: it may hold a port, or rubbish
 * @param userAgent of the first User-Agent field
 * @param websocketUpgrade whether it asks for a WebSocket, RFC 6455 section 4.1
 * @param complete false when the head was longer than one may look, so a field may be missing here
 */
public record HttpOpening(
        String method, Optional<String> host, Optional<String> userAgent, boolean websocketUpgrade, boolean complete) {}
