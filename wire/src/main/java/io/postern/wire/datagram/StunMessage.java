package io.postern.wire.datagram;

/**
 * The header of a STUN message (RFC 8489 section 5): TURN, ICE and WebRTC begin with it.
 *
 * @param method 1 binding, 3 allocate (RFC 8656 section 17), and so on
 */
public record StunMessage(int method, Kind kind) {

    /** The two class bits. */
    public enum Kind {
        REQUEST,
        INDICATION,
        SUCCESS,
        ERROR
    }
}
