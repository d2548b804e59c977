package io.postern.wire.websocket;

/**
 * One message or control frame of a WebSocket, once its last frame's header was read.
 *
 * @param opcode 0 of frames that continue nothing, 1 text, 2 binary, 8 close, 9 ping, 10 pong, RFC 6455 section 11.8
 * @param bytes of payload over all its frames, still compressed where it is
 * @param frames it came in, 1 when it was not fragmented
 * @param masked its first frame
 * @param deflated whether RSV1 says that it is compressed, RFC 7692 section 6
 */
public record Message(int opcode, long bytes, int frames, boolean masked, boolean deflated) {

    /** With one frame more. */
    Message and(long more) {
        return new Message(
                opcode, bytes > Long.MAX_VALUE - more ? Long.MAX_VALUE : bytes + more, frames + 1, masked, deflated);
    }
}
