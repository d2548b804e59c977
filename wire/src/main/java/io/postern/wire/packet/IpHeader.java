package io.postern.wire.packet;

/**
 * IPv4 and IPv6 with what may stand between them and a transport.
 *
 * <pre>
 * IPv4  4 4 | length of header 4, in 32 bits | 8 | total length 16 | id 16 | 0, don't, more 3 | offset 13, in 64 bits
 *         | 8 | protocol 8 | checksum 16 | source 32 | destination 32 | options        RFC 791 section 3.1
 * IPv6  6 4 | 28 | payload length 16 | next 8 | 8 | source 128 | destination 128        RFC 8200 section 3
 *   extension        next 8 | length 8, in 64 bits beyond the first | …        section 4.3 and later
 *   fragment         next 8 | 8 | offset 13, in 64 bits | 2 | more 1 | id 32        section 4.5
 *   authentication   next 8 | length 8, in 32 bits beyond the first two | …        RFC 4302 section 2
 * </pre>
 *
 * Where a length is larger than what was captured, the rest is {@linkplain Walk#missing missing}; where it is smaller, the
 * rest is padding. A length of zero is what a sender's card has yet to fill in, and means all there is.
 */
final class IpHeader {

    static final int IPV4 = 20;
    static final int IPV6 = 40;

    private static final int HOP_BY_HOP = 0;
    private static final int IPV4_INSIDE = 4;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int IPV6_INSIDE = 41;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int GRE = 47;
    private static final int AUTHENTICATION = 51;
    private static final int DESTINATION = 60;
    private static final int ETHERNET_IN_IP = 97;
    private static final int MOBILITY = 135;
    private static final int MPLS_IN_IP = 137;

    private static final int LARGEST = 65_535;
    private static final int MORE = 0x2000;
    private static final int OFFSET = 0x1FFF;

    private IpHeader() {}

    static Layer read(Walk walk, Fragments fragments, int nesting) {
        if (walk.lacks(1)) {
            return Layer.BROKEN;
        }
        if (walk.nesting == nesting) {
            return Layer.TOO_DEEP;
        }
        walk.nesting++;
        return switch (walk.u8(0) >> 4) {
            case 4 -> ipv4(walk, fragments);
            case 6 -> ipv6(walk);
            default -> Layer.BROKEN;
        };
    }

    private static Layer ipv4(Walk walk, Fragments fragments) {
        if (walk.lacks(IPV4)) {
            return Layer.BROKEN;
        }
        int header = (walk.u8(0) & 0xF) * 4;
        int total = walk.u16(2);
        if (header < IPV4 || walk.lacks(header) || (total < header && total != 0)) {
            return Layer.BROKEN;
        }
        if (total != 0) {
            walk.sentAs(total);
        }
        walk.protocol = walk.u8(9);
        walk.sourceHigh = 0;
        walk.sourceLow = Packet.mapped(walk.u32(12));
        walk.destinationHigh = 0;
        walk.destinationLow = Packet.mapped(walk.u32(16));
        int fragment = walk.u16(6);
        int id = walk.u16(4);
        walk.skip(header);
        if ((fragment & (MORE | OFFSET)) == 0) {
            return inside(walk);
        }
        return fragments.put(walk, id, (fragment & OFFSET) * 8, (fragment & MORE) != 0) ? inside(walk) : Layer.FRAGMENT;
    }

    private static Layer ipv6(Walk walk) {
        if (walk.lacks(IPV6)) {
            return Layer.BROKEN;
        }
        int length = walk.u16(4);
        walk.protocol = walk.u8(6);
        walk.sourceHigh = walk.u64(8);
        walk.sourceLow = walk.u64(16);
        walk.destinationHigh = walk.u64(24);
        walk.destinationLow = walk.u64(32);
        // Without a length: a jumbogram (RFC 2675) or what a card will cut into packets, and nothing else is as long.
        boolean unsaid = length == 0 && (walk.protocol == HOP_BY_HOP || walk.sent() - IPV6 > LARGEST);
        if (!unsaid) {
            walk.sentAs(IPV6 + length);
        }
        walk.skip(IPV6);
        return inside(walk);
    }

    /** Behind an IP header or an extension. */
    static Layer inside(Walk walk) {
        return switch (walk.protocol) {
            case TCP -> Layer.TCP;
            case UDP -> Layer.UDP;
            case IPV4_INSIDE, IPV6_INSIDE -> Layer.IP;
            case GRE -> Layer.GRE;
            case MPLS_IN_IP -> Layer.MPLS;
            case HOP_BY_HOP, ROUTING, DESTINATION, MOBILITY, AUTHENTICATION, FRAGMENT, ETHERNET_IN_IP ->
                Layer.INSIDE_IP;
            default -> Layer.OTHER_TRANSPORT;
        };
    }

    /** What {@link #inside} could not tell without looking. */
    static Layer extension(Walk walk, Fragments fragments) {
        return switch (walk.protocol) {
            case HOP_BY_HOP, ROUTING, DESTINATION, MOBILITY -> pass(walk, 8, 8);
            case AUTHENTICATION -> pass(walk, 4, 8);
            case FRAGMENT -> fragment(walk, fragments);
            case ETHERNET_IN_IP -> {
                // RFC 3378 section 3: a version of 16 bits before the frame.
                walk.skip(2);
                yield Layer.ETHERNET;
            }
            default -> inside(walk);
        };
    }

    private static Layer pass(Walk walk, int unit, int beyond) {
        if (walk.lacks(8)) {
            return Layer.BROKEN;
        }
        int length = beyond + walk.u8(1) * unit;
        if (walk.lacks(length)) {
            return Layer.BROKEN;
        }
        walk.protocol = walk.u8(0);
        walk.skip(length);
        return inside(walk);
    }

    private static Layer fragment(Walk walk, Fragments fragments) {
        if (walk.lacks(8)) {
            return Layer.BROKEN;
        }
        walk.protocol = walk.u8(0);
        int place = walk.u16(2);
        int id = walk.u32(4);
        walk.skip(8);
        boolean more = (place & 1) != 0;
        int offset = place & ~7;
        if (offset == 0 && !more) {
            return inside(walk);
        }
        return fragments.put(walk, id, offset, more) ? inside(walk) : Layer.FRAGMENT;
    }

    /**
     * Whether an IP packet, and nothing else, is at that place of what is left.
     *
     * @param padded whether there may be something behind it
     */
    static boolean isAt(Walk walk, int offset, boolean padded) {
        if (walk.lacks(offset + IPV4)) {
            return false;
        }
        int first = walk.u8(offset);
        int sent = walk.sent() - offset;
        int length;
        if (first >> 4 == 4 && (first & 0xF) >= IPV4 / 4) {
            length = walk.u16(offset + 2);
            if (length < (first & 0xF) * 4) {
                return false;
            }
        } else if (first >> 4 == 6 && !walk.lacks(offset + IPV6)) {
            length = IPV6 + walk.u16(offset + 4);
        } else {
            return false;
        }
        return padded ? length <= sent : length == sent;
    }
}
