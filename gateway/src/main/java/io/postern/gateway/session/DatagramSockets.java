package io.postern.gateway.session;

import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;

/** Makes sockets of the transport in use. */
public interface DatagramSockets {

    /** @param family of the addresses it will send to */
    DatagramChannel open(SocketProtocolFamily family);
}
