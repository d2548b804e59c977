package io.postern.gateway;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.internal.PlatformDependent;
import io.postern.config.GatewaySettings;
import io.postern.config.ListenSettings;
import io.postern.dns.resolve.DnsNames;
import io.postern.dns.resolve.DnsSettings;
import io.postern.dns.resolve.HostsTable;
import io.postern.gateway.flows.Flows;
import io.postern.gateway.flows.MemoryBudget;
import io.postern.gateway.flows.Shares;
import io.postern.gateway.ingress.ClientError;
import io.postern.gateway.ingress.Clients;
import io.postern.gateway.ingress.Entrance;
import io.postern.gateway.ingress.IngressEvents;
import io.postern.gateway.ingress.IngressHandler;
import io.postern.gateway.ingress.ListenerTls;
import io.postern.gateway.ingress.OverloadAction;
import io.postern.gateway.ingress.Sources;
import io.postern.gateway.judge.Verdicts;
import io.postern.gateway.meters.Counters;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.open.Dialer;
import io.postern.gateway.open.Targets;
import io.postern.gateway.recognise.Sniffers;
import io.postern.gateway.recognise.Taps;
import io.postern.gateway.relay.RelayHandler;
import io.postern.gateway.relay.RelayMemory;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.sniff.SniffHandler;
import io.postern.wire.http.Forwarding;
import io.postern.wire.ip.EgressRanges;
import io.postern.wire.ip.OwnAddresses;
import io.postern.wire.ip.Prefix;
import io.postern.wire.websocket.FrameFault;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ways in: each bound to its address, with the parts its flows need. */
final class Listeners {

    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);
    private static final int BACKLOG = 4096;
    /**
     * Reads begin at 2 KiB, so that a short flow costs little, and grow to 256 KiB while a flow fills them: most of
     * the price of bulk is the system calls.
     */
    private static final int MIN_READ = 512;

    private static final int FIRST_READ = 2048;
    private static final int MAX_READ = 256 * 1024;

    private final GatewaySettings settings;
    private final Transports transports;
    private final EventLoopGroup loops;
    private final Judges judges;
    private final Map<String, FlowPipeline> pipelines = new LinkedHashMap<>();
    private final Map<String, Entrance> entrances = new HashMap<>();
    private final DatagramPipeline datagrams;
    private final Map<String, ListenerTls> certificates = new HashMap<>();
    private final Map<String, String> notRenewed = new HashMap<>();
    private final Map<String, Channel> bound = new LinkedHashMap<>();
    private final DefaultEventLoop names = new DefaultEventLoop(new DefaultThreadFactory("names", true));

    /** What all listeners share. */
    private record Common(
            Clients clients,
            Targets targets,
            Dialer dialer,
            Forwarding forwarding,
            Counters<OverloadAction> overload,
            MemoryBudget requests,
            MemoryBudget watched,
            RelayMemory relayed,
            Sniffers sniffers,
            Taps taps,
            Executor certificates,
            Verdicts verdicts) {}

    Listeners(
            GatewaySettings settings,
            Transports transports,
            EventLoopGroup loops,
            Flows flows,
            Judges judges,
            Verdicts verdicts,
            IdentityParts identity,
            Meters meters)
            throws IOException {
        this.settings = settings;
        this.transports = transports;
        this.loops = loops;
        this.judges = judges;
        Common common = common(verdicts, meters);
        datagrams = new DatagramPipeline(
                settings, transports, common.targets, verdicts, common.certificates, common.overload, meters);
        Map<ListenSettings.Ingress, Counters<ClientError>> errors = new EnumMap<>(ListenSettings.Ingress.class);
        for (ListenSettings listener : settings.listeners()) {
            Counters<ClientError> clientErrors = errors.computeIfAbsent(
                    listener.type(), type -> meters.clientErrors(type, ClientError.class, ClientError::label));
            Entrance entrance = new Entrance(
                    listener,
                    flows,
                    identity.identities(),
                    identity.tags(),
                    new IngressEvents(clientErrors::count, common.overload::count));
            entrances.put(listener.name(), entrance);
            IngressHandler.Shared ingress = new IngressHandler.Shared(
                    entrance,
                    common.forwarding,
                    believed(listener),
                    common.requests,
                    settings.limits().requestTimeout().toNanos(),
                    datagrams.associations(listener, entrance));
            pipelines.put(listener.name(), pipeline(ingress, tls(listener), common));
        }
    }

    private Common common(Verdicts verdicts, Meters meters) {
        GatewaySettings.Limits limits = settings.limits();
        GatewaySettings.Sniff sniff = settings.sniff();
        Counters<OverloadAction> overload = meters.overload(OverloadAction.class, OverloadAction::label);
        Clients clients = new Clients(limits.flows(), limits.clientsPerSource());
        meters.watch("postern.client.connections", "Connections clients hold", clients::total);
        MemoryBudget requests =
                new MemoryBudget(limits.requestMemory(), () -> overload.count(OverloadAction.REFUSE_REQUEST));
        meters.watch("postern.request.held.bytes", "Bytes of requests that are not whole yet", requests::held);
        MemoryBudget watched = new MemoryBudget(sniff.memory(), () -> overload.count(OverloadAction.STOP_WATCHING));
        meters.watch("postern.sniff.held.bytes", "Bytes of flows nobody has recognised yet", watched::held);
        RelayMemory relayed = new RelayMemory(relayMemory(), () -> overload.count(OverloadAction.CUT_FLOW));
        meters.watch("postern.relay.held.bytes", "Bytes that wait for ends that do not take them", relayed::held);
        Counters<FrameFault> faults = meters.websocketFaults(FrameFault.class, FrameFault::label);
        Targets targets = new Targets(
                judges,
                new HostsTable(settings.upstream().hosts()),
                resolver(meters),
                new Shares<>(settings.dns().lookupsPerDevice()),
                () -> overload.count(OverloadAction.REFUSE_LOOKUP),
                meters);
        Forwarding forwarding = new Forwarding(
                "postern-" + Long.toHexString(ThreadLocalRandom.current().nextLong()),
                concentratorFields(settings.listeners()));
        Executor certificates = CertificateThread.start(() -> overload.count(OverloadAction.STOP_WATCHING));
        return new Common(
                clients,
                targets,
                new Dialer(
                        transports.clients(),
                        reads(),
                        new Shares<>(settings.upstream().dialsPerDestination()),
                        () -> overload.count(OverloadAction.REFUSE_DIAL)),
                forwarding,
                overload,
                requests,
                watched,
                relayed,
                new Sniffers(sniff.maxHelloBytes(), sniff.maxBytes()),
                new Taps(sniff.maxHelloBytes(), watched, faults::count, certificates),
                certificates,
                verdicts);
    }

    private FlowPipeline pipeline(IngressHandler.Shared ingress, Optional<ListenerTls> tls, Common common) {
        long idle = settings.upstream().idleTimeout().toNanos();
        return new FlowPipeline(new FlowPipeline.Parts(
                common.clients,
                tls.map(made -> made::handler),
                ingress,
                common.targets,
                common.dialer,
                settings.upstream().connectTimeout().toNanos(),
                common.sniffers,
                common.taps,
                common.watched,
                new SniffHandler.Times(
                        idle,
                        settings.sniff().serverFirst().toNanos(),
                        settings.sniff().timeout().toNanos()),
                common.verdicts,
                new RelayHandler.Times(
                        idle,
                        settings.upstream().halfClosedTimeout().toNanos(),
                        settings.limits().requestTimeout().toNanos()),
                common.relayed));
    }

    /** Unless it is written down: half of what the JVM may use outside its heap, for a read is held too. */
    private long relayMemory() {
        long written = settings.limits().relayMemory();
        return written > 0 ? written : PlatformDependent.maxDirectMemory() / 2;
    }

    private Optional<ListenerTls> tls(ListenSettings listener) throws IOException {
        if (listener.tls().isEmpty()) {
            return Optional.empty();
        }
        ListenerTls made = new ListenerTls(
                listener.tls().get(),
                listener.type() == ListenSettings.Ingress.HTTP_CONNECT,
                settings.limits().tlsHandshakeTimeout());
        certificates.put(listener.name(), made);
        return Optional.of(made);
    }

    /** What says on any listener whose request it is; it passes on none. */
    private static List<String> concentratorFields(List<ListenSettings> listeners) {
        return listeners.stream()
                .flatMap(listener -> listener.trustedHeaders().stream())
                .flatMap(ListenSettings.TrustedHeaders::names)
                .toList();
    }

    private static Sources believed(ListenSettings listener) {
        return new Sources(listener.trustedHeaders()
                .map(ListenSettings.TrustedHeaders::sources)
                .orElse(listener.trustedSources()));
    }

    private DnsNames resolver(Meters meters) {
        GatewaySettings.Dns dns = settings.dns();
        DnsNames resolver = new DnsNames(
                new DnsSettings(dns.upstreams(), dns.timeout(), dns.cacheEntries(), dns.lookups()),
                names,
                System::nanoTime);
        meters.watch("postern.dns.lookups", "Names being resolved", resolver::lookups);
        return resolver;
    }

    /** Binds all listeners; nothing is accepted yet. */
    void open() throws IOException {
        for (ListenSettings listener : settings.listeners()) {
            FlowPipeline pipeline = pipelines.get(listener.name());
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
                    .childOption(ChannelOption.RECVBUF_ALLOCATOR, reads())
                    .childHandler(pipeline)
                    .bind(address)
                    .awaitUninterruptibly();
            if (!binding.isSuccess()) {
                throw new IOException(
                        "listener " + listener.name() + ": cannot bind "
                                + address + ": "
                                + binding.cause().getMessage(),
                        binding.cause());
            }
            bound.put(listener.name(), binding.channel());
            if (listener.udp() && listener.type() == ListenSettings.Ingress.TRANSPARENT) {
                datagrams(listener, (InetSocketAddress) binding.channel().localAddress());
            }
        }
    }

    private void datagrams(ListenSettings listener, InetSocketAddress address) throws IOException {
        try {
            datagrams.open(Objects.requireNonNull(entrances.get(listener.name())), address, loops);
        } catch (IOException | LinkageError refused) {
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
        datagrams.accept();
    }

    Map<String, InetSocketAddress> addresses() {
        Map<String, InetSocketAddress> addresses = new LinkedHashMap<>();
        bound.forEach((name, channel) -> addresses.put(name, (InetSocketAddress) channel.localAddress()));
        return addresses;
    }

    /** Takes renewed certificates into use. Reads files: not for an event loop. */
    void renewCertificates() {
        certificates.forEach((name, tls) -> {
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
    }

    /** Live sessions hear nothing more of their clients. */
    void closeDatagrams() {
        datagrams.close();
    }

    void closeNames() {
        names.shutdownGracefully();
    }

    private static AdaptiveRecvByteBufAllocator reads() {
        return new AdaptiveRecvByteBufAllocator(MIN_READ, FIRST_READ, MAX_READ);
    }

    private static List<Prefix> prefixes(List<String> texts) {
        return texts.stream().map(Prefix::parse).toList();
    }
}
