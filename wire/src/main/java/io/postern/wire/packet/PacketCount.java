package io.postern.wire.packet;

/**
 * What became of frames and fragments. A frame is one of those up to {@link #UNKNOWN_LINK}, and so is what a datagram begins
 * with that is given up.
 */
public enum PacketCount {
    TCP,
    UDP,
    /** IP, and neither TCP nor UDP: ICMP, ESP and so on. */
    OTHER_TRANSPORT,
    /** ARP, spanning tree, management frames of 802.11 and so on. */
    NOT_IP,
    /** 802.11 whose payload is protected. */
    ENCRYPTED,
    /** A header that is cut or contradicts itself. */
    BROKEN,
    /** More IP headers inside each other than we follow. */
    TOO_DEEP,
    /** A fragment that was put by, or was of no use. */
    FRAGMENT,
    /** A link type that we do not read. */
    UNKNOWN_LINK,

    /** Datagrams put together from fragments. */
    REASSEMBLED,
    /** Datagrams whose fragments did not all come, for the time or the room was up. */
    GIVEN_UP,
    /** Fragments with bytes that another had already brought; the first ones count. */
    OVERLAP
}
