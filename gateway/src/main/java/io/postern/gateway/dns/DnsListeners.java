package io.postern.gateway.dns;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.util.concurrent.EventExecutor;
import io.postern.config.ListenSettings;
import io.postern.gateway.flows.MemoryBudget;
import io.postern.gateway.identity.Identities;
import io.postern.gateway.ingress.Clients;
import io.postern.gateway.ingress.ListenerTls;
import io.postern.gateway.ingress.Sources;
import io.postern.gateway.open.Dialer;
import io.postern.gateway.session.DatagramSockets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The ways in for questions: by UDP a socket on every loop where the system shares them out, by TCP connections. */
public final class DnsListeners {

    private final DnsDesk.Shared shared;
    private final Identities identities;
    private final Clients clients;
    private final DatagramSockets sockets;
    private final boolean onEveryLoop;
    private final List<Channel> datagrams = new ArrayList<>();

    /** @param onEveryLoop whether several sockets may have one address (SO_REUSEPORT) */
    public DnsListeners(
            DnsParts parts, Identities identities, Clients clients, DatagramSockets sockets, boolean onEveryLoop) {
        this.shared = parts.shared();
        this.identities = identities;
        this.clients = clients;
        this.sockets = sockets;
        this.onEveryLoop = onEveryLoop;
    }

    /** For connections to that listener. */
    public ChannelHandler connections(ListenSettings listener, Optional<ListenerTls> tls) {
        return listener.dohPath().isPresent()
                ? DohConnections.initializer(
                        desk(listener), listener.dohPath().get(), clients, tls.orElseThrow(), shared.drops())
                : DnsStream.initializer(desk(listener), clients, tls, shared.drops());
    }

    /** What answers what comes to that listener and was meant for others. */
    public TakenDns taken(ListenSettings listener, MemoryBudget held, TakenDns.Times times) {
        return new TakenDns(desk(listener), held, times, shared.drops(), shared.taken());
    }

    /** Binds the address for datagrams, or nothing; nothing is received yet. Blocks: for the start. */
    public void open(ListenSettings listener, InetSocketAddress address, EventLoopGroup loops) throws IOException {
        DnsDesk desk = desk(listener);
        List<Channel> opened = new ArrayList<>();
        for (EventExecutor loop : loops) {
            DatagramChannel channel = sockets.open(Dialer.family(address));
            opened.add(channel);
            channel.config().setAutoRead(false);
            if (onEveryLoop) {
                channel.config().setOption(UnixChannelOption.SO_REUSEPORT, true);
            }
            channel.pipeline().addLast("dns", new DnsDatagrams(desk));
            ((EventLoop) loop).register(channel).awaitUninterruptibly();
            ChannelFuture bound = channel.bind(address).awaitUninterruptibly();
            if (!bound.isSuccess()) {
                opened.forEach(each -> each.close().awaitUninterruptibly());
                throw new IOException(bound.cause().getMessage(), bound.cause());
            }
            if (!onEveryLoop) {
                break;
            }
        }
        datagrams.addAll(opened);
    }

    /** Receives from now on. */
    public void accept() {
        datagrams.forEach(channel -> channel.config().setAutoRead(true));
    }

    public void close() {
        datagrams.forEach(Channel::close);
    }

    private DnsDesk desk(ListenSettings listener) {
        return new DnsDesk(shared, listener, new Askers(identities, new Sources(listener.networks())));
    }
}
