package io.postern.tls.quic;

import io.postern.tls.watch.HandshakeListener;
import io.postern.tls.watch.Side;

/** Hears what a QUIC handshake shows; of the TLS in it, hellos only. */
public interface QuicListener extends HandshakeListener {

    /** What a session was recognised as QUIC by. */
    enum Evidence {
        /** An Initial that its key opened: certain. */
        OPENED,
        /** Long headers of a known version whose lengths add up, or Google QUIC's public header with a version tag. */
        SHAPE
    }

    /**
     * It is QUIC; told again when evidence gets better or the version changes after a negotiation.
     *
     * @param version as on the wire, such as 1; see {@link QuicVersions#name}
     */
    default void recognised(int version, Evidence evidence) {}

    /** The server wants another version than the client's, RFC 9000 section 17.2.1. */
    default void versionNegotiation() {}

    /** The server sent a Retry: the client begins again with other keys, RFC 9000 section 17.2.5. */
    default void retry() {}

    /**
     * An Initial held a CONNECTION_CLOSE, RFC 9000 section 19.19.
     *
     * @param code such as 0x128, a TLS alert 40; a fault of the peers' making, not of ours
     */
    default void closed(Side by, long code) {}
}
