package io.postern.wire.packet;

/**
 * Ethernet and what goes between it and IP.
 *
 * <pre>
 * Ethernet  destination 48 | source 48 | EtherType 16, or a length up to 1500 and LLC        IEEE 802.3 clause 3.1
 * LLC       aa aa 03 | organisation 24 | EtherType 16        IEEE 802, section 10; 06 06 03 is IP
 * VLAN      tag 16 | EtherType 16        IEEE 802.1Q clause 9, any number of them
 * PBB       flags 8 | service 24 | Ethernet        IEEE 802.1Q clause 9.7
 * MPLS      label 20 | 3 | last 1 | 8, until the last        RFC 3032 section 2.1
 * PPPoE     1 1 | code 8 | session 16 | length 16 | PPP        RFC 2516 section 4
 * </pre>
 */
final class EthernetHeader {

    static final int LENGTH = 14;
    static final int IPV4 = 0x0800;
    static final int IPV6 = 0x86DD;

    private static final int LARGEST_LENGTH = 1500;
    private static final int VLAN = 4;
    private static final int LABEL = 4;
    private static final int LAST_LABEL = 0x100;
    private static final int PPPOE = 6;
    private static final int PPPOE_SESSION = 0x1100;
    private static final int SNAP = 8;
    private static final int SNAP_START = 0xAAAA03;
    private static final int IP_START = 0x060603;

    private EthernetHeader() {}

    static Layer read(Walk walk) {
        if (walk.lacks(LENGTH)) {
            return Layer.BROKEN;
        }
        walk.protocol = walk.u16(12);
        walk.skip(LENGTH);
        if (walk.protocol <= LARGEST_LENGTH) {
            return Layer.LLC;
        }
        return walk.protocol == IPV4 || walk.protocol == IPV6 ? Layer.IP : Layer.ETHERTYPE;
    }

    static Layer type(Walk walk) {
        return switch (walk.protocol) {
            case IPV4, IPV6 -> Layer.IP;
            case 0x8100, 0x88A8, 0x9100, 0x9200, 0x9300 -> vlan(walk);
            case 0x8847, 0x8848 -> Layer.MPLS;
            case 0x8864 -> Layer.PPPOE;
            case 0x880B -> Layer.PPP;
            // Transparent Ethernet bridging, RFC 1701; PBB; Cisco's FabricPath, with its tag of 2 bytes.
            case 0x6558 -> inner(walk, 0);
            case 0x88E7 -> inner(walk, 4);
            case 0x8903 -> inner(walk, 2);
            // What a cooked capture calls 802.2.
            case 0x0004 -> Layer.LLC;
            default -> Layer.NOT_IP;
        };
    }

    private static Layer inner(Walk walk, int before) {
        walk.skip(before);
        return Layer.ETHERNET;
    }

    private static Layer vlan(Walk walk) {
        if (walk.lacks(VLAN)) {
            return Layer.BROKEN;
        }
        walk.protocol = walk.u16(2);
        walk.skip(VLAN);
        return walk.protocol <= LARGEST_LENGTH ? Layer.LLC : Layer.ETHERTYPE;
    }

    static Layer llc(Walk walk) {
        if (walk.lacks(3)) {
            return Layer.NOT_IP;
        }
        int start = walk.u16(0) << 8 | walk.u8(2);
        if (start == IP_START) {
            walk.skip(3);
            return Layer.IP;
        }
        if (start != SNAP_START || walk.lacks(SNAP)) {
            return Layer.NOT_IP;
        }
        walk.protocol = walk.u16(6);
        walk.skip(SNAP);
        return Layer.ETHERTYPE;
    }

    static Layer mpls(Walk walk) {
        boolean last = false;
        while (!last) {
            if (walk.lacks(LABEL)) {
                return Layer.BROKEN;
            }
            last = (walk.u32(0) & LAST_LABEL) != 0;
            walk.skip(LABEL);
        }
        if (walk.lacks(4)) {
            return Layer.BROKEN;
        }
        int version = walk.u8(0) >> 4;
        if (version == 0) {
            // A control word and then Ethernet, RFC 4448 section 4.6.
            walk.skip(4);
            return Layer.ETHERNET;
        }
        return version == 4 || version == 6 ? Layer.IP : Layer.NOT_IP;
    }

    static Layer pppoe(Walk walk) {
        if (walk.lacks(PPPOE)) {
            return Layer.BROKEN;
        }
        boolean session = walk.u16(0) == PPPOE_SESSION;
        int length = walk.u16(4);
        walk.skip(PPPOE);
        if (!session) {
            return Layer.NOT_IP;
        }
        if (length <= walk.sent()) {
            walk.sentAs(length);
        }
        return Layer.PPP;
    }

    /**
     * RFC 1661 section 2, RFC 1662 section 3.1: address ff, control 03 and the first byte of the protocol may be left out.
     * Cisco's HDLC begins with 0f or 8f instead; a capture with directions with 00 or 01.
     */
    static Layer ppp(Walk walk) {
        if (walk.lacks(4)) {
            return Layer.BROKEN;
        }
        int address = walk.u8(0);
        if (address == 0x0F || address == 0x8F) {
            return Layer.HDLC;
        }
        if (walk.u16(0) == 0xFF03) {
            walk.skip(2);
        } else if (walk.u8(1) == 0xFF && walk.u8(2) == 0x03) {
            walk.skip(3);
        }
        if (walk.lacks(2)) {
            return Layer.BROKEN;
        }
        boolean compressed = (walk.u8(0) & 1) != 0;
        int protocol = compressed ? walk.u8(0) : walk.u16(0);
        walk.skip(compressed ? 1 : 2);
        return switch (protocol) {
            case 0x21, 0x57 -> Layer.IP;
            case 0x281, 0x283 -> Layer.MPLS;
            default -> Layer.NOT_IP;
        };
    }
}
