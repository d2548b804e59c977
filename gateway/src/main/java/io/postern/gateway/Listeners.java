package io.postern.gateway;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.postern.config.GatewaySettings;
import io.postern.config.ListenSettings;
import io.postern.gateway.open.Dialer;
import io.postern.gateway.rules.Judges;
import io.postern.wire.ip.EgressRanges;
import io.postern.wire.ip.OwnAddresses;
import io.postern.wire.ip.Prefix;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ways in, each bound to its address. */
final class Listeners {

    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);
    private static final int BACKLOG = 4096;
    private final GatewaySettings settings;
    private final Transports transports;
    private final EventLoopGroup loops;
    private final Judges judges;
    private final ListenerParts parts;
    private final Map<String, String> notRenewed = new HashMap<>();
    private final Map<String, Channel> bound = new LinkedHashMap<>();

    Listeners(
            GatewaySettings settings, Transports transports, EventLoopGroup loops, Judges judges, ListenerParts parts) {
        this.settings = settings;
        this.transports = transports;
        this.loops = loops;
        this.judges = judges;
        this.parts = parts;
    }

    /** Binds all listeners; nothing is accepted yet. */
    void open() throws IOException {
        for (ListenSettings listener : settings.listeners()) {
            if (listener.type() == ListenSettings.Ingress.DNS && listener.tls().isEmpty()) {
                boolean chosen = listener.bind().socketAddress().getPort() == 0;
                bound.put(
                        listener.name(),
                        SharedPort.bind(chosen, () -> connections(listener), at -> questions(listener, at)));
            } else {
                Channel channel = connections(listener);
                bound.put(listener.name(), channel);
                if (listener.udp() && listener.type() == ListenSettings.Ingress.TRANSPARENT) {
                    datagrams(listener, (InetSocketAddress) channel.localAddress());
                }
            }
        }
    }

    private Channel connections(ListenSettings listener) throws IOException {
        InetSocketAddress address = listener.bind().socketAddress();
        ServerBootstrap bootstrap = new ServerBootstrap();
        if (listener.type() == ListenSettings.Ingress.TRANSPARENT) {
            bootstrap.option(transparent(listener), true);
        }
        ChannelFuture binding = bootstrap
                .group(loops)
                .channelFactory(() -> transports.servers().open(Dialer.family(address)))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, ListenerParts.reads())
                .childHandler(parts.connections(listener))
                .bind(address)
                .awaitUninterruptibly();
        if (!binding.isSuccess()) {
            throw new IOException(
                    "listener " + listener.name() + ": cannot bind "
                            + address + ": "
                            + binding.cause().getMessage(),
                    binding.cause());
        }
        return binding.channel();
    }

    private void datagrams(ListenSettings listener, InetSocketAddress address) throws IOException {
        try {
            parts.datagrams()
                    .open(parts.entrance(listener), parts.taken(listener).map(Function.identity()), address, loops);
        } catch (IOException | LinkageError refused) {
            throw new IOException(
                    "listener " + listener.name() + ": cannot take datagrams at " + address + ": "
                            + refused.getMessage(),
                    refused);
        }
    }

    private void questions(ListenSettings listener, InetSocketAddress address) throws IOException {
        try {
            parts.dns().open(listener, address, loops);
        } catch (IOException refused) {
            throw new IOException(
                    "listener " + listener.name() + ": cannot take datagrams at " + address + ": "
                            + refused.getMessage(),
                    refused);
        }
    }

    private ChannelOption<Boolean> transparent(ListenSettings listener) throws IOException {
        return transports
                .transparent()
                .orElseThrow(() -> new IOException("listener " + listener.name()
                        + ": transparent needs Linux and runtime.transport epoll, this is " + transports.name()));
    }

    /** Refuses flows that would come back to this gateway, now that its addresses are known. */
    OwnAddressWatch protect(InetSocketAddress admin) throws IOException {
        List<InetSocketAddress> own = new ArrayList<>(addresses().values());
        own.add(admin);
        return new OwnAddressWatch(
                prefixes(settings.upstream().allowNetworks()),
                prefixes(settings.upstream().denyNetworks()),
                own,
                judges,
                OwnAddressWatch::ofThisHost);
    }

    /** The network's protection without knowledge of our own addresses: only until they are bound. */
    static EgressRanges unprotected(GatewaySettings settings) {
        return new EgressRanges(
                prefixes(settings.upstream().allowNetworks()),
                prefixes(settings.upstream().denyNetworks()),
                OwnAddresses.NONE);
    }

    void accept() {
        bound.values().forEach(channel -> channel.config().setAutoRead(true));
        parts.datagrams().accept();
        parts.dns().accept();
    }

    Map<String, InetSocketAddress> addresses() {
        Map<String, InetSocketAddress> addresses = new LinkedHashMap<>();
        bound.forEach((name, channel) -> addresses.put(name, (InetSocketAddress) channel.localAddress()));
        return addresses;
    }

    /** Takes renewed certificates into use. Reads files: not for an event loop. */
    void renewCertificates() {
        parts.certificates().forEach((name, tls) -> {
            try {
                if (tls.reload()) {
                    LOG.info("certificate renewed listener={}", name);
                }
                notRenewed.remove(name);
            } catch (IOException e) {
                // The same is told once, however often it is seen.
                if (!e.toString().equals(notRenewed.put(name, e.toString()))) {
                    LOG.warn("certificate not renewed listener={}: {}", name, e.toString());
                }
            }
        });
    }

    void close() {
        bound.values().forEach(channel -> channel.close().awaitUninterruptibly());
        parts.dns().close();
    }

    /** Live sessions hear nothing more of their clients. */
    void closeDatagrams() {
        parts.datagrams().close();
    }

    void closeNames() {
        parts.closeNames();
    }

    private static List<Prefix> prefixes(List<String> texts) {
        return texts.stream().map(Prefix::parse).toList();
    }
}
