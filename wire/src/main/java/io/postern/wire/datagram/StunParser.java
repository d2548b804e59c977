package io.postern.wire.datagram;

import io.postern.wire.ByteCursor;
import io.postern.wire.Parse;
import java.nio.ByteBuffer;

/**
 * Recognises STUN by its magic cookie and a length that is the datagram's, RFC 8489 section 5; and the older form
 * without a cookie, RFC 3489, by its types and attributes that fill the datagram to its last byte.
 *
 * <pre>
 * 00, method and class 14 | length16 of what follows the header | 2112a442 | transaction id 96 | attributes
 * 0001, 0101, 0111, 0002, 0102 or 0112 | length16 | transaction id 128 | type16 length16 value, …    RFC 3489
 * </pre>
 *
 * An older request without attributes is 20 bytes of which four are known: not recognised. Never answers
 * {@link Parse.Malformed}.
 */
public final class StunParser implements DatagramParser<StunMessage> {

    static final int HEADER = 20;
    static final int COOKIE_HIGH = 0x2112;
    static final int COOKIE_LOW = 0xA442;

    private static final StunMessage.Kind[] KINDS = StunMessage.Kind.values();
    private static final int ATTRIBUTE = 4;
    private static final int LAST_CLASSIC = 0x000B;
    private static final int FIRST_OPTIONAL = 0x8000;
    /** Zoom's clients send one of their own, 0101. */
    private static final int ZOOM = 0x0101;

    @Override
    public Parse<StunMessage> parse(ByteBuffer datagram) {
        int size = datagram.remaining();
        if (size < HEADER || (datagram.get(datagram.position()) & 0xC0) != 0) {
            return Parse.notThis();
        }
        ByteCursor header = ByteCursor.over(datagram);
        int type = header.u16();
        int length = header.u16();
        if (length != size - HEADER || length % 4 != 0) {
            return Parse.notThis();
        }
        boolean cookie = header.u16() == COOKIE_HIGH && header.u16() == COOKIE_LOW;
        return cookie || classic(datagram, type) ? new Parse.Done<>(message(type), size) : Parse.notThis();
    }

    private static boolean classic(ByteBuffer datagram, int type) {
        boolean known =
                switch (type) {
                    case 0x0001, 0x0101, 0x0111, 0x0002, 0x0102, 0x0112 -> true;
                    default -> false;
                };
        return known && datagram.remaining() > HEADER && attributesFit(datagram);
    }

    private static boolean attributesFit(ByteBuffer datagram) {
        ByteCursor rest = ByteCursor.over(datagram, datagram.position() + HEADER, datagram.remaining() - HEADER);
        while (rest.remaining() >= ATTRIBUTE) {
            int type = rest.u16();
            int length = rest.u16();
            boolean may = (type >= 1 && type <= LAST_CLASSIC) || type >= FIRST_OPTIONAL || type == ZOOM;
            if (!may || length % 4 != 0) {
                return false;
            }
            rest.skip(length);
        }
        return rest.isEmpty() && !rest.ranShort();
    }

    static StunMessage message(int type) {
        // The class is spread: bits 4 and 8 of the type; the method is what is left of it.
        int kind = (type >> 4 & 1) | (type >> 7 & 2);
        int method = (type & 0xF) | (type >> 1 & 0x70) | (type >> 2 & 0xF80);
        return new StunMessage(method, KINDS[kind]);
    }
}
