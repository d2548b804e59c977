package io.postern.wire.packet;

/**
 * GRE, RFC 2784 section 2 with RFC 2890, and as PPTP has it, RFC 2637 section 4.1.
 *
 * <pre>
 * checksum 1 | routing 1 | key 1 | sequence 1 | … | version 3 | protocol 16
 *   | checksum, offset 32 | key 32 | sequence 32 | acknowledgement 32, PPTP only        each if its bit is set
 * ERSPAN   no header without a sequence number, else 64; its version 3: 96, and 64 more if its last bit is set
 *          draft-foschiano-erspan section 4
 * </pre>
 */
final class GreHeader {

    static final int LENGTH = 4;

    private static final int CHECKSUM = 0x8000;
    private static final int ROUTING = 0x4000;
    private static final int KEY = 0x2000;
    private static final int SEQUENCE = 0x1000;
    private static final int ACKNOWLEDGEMENT = 0x0080;
    private static final int VERSION = 0x0007;

    private static final int ERSPAN = 0x88BE;
    private static final int ERSPAN_3 = 0x22EB;
    private static final int WCCP = 0x883E;

    private GreHeader() {}

    static Layer read(Walk walk) {
        if (walk.lacks(LENGTH)) {
            return Layer.BROKEN;
        }
        int flags = walk.u16(0);
        int protocol = walk.u16(2);
        int length = length(flags);
        boolean unknown = (flags & ROUTING) != 0 || (flags & VERSION) > 1 || (flags & (VERSION | KEY)) == 1;
        if (unknown || walk.lacks(length)) {
            return Layer.BROKEN;
        }
        if ((flags & VERSION) == 1) {
            int payload = walk.u16(4);
            walk.skip(length);
            if ((flags & SEQUENCE) == 0) {
                return Layer.OTHER_TRANSPORT;
            }
            if (payload <= walk.sent()) {
                walk.sentAs(payload);
            }
        } else {
            walk.skip(length);
        }
        walk.protocol = protocol;
        return switch (protocol) {
            case ERSPAN -> mirrored(walk, (flags & SEQUENCE) != 0 ? 8 : 0);
            case ERSPAN_3 -> walk.lacks(12) ? Layer.BROKEN : mirrored(walk, 12 + (walk.u8(11) & 1) * 8);
            case WCCP -> redirected(walk);
            default -> Layer.ETHERTYPE;
        };
    }

    /** How many bytes a header with these flags has. */
    static int length(int flags) {
        return LENGTH
                + ((flags & (CHECKSUM | ROUTING)) != 0 ? 4 : 0)
                + ((flags & KEY) != 0 ? 4 : 0)
                + ((flags & SEQUENCE) != 0 ? 4 : 0)
                + ((flags & VERSION) == 1 && (flags & ACKNOWLEDGEMENT) != 0 ? 4 : 0);
    }

    private static Layer mirrored(Walk walk, int header) {
        walk.skip(header);
        return Layer.ETHERNET;
    }

    /** WCCP version 2 puts 4 bytes before the packet. */
    private static Layer redirected(Walk walk) {
        if (!IpHeader.isAt(walk, 0, false)) {
            walk.skip(4);
        }
        return Layer.IP;
    }
}
