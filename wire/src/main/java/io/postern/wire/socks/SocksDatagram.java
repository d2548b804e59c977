package io.postern.wire.socks;

import io.postern.wire.datagram.DatagramParser;
import io.postern.wire.ip.HostText;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * What a client writes before each datagram: where it is to go.
 *
 * @param host a name or an address, never refused text
 * @param port 1 to 65535
 */
public record SocksDatagram(HostText host, int port) {

    /** Reserved, fragment, address type. */
    private static final int FIXED = 4;

    public static final DatagramParser<SocksDatagram> PARSER = new SocksDatagramParser();

    /** The header of an answer, by which its client learns who sent it. */
    public static byte[] header(InetAddress from, int port) {
        byte[] address = from.getAddress();
        return ByteBuffer.allocate(FIXED + address.length + 2)
                .put(FIXED - 1, SocksAddress.type(address))
                .position(FIXED)
                .put(address)
                .putShort((short) port)
                .array();
    }
}
