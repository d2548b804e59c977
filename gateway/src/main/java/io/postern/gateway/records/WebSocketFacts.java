package io.postern.gateway.records;

/**
 * The messages of a WebSocket so far, control frames among them.
 *
 * @param out device to world
 * @param in world to device
 * @param fragmented of both, those that came in several frames
 * @param deflated whether any is compressed, RFC 7692
 */
public record WebSocketFacts(long out, long in, long fragmented, boolean deflated) {

    public static final WebSocketFacts NONE = new WebSocketFacts(0, 0, 0, false);
}
