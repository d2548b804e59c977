package io.postern.wire.packet;

import org.jspecify.annotations.Nullable;

/** What comes next in a packet, or what became of it. */
enum Layer {
    ETHERNET,
    /** What {@link Walk#protocol} says, of EtherType values. */
    ETHERTYPE,
    LLC,
    MPLS,
    PPPOE,
    PPP,
    HDLC,
    NULL,
    LINUX_SLL,
    LINUX_SLL2,
    NFLOG,
    PPI,
    WLAN,
    RADIOTAP,
    PRISM,
    AVS,
    IP,
    /** What {@link Walk#protocol} says, of IP protocol numbers. */
    INSIDE_IP,
    GRE,
    UDP,
    TCP,

    GIVEN_TCP(PacketCount.TCP),
    GIVEN_UDP(PacketCount.UDP),
    OTHER_TRANSPORT(PacketCount.OTHER_TRANSPORT),
    NOT_IP(PacketCount.NOT_IP),
    ENCRYPTED(PacketCount.ENCRYPTED),
    BROKEN(PacketCount.BROKEN),
    TOO_DEEP(PacketCount.TOO_DEEP),
    FRAGMENT(PacketCount.FRAGMENT),
    UNKNOWN_LINK(PacketCount.UNKNOWN_LINK);

    /** What became of the packet; null while there is more to read. */
    final @Nullable PacketCount end;

    Layer() {
        this.end = null;
    }

    Layer(PacketCount end) {
        this.end = end;
    }
}
