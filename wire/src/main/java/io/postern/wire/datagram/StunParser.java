package io.postern.wire.datagram;

import io.postern.wire.ByteCursor;
import io.postern.wire.Parse;
import java.nio.ByteBuffer;

/**
 * Recognises STUN by its magic cookie and a length that is the datagram's, RFC 8489 section 5.
 *
 * <pre>
 * 00, method and class 14 | length16 of what follows the header | 2112a442 | transaction id 96 | attributes
 * </pre>
 *
 * The older form without a cookie (RFC 3489) is not recognised. Never answers {@link Parse.Malformed}.
 */
public final class StunParser implements DatagramParser<StunMessage> {

    private static final int HEADER = 20;
    private static final int COOKIE_HIGH = 0x2112;
    private static final int COOKIE_LOW = 0xA442;
    private static final StunMessage.Kind[] KINDS = StunMessage.Kind.values();

    @Override
    public Parse<StunMessage> parse(ByteBuffer datagram) {
        ByteCursor header = ByteCursor.over(datagram);
        int type = header.u16();
        int length = header.u16();
        boolean cookie = header.u16() == COOKIE_HIGH && header.u16() == COOKIE_LOW;
        boolean whole = HEADER + length == datagram.remaining() && length % 4 == 0;
        if (!cookie || !whole || type > 0x3FFF) {
            return new Parse.NotThis<>();
        }
        // The class is spread: bits 4 and 8 of the type; the method is what is left of it.
        int kind = (type >> 4 & 1) | (type >> 7 & 2);
        int method = (type & 0xF) | (type >> 1 & 0x70) | (type >> 2 & 0xF80);
        return new Parse.Done<>(new StunMessage(method, KINDS[kind]), datagram.remaining());
    }
}
