package io.postern.wire.datagram;

import io.postern.wire.ByteCursor;
import io.postern.wire.Parse;
import java.nio.ByteBuffer;

/**
 * Recognises WireGuard by type, three zero bytes and size, as the protocol's paper (Donenfeld, NDSS 2017, section 5.4)
 * lays its messages out: 148, 92 and 64 bytes, and data padded to blocks of 16 behind 16 bytes of header and before 16
 * of tag. Its variants that fill the zero bytes are not recognised. Never answers {@link Parse.Malformed}.
 *
 * <pre>
 * 4 | 000000 | receiver 32 | counter 64, little-endian | data and tag
 * </pre>
 *
 * <p>A session is renewed every two minutes and its packets are counted from zero (section 6.1), so data is known by
 * the upper half of its counter too, which is zero.
 */
public final class WireGuardParser implements DatagramParser<WireGuardMessage> {

    private static final int INITIATION = 148;
    private static final int RESPONSE = 92;
    private static final int COOKIE = 64;
    private static final int KEEPALIVE = 32;
    private static final int BLOCK = 16;
    private static final int UPPER_COUNTER = 12;
    private static final WireGuardMessage[] MESSAGES = WireGuardMessage.values();

    @Override
    public Parse<WireGuardMessage> parse(ByteBuffer datagram) {
        int size = datagram.remaining();
        if (size < KEEPALIVE || datagram.get(datagram.position()) < 1 || datagram.get(datagram.position()) > 4) {
            return Parse.notThis();
        }
        ByteCursor header = ByteCursor.over(datagram);
        int type = header.u8();
        boolean sound = header.u24() == 0
                && switch (type) {
                    case 1 -> size == INITIATION;
                    case 2 -> size == RESPONSE;
                    case 3 -> size == COOKIE;
                    case 4 -> size >= KEEPALIVE && size % BLOCK == 0 && youngSession(datagram);
                    default -> false;
                };
        return sound ? new Parse.Done<>(MESSAGES[type - 1], size) : Parse.notThis();
    }

    private static boolean youngSession(ByteBuffer datagram) {
        return ByteCursor.over(datagram, datagram.position() + UPPER_COUNTER, 4).u32() == 0;
    }
}
