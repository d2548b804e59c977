package io.postern.wire.packet;

import org.jspecify.annotations.Nullable;

/**
 * IP inside of UDP, by its headers rather than by its port: a datagram is a tunnel's if its header is sound and an IP packet
 * fills what follows, to the byte. Another use of a tunnel's port stays a datagram, and a tunnel on another port is one.
 *
 * <pre>
 * GTP-U    1 3 | 1 1 | 0 1 | extension, sequence, number 3 | ff | length 16 | tunnel 32
 *            | sequence 16 | number 8 | next 8 if any of the three | (length 8 in 32 bits | … | next 8) …
 *            3GPP TS 29.281 sections 5.1 and 5.2
 * VXLAN    flags 8: 08, 88 with a group policy, 0c generic | 16 | next 8 | network 24 | 0 8 | Ethernet
 *            RFC 7348 section 5, draft-ietf-nvo3-vxlan-gpe
 * GENEVE   0 2 | length of options 6, in 32 bits | control, critical 2 | 0 6 | EtherType 16 | network 24 | 0 8 | options
 *            RFC 8926 section 3.4
 * GRE      RFC 8086
 * Teredo   00 01 | length 8 | length 8 | … | 72, if authenticated | 00 00 | 48, if of another origin | IPv6
 *            RFC 4380 section 5.1.1; port 3544, or an address of 2001::/32 inside
 * CAPWAP   0 8 | length 5, in 32 bits | radio 5 | kind 5 | native 1 | fragment 1 … | 802.11 or Ethernet
 *            RFC 5415 section 4.3; port 5247. Cisco's write the two bytes of 802.11's frame control the other way round
 * </pre>
 */
final class UdpTunnels {

    private static final int GTP_DATA = 0xFF;
    private static final int TEREDO_PORT = 3544;
    private static final int CAPWAP_PORT = 5247;
    private static final int TEREDO = 0x2001_0000;
    private static final int VXLAN_GENERIC = 0x0C;
    private static final int SHORTEST_FRAME = 60;
    private static final int BRIDGED = 0x6558;
    private static final int CAPWAP_NATIVE = 0x01;
    private static final int CAPWAP_FRAGMENT = 0x80;

    private UdpTunnels() {}

    /** What is inside of a datagram's payload, which is then what is left; null, and nothing moved, if it is no tunnel. */
    static @Nullable Layer inside(Walk walk, int source, int destination) {
        if (walk.lacks(GreHeader.LENGTH + IpHeader.IPV4)) {
            return null;
        }
        if (source == TEREDO_PORT || destination == TEREDO_PORT) {
            return teredo(walk);
        }
        if (source == CAPWAP_PORT || destination == CAPWAP_PORT) {
            return capwap(walk);
        }
        int first = walk.u8(0);
        if ((first & 0xF8) == 0x30 && walk.u8(1) == GTP_DATA) {
            return gtp(walk, first);
        }
        if (first >> 4 == 6) {
            boolean known = walk.u32(8) == TEREDO || (!walk.lacks(IpHeader.IPV6) && walk.u32(24) == TEREDO);
            return known ? teredo(walk) : null;
        }
        Layer vxlan = first == 0x08 || first == 0x88 || first == VXLAN_GENERIC ? vxlan(walk, first) : null;
        return vxlan == null && first < 0xC0 ? ethertyped(walk, first) : vxlan;
    }

    private static @Nullable Layer gtp(Walk walk, int first) {
        if (walk.u16(2) != walk.sent() - 8) {
            return null;
        }
        int at = 8;
        if ((first & 0x07) != 0) {
            int next = (first & 0x04) != 0 ? walk.u8(11) : 0;
            at = 12;
            while (next != 0) {
                int length = walk.lacks(at + 1) ? 0 : walk.u8(at) * 4;
                if (length == 0 || walk.lacks(at + length)) {
                    return null;
                }
                at += length;
                next = walk.u8(at - 1);
            }
        }
        return ip(walk, at);
    }

    private static @Nullable Layer vxlan(Walk walk, int first) {
        if (walk.u8(7) != 0) {
            return null;
        }
        if (first != VXLAN_GENERIC) {
            return ethernet(walk, 8);
        }
        return switch (walk.u8(3)) {
            case 1, 2 -> ip(walk, 8);
            case 3 -> ethernet(walk, 8);
            default -> null;
        };
    }

    /** GENEVE and GRE, which both have an EtherType at the same place. */
    private static @Nullable Layer ethertyped(Walk walk, int first) {
        int type = walk.u16(2);
        boolean bridged = type == BRIDGED;
        if (!bridged && type != EthernetHeader.IPV4 && type != EthernetHeader.IPV6) {
            return null;
        }
        boolean geneve = first < 0x40 && (walk.u8(1) & 0x3F) == 0 && walk.u8(7) == 0;
        int options = 8 + (first & 0x3F) * 4;
        Layer inGeneve = !geneve ? null : bridged ? ethernet(walk, options) : ip(walk, options);
        if (inGeneve != null) {
            return inGeneve;
        }
        int flags = walk.u16(0);
        if ((flags & 0x4FFF) != 0) {
            return null;
        }
        return bridged ? ethernet(walk, GreHeader.length(flags)) : ip(walk, GreHeader.length(flags));
    }

    private static @Nullable Layer teredo(Walk walk) {
        int at = 0;
        if (walk.u16(at) == 1) {
            at += 4 + walk.u8(2) + walk.u8(3) + 9;
        }
        if (!walk.lacks(at + 2) && walk.u16(at) == 0) {
            at += 8;
        }
        return !walk.lacks(at + 1) && walk.u8(at) >> 4 == 6 ? ip(walk, at) : null;
    }

    private static @Nullable Layer capwap(Walk walk) {
        int header = (walk.u8(1) >> 3) * 4;
        boolean native80211 = (walk.u8(2) & CAPWAP_NATIVE) != 0;
        if (walk.u8(0) != 0 || header < 8 || walk.lacks(header + 2) || (walk.u8(3) & CAPWAP_FRAGMENT) != 0) {
            return null;
        }
        if (!native80211) {
            return ethernet(walk, header);
        }
        int from = walk.from;
        walk.skip(header);
        // Data frames begin with 08 or 88: the other way round, so does the second byte.
        boolean swapped = (walk.u8(0) & 0x0F) != 0x08 && (walk.u8(1) & 0x0F) == 0x08;
        if (WlanHeader.read(walk, swapped) == Layer.LLC && EthernetHeader.llc(walk) == Layer.ETHERTYPE) {
            boolean ip = walk.protocol == EthernetHeader.IPV4 || walk.protocol == EthernetHeader.IPV6;
            if (ip && IpHeader.isAt(walk, 0, true)) {
                return Layer.IP;
            }
        }
        walk.from = from;
        return null;
    }

    private static @Nullable Layer ethernet(Walk walk, int at) {
        int type = at + 12;
        while (!walk.lacks(type + 2) && (walk.u16(type) == 0x8100 || walk.u16(type) == 0x88A8)) {
            type += 4;
        }
        if (walk.lacks(type + 2) || (walk.u16(type) != EthernetHeader.IPV4 && walk.u16(type) != EthernetHeader.IPV6)) {
            return null;
        }
        boolean padded = walk.sent() - at <= SHORTEST_FRAME + 4;
        return IpHeader.isAt(walk, type + 2, padded) ? moved(walk, at, Layer.ETHERNET) : null;
    }

    private static @Nullable Layer ip(Walk walk, int at) {
        return IpHeader.isAt(walk, at, false) ? moved(walk, at, Layer.IP) : null;
    }

    private static Layer moved(Walk walk, int header, Layer next) {
        walk.skip(header);
        return next;
    }
}
