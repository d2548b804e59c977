package io.postern.gateway.session;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.postern.gateway.open.Dialer;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sockets bound to the addresses that clients meant to send to, so that answers come from there. One for all sessions of
 * a loop with the same destination; none is ever read, for what clients send is led to the listener. Touched only by its
 * loop.
 */
final class ReplySockets {

    /** A socket, and how many sessions use it. */
    private static final class Shared {
        final EpollDatagramChannel channel;
        int users;

        Shared(EpollDatagramChannel channel) {
            this.channel = channel;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(ReplySockets.class);

    private final Sessions sessions;
    private final EventLoop loop;
    private final Function<SocketProtocolFamily, EpollDatagramChannel> sockets;
    private boolean complained;
    private final Map<InetSocketAddress, Shared> bound = new HashMap<>();

    /** @param sockets makes those that may be bound to any address: {@link #transparent} */
    ReplySockets(Sessions sessions, EventLoop loop, Function<SocketProtocolFamily, EpollDatagramChannel> sockets) {
        this.sessions = sessions;
        this.loop = loop;
        this.sockets = sockets;
    }

    static EpollDatagramChannel transparent(SocketProtocolFamily family) {
        EpollDatagramChannel channel = new EpollDatagramChannel(family);
        try {
            channel.config().setOption(EpollChannelOption.IP_TRANSPARENT, true);
        } catch (ChannelException refused) {
            // Nothing else closes a channel that no loop knows.
            channel.unsafe().closeForcibly();
            throw refused;
        }
        return channel;
    }

    /** To be given back; empty when the address cannot be bound. */
    Optional<EpollDatagramChannel> take(InetSocketAddress from) {
        Shared shared = bound.get(from);
        if (shared == null) {
            Optional<EpollDatagramChannel> opened = open(from);
            if (opened.isEmpty()) {
                return Optional.empty();
            }
            shared = new Shared(opened.get());
            bound.put(from, shared);
        }
        shared.users++;
        return Optional.of(shared.channel);
    }

    void giveBack(InetSocketAddress from) {
        Shared shared = bound.get(from);
        if (shared != null && --shared.users == 0) {
            bound.remove(from);
            shared.channel.close();
        }
    }

    private Optional<EpollDatagramChannel> open(InetSocketAddress from) {
        EpollDatagramChannel channel;
        try {
            channel = sockets.apply(Dialer.family(from));
        } catch (ChannelException refused) {
            failed(from, refused);
            return Optional.empty();
        }
        loop.register(channel);
        ChannelFuture binding = bind(channel, from);
        if (binding.isSuccess()) {
            return Optional.of(channel);
        }
        failed(from, binding.cause());
        channel.close();
        return Optional.empty();
    }

    private ChannelFuture bind(EpollDatagramChannel channel, InetSocketAddress from) {
        try {
            // Other loops answer from the same address.
            channel.config().setOption(ChannelOption.SO_REUSEADDR, true);
            channel.config().setAutoRead(false);
            // What asks for smaller answers is told to the destination's address, and does not come here.
            PathMtu.ignored(channel, Dialer.family(from));
        } catch (ChannelException refused) {
            return channel.newFailedFuture(refused);
        }
        channel.pipeline().addLast("reply", new Failures());
        return channel.bind(from);
    }

    private void failed(InetSocketAddress from, @Nullable Throwable why) {
        sessions.dropped(DatagramDrop.FAILED);
        if (!complained) {
            complained = true;
            LOG.warn(
                    "no answer can be sent from {} (ports below 1024 need CAP_NET_BIND_SERVICE; told once): {}",
                    from,
                    String.valueOf(why));
        }
    }

    private final class Failures extends ChannelInboundHandlerAdapter {
        @Override
        @SuppressWarnings("deprecation") // ChannelInboundHandler's own method is not
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            DatagramDrop.of(cause).ifPresent(sessions::dropped);
        }
    }
}
