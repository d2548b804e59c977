package io.postern.gateway.session;

import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.UnixChannel;

/**
 * Keeps datagrams whole on the way: for protocols that look for the path's MTU themselves, as QUIC does (RFC 9000 section
 * 14, RFC 8899), a fragment that arrives is a wrong answer.
 */
final class PathMtu {

    // ip(7), ipv6(7): the bit is set, and what the system believes of the path is not asked.
    private static final int PROBE = 3;
    private static final ChannelOption<Integer> IPV4 = new IntegerUnixChannelOption("IP_MTU_DISCOVER", 0, 10);
    private static final ChannelOption<Integer> IPV6 = new IntegerUnixChannelOption("IPV6_MTU_DISCOVER", 41, 23);

    private PathMtu() {}

    /** Where the system's sockets can be told so. */
    static void probed(DatagramChannel socket, SocketProtocolFamily family) {
        if (socket instanceof UnixChannel) {
            socket.config().setOption(family == SocketProtocolFamily.INET ? IPV4 : IPV6, PROBE);
        }
    }
}
