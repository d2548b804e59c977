package io.postern.gateway.ingress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.postern.wire.socks.SocksPassword;

/**
 * What SOCKS5 clients are told.
 *
 * <pre>
 * 05 | method                                     RFC 1928 section 3
 * 01 | status                                     RFC 1929 section 2
 * 05 | reply | 00 | 01 | 0.0.0.0 | port 0         RFC 1928 section 6
 * </pre>
 *
 * The bound address is always the unspecified one: the gateway's own is nobody's business, and clients do not use it.
 */
final class SocksReplies {

    static final int SUCCEEDED = 0;
    static final int GENERAL_FAILURE = 1;
    static final int NOT_ALLOWED = 2;
    static final int COMMAND_NOT_SUPPORTED = 7;
    static final int ADDRESS_TYPE_NOT_SUPPORTED = 8;

    private static final int VERSION = 5;

    private SocksReplies() {}

    static ByteBuf method(int method) {
        return Unpooled.wrappedBuffer(new byte[] {VERSION, (byte) method});
    }

    static ByteBuf status(int status) {
        return Unpooled.wrappedBuffer(new byte[] {SocksPassword.VERSION, (byte) status});
    }

    static ByteBuf reply(int reply) {
        return Unpooled.wrappedBuffer(new byte[] {VERSION, (byte) reply, 0, 1, 0, 0, 0, 0, 0, 0});
    }
}
