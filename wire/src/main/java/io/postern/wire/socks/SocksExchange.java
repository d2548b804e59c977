package io.postern.wire.socks;

import io.postern.wire.Parse;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Knows SOCKS by the first words of both ends, where one alone says too little.
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

    /** By all bytes so far of both ends; empty while they are too few, or when they are something else. */
    public static Optional<SocksOpening> of(ByteBuffer client, ByteBuffer server) {
        if (five(client, server)) {
            return Optional.of(
                    new SocksOpeningParser().parse(client) instanceof Parse.Done<SocksOpening> done
                            ? done.value()
                            : new SocksOpening(SocksMethods.VERSION, Optional.empty()));
        }
        return answersFour(server) && SocksFour.answered(client) instanceof Parse.Done<SocksOpening> done
                ? Optional.of(done.value())
                : Optional.empty();
    }

    private static boolean five(ByteBuffer client, ByteBuffer server) {
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

    private static boolean answersFour(ByteBuffer server) {
        int at = server.position();
        return server.remaining() >= REPLY_4
                && server.get(at) == 0
                && server.get(at + 1) >= FIRST_CODE
                && server.get(at + 1) <= LAST_CODE;
    }
}
