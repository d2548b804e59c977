package io.postern.gateway;

import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.postern.config.GatewaySettings.Transport;
import io.postern.gateway.dns.UdpSockets;
import io.postern.gateway.open.Dialer;
import io.postern.gateway.session.DatagramSockets;
import io.postern.gateway.session.FarSockets;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Which of Netty's transports carries the flows.
 *
 * @param name for the start's log line
 * @param datagrams that clients reach
 * @param questions by which servers are asked for names
 * @param far towards destinations of datagrams; looks for what there is, and may block
 * @param transparent lets a listener take connections to addresses that are not its own; empty where there is none
 */
record Transports(
        String name,
        IoHandlerFactory io,
        Servers servers,
        Dialer.Sockets clients,
        DatagramSockets datagrams,
        UdpSockets questions,
        Supplier<FarSockets> far,
        Optional<ChannelOption<Boolean>> transparent) {

    /** One datagram into each buffer, which has room for the longest there is. */
    private static final RecvByteBufAllocator SINGLE = new FixedRecvByteBufAllocator(65_535);

    /** Makes listening sockets of the transport in use. */
    interface Servers {

        /** @param family of the address it will be bound to; IPv4 through a socket of both families costs more */
        ServerSocketChannel open(SocketProtocolFamily family);
    }

    /** {@code auto} is epoll on Linux and NIO elsewhere; io_uring is taken only when asked for. */
    static Transports of(Transport wanted) {
        return switch (wanted) {
            case AUTO -> Epoll.isAvailable() ? epoll() : nio();
            case EPOLL -> {
                require(Epoll.isAvailable(), "epoll", Epoll.unavailabilityCause());
                yield epoll();
            }
            case IO_URING -> {
                require(IoUring.isAvailable(), "io_uring", IoUring.unavailabilityCause());
                yield new Transports(
                        "io_uring",
                        IoUringIoHandler.newFactory(),
                        family -> new IoUringServerSocketChannel(),
                        family -> new IoUringSocketChannel(),
                        Transports::ringDatagrams,
                        UdpSockets.through(Transports::ringDatagrams),
                        () -> FarSockets.through(Transports::ringDatagrams),
                        Optional.empty());
            }
            case NIO -> nio();
        };
    }

    private static Transports epoll() {
        return new Transports(
                "epoll",
                SteadyEpoll.factory(),
                EpollServerSocketChannel::new,
                EpollSocketChannel::new,
                BatchedReads::socket,
                UdpSockets.epoll(),
                () -> FarSockets.batched(BatchedReads::socket),
                Optional.of(EpollChannelOption.IP_TRANSPARENT));
    }

    private static Transports nio() {
        return new Transports(
                "nio",
                NioIoHandler.newFactory(),
                family -> new NioServerSocketChannel(),
                family -> new NioSocketChannel(),
                Transports::nioDatagrams,
                UdpSockets.through(Transports::nioDatagrams),
                () -> FarSockets.through(Transports::nioDatagrams),
                Optional.empty());
    }

    private static DatagramChannel ringDatagrams(SocketProtocolFamily family) {
        return single(new IoUringDatagramChannel(family));
    }

    private static DatagramChannel nioDatagrams(SocketProtocolFamily family) {
        return single(new NioDatagramChannel(family));
    }

    private static DatagramChannel single(DatagramChannel socket) {
        socket.config().setRecvByteBufAllocator(SINGLE);
        return socket;
    }

    private static void require(boolean available, String name, Throwable why) {
        if (!available) {
            throw new IllegalStateException("runtime.transport is " + name + ", not to be had here: " + why, why);
        }
    }
}
