package io.postern.gateway.session;

import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;

/**
 * Makes sockets of the transport in use. They read the longest datagram whole, into memory that is read into again: what
 * is to wait for anybody is copied.
 */
public interface DatagramSockets {

    /** @param family of the addresses it will send to */
    DatagramChannel open(SocketProtocolFamily family);
}
