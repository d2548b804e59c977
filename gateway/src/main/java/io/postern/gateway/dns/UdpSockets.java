package io.postern.gateway.dns;

import io.netty.channel.EventLoop;
import io.postern.gateway.session.DatagramSockets;
import java.net.InetSocketAddress;

/** Makes the sockets that servers are asked by. */
public interface UdpSockets {

    /**
     * @param loop that calls this
     * @param receiver told nothing before this returns
     * @throws io.netty.channel.ChannelException when there is no socket to be had; the receiver is told nothing then
     */
    UdpSocket open(EventLoop loop, InetSocketAddress server, UdpSocket.Receiver receiver);

    /** Through channels of Netty, on every system. */
    static UdpSockets through(DatagramSockets sockets) {
        return (loop, server, receiver) -> UdpChannel.open(sockets, loop, server, receiver);
    }

    /** Through Linux itself, for loops of epoll. */
    static UdpSockets epoll() {
        return UdpEpoll::open;
    }
}
