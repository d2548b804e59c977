package io.postern.wire.socks;

import java.nio.ByteBuffer;

/**
 * Knows SOCKS by the first words of both ends, before the client has said where it wants to go.
 *
 * <pre>
 * 5   client offers methods, server takes one of them, or refuses all     RFC 1928 section 3
 * 4   client asks, server answers 00 5a to 5d | 6 bytes
 * </pre>
 */
public final class SocksExchange {

    private static final int REPLY_4 = 8;
    private static final int FIRST_CODE = 0x5A;
    private static final int LAST_CODE = 0x5D;

    private SocksExchange() {}

    /** Whether these are the first bytes of the two ends of a SOCKS 5 connection. False while either is short. */
    public static boolean five(ByteBuffer client, ByteBuffer server) {
        int methods = SocksOpeningParser.methods(client);
        if (methods <= 0 || server.remaining() < 2 || server.get(server.position()) != SocksMethods.VERSION) {
            return false;
        }
        int taken = server.get(server.position() + 1) & 0xFF;
        boolean offered = taken == SocksMethods.UNACCEPTABLE;
        for (int i = 2; i < methods; i++) {
            offered |= (client.get(client.position() + i) & 0xFF) == taken;
        }
        return offered;
    }

    /** Whether a server's first bytes answer a SOCKS 4 request; says little without the request. */
    public static boolean answersFour(ByteBuffer server) {
        int at = server.position();
        return server.remaining() >= REPLY_4
                && server.get(at) == 0
                && server.get(at + 1) >= FIRST_CODE
                && server.get(at + 1) <= LAST_CODE;
    }
}
