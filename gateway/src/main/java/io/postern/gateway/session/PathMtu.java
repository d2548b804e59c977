package io.postern.gateway.session;

import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;

/**
 * What becomes of datagrams that are longer than the path takes. For protocols that look for the path's MTU by
 * themselves, as QUIC does (RFC 9000 section 14, RFC 8899), a fragment that arrives is a wrong answer.
 */
final class PathMtu {

    // ip(7), ipv6(7): the bit is set, and what the system believes of the path is not asked.
    private static final int PROBE = 3;

    private static final int DONT = 0;
    private static final int SOL_IP = 0;
    private static final int IP_MTU_DISCOVER = 10;
    private static final int SOL_IPV6 = 41;
    private static final int IPV6_MTU_DISCOVER = 23;
    private static final ChannelOption<Integer> IPV4 =
            new IntegerUnixChannelOption("IP_MTU_DISCOVER", SOL_IP, IP_MTU_DISCOVER);
    private static final ChannelOption<Integer> IPV6 =
            new IntegerUnixChannelOption("IPV6_MTU_DISCOVER", SOL_IPV6, IPV6_MTU_DISCOVER);

    private PathMtu() {}

    /** Datagrams stay whole on the way, where the system's sockets can be told so. */
    static void probed(DatagramChannel socket, SocketProtocolFamily family) {
        set(socket, family, PROBE);
    }

    static void probed(LinuxSocket socket, SocketProtocolFamily family) throws IOException {
        if (family == SocketProtocolFamily.INET) {
            socket.setIntOpt(SOL_IP, IP_MTU_DISCOVER, PROBE);
        } else {
            socket.setIntOpt(SOL_IPV6, IPV6_MTU_DISCOVER, PROBE);
        }
    }

    /** Datagrams may be cut into fragments wherever the path is narrow. */
    static void ignored(DatagramChannel socket, SocketProtocolFamily family) {
        set(socket, family, DONT);
    }

    private static void set(DatagramChannel socket, SocketProtocolFamily family, int how) {
        if (socket instanceof UnixChannel) {
            socket.config().setOption(family == SocketProtocolFamily.INET ? IPV4 : IPV6, how);
        }
    }
}
