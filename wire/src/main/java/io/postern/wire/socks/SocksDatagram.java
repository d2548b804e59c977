package io.postern.wire.socks;

import io.postern.wire.datagram.DatagramParser;
import io.postern.wire.ip.HostText;

/**
 * What a client writes before each datagram: where it is to go.
 *
 * @param host a name or an address, never refused text
 * @param port 1 to 65535
 */
public record SocksDatagram(HostText host, int port) {

    public static final DatagramParser<SocksDatagram> PARSER = new SocksDatagramParser();
}
