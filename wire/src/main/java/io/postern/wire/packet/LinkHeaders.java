package io.postern.wire.packet;

/**
 * The small link layers, as the list of link-layer header types of tcpdump.org has them.
 *
 * <pre>
 * NULL, LOOP  family 32, as the writer's machine has it or big-endian
 * SLL         type 16 | device 16 | length 16 | address 64 | EtherType 16
 * SLL2        EtherType 16 | 0 16 | interface 32 | device 16 | type 8 | length 8 | address 64
 * NFLOG       family 8 | 0 8 | resource 16 | (length 16 with this header | type 16 | value, to a multiple of 4) …
 *             both numbers as the writer's machine has them; type 9 is the packet
 * PPI         0 8 | flags 8 | length 16 of all headers | link type 32; both little-endian
 * HDLC        address 8 | control 8 | EtherType 16
 * </pre>
 */
final class LinkHeaders {

    private static final int SLL = 16;
    private static final int SLL2 = 20;
    private static final int HDLC = 4;
    private static final int PPI = 8;
    private static final int NFLOG = 4;
    private static final int NFLOG_PAYLOAD = 9;

    private LinkHeaders() {}

    /** The family is one of IP where an IP header follows: systems have many numbers for IPv6. */
    static Layer loopback(Walk walk) {
        if (walk.lacks(5)) {
            return Layer.BROKEN;
        }
        int family = walk.u32(0);
        int small = family >>> 16 == 0 ? family : Integer.reverseBytes(family);
        walk.skip(4);
        return switch (small) {
            case 2, 10, 24, 28, 30 -> Layer.IP;
            default -> Layer.NOT_IP;
        };
    }

    static Layer sll(Walk walk) {
        if (walk.lacks(SLL)) {
            return Layer.BROKEN;
        }
        walk.protocol = walk.u16(14);
        walk.skip(SLL);
        return Layer.ETHERTYPE;
    }

    static Layer sll2(Walk walk) {
        if (walk.lacks(SLL2)) {
            return Layer.BROKEN;
        }
        walk.protocol = walk.u16(0);
        walk.skip(SLL2);
        return Layer.ETHERTYPE;
    }

    static Layer hdlc(Walk walk) {
        if (walk.lacks(HDLC)) {
            return Layer.BROKEN;
        }
        walk.protocol = walk.u16(2);
        walk.skip(HDLC);
        return Layer.ETHERTYPE;
    }

    static Layer ppi(Walk walk) {
        if (walk.lacks(PPI)) {
            return Layer.BROKEN;
        }
        int length = Short.reverseBytes((short) walk.u16(2)) & 0xFFFF;
        int linkType = Integer.reverseBytes(walk.u32(4));
        if (length < PPI || walk.lacks(length)) {
            return Layer.BROKEN;
        }
        walk.skip(length);
        Layer next = LinkTypes.first(linkType);
        return next == Layer.PPI ? Layer.BROKEN : next;
    }

    static Layer nflog(Walk walk) {
        if (walk.lacks(NFLOG)) {
            return Layer.BROKEN;
        }
        walk.skip(NFLOG);
        while (!walk.lacks(4)) {
            // Types are small numbers: the order of bytes that makes one of it is the writer's.
            boolean little = walk.u8(3) == 0;
            int length = little ? Short.reverseBytes((short) walk.u16(0)) & 0xFFFF : walk.u16(0);
            int type = little ? walk.u8(2) : walk.u16(2);
            if (length < 4) {
                return Layer.BROKEN;
            }
            if (type == NFLOG_PAYLOAD) {
                walk.skip(4);
                return Layer.IP;
            }
            walk.skip(length + 3 & ~3);
        }
        return Layer.NOT_IP;
    }
}
