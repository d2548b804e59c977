package io.postern.wire.protocol;

/** By what BitTorrent showed itself. */
public enum BitTorrent {
    /** Of two peers, over TCP or inside uTP: BEP 3. */
    HANDSHAKE,
    /** A question, answer or error between nodes of the DHT: BEP 5. */
    DHT,
    /** A packet that opens a uTP connection: BEP 29. */
    UTP,
    /** The first message to a tracker over UDP: BEP 15. */
    TRACKER,
    /** Local peer discovery: BEP 14. */
    DISCOVERY
}
