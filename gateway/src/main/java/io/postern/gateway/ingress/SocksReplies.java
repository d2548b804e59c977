package io.postern.gateway.ingress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.postern.wire.socks.SocksPassword;
import java.net.InetSocketAddress;

/**
 * What SOCKS5 clients are told.
 *
 * <pre>
 * 05 | method                                     RFC 1928 section 3
 * 01 | status                                     RFC 1929 section 2
 * 05 | reply | 00 | type | address | port         RFC 1928 section 6
 * </pre>
 *
 * The bound address is the unspecified one but where datagrams are to be sent to it: else the gateway's own is nobody's
 * business, and clients do not use it.
 */
final class SocksReplies {

    static final int SUCCEEDED = 0;
    static final int GENERAL_FAILURE = 1;
    static final int NOT_ALLOWED = 2;
    static final int COMMAND_NOT_SUPPORTED = 7;
    static final int ADDRESS_TYPE_NOT_SUPPORTED = 8;

    private static final int VERSION = 5;
    private static final int IPV4 = 1;
    private static final int IPV6 = 4;

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

    /** To where the client sends its datagrams. */
    static ByteBuf associated(InetSocketAddress bound) {
        byte[] address = bound.getAddress().getAddress();
        return Unpooled.buffer(6 + address.length)
                .writeBytes(new byte[] {VERSION, SUCCEEDED, 0})
                .writeByte(address.length == 4 ? IPV4 : IPV6)
                .writeBytes(address)
                .writeShort(bound.getPort());
    }
}
