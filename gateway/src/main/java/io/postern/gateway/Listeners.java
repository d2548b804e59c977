package io.postern.gateway;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.postern.config.GatewaySettings;
import io.postern.config.ListenSettings;
import io.postern.dns.resolve.DnsNames;
import io.postern.dns.resolve.DnsSettings;
import io.postern.dns.resolve.HostsTable;
import io.postern.gateway.flows.Flows;
import io.postern.gateway.identity.Identities;
import io.postern.gateway.identity.TagWatch;
import io.postern.gateway.ingress.ClientError;
import io.postern.gateway.ingress.Clients;
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
import io.postern.gateway.relay.RelayHandler;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.sniff.SniffBudget;
import io.postern.gateway.sniff.SniffHandler;
import io.postern.gateway.sniff.Sniffers;
import io.postern.gateway.sniff.Taps;
import io.postern.wire.http.Forwarding;
import io.postern.wire.ip.EgressRanges;
import io.postern.wire.ip.OwnAddresses;
import io.postern.wire.ip.Prefix;
import io.postern.wire.websocket.FrameFault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
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
    private final Map<String, ListenerTls> certificates = new HashMap<>();
    private final Map<String, Channel> bound = new LinkedHashMap<>();
    private final DefaultEventLoop names = new DefaultEventLoop(new DefaultThreadFactory("names", true));

    Listeners(
            GatewaySettings settings,
            Transports transports,
            EventLoopGroup loops,
            Flows flows,
            Judges judges,
            Verdicts verdicts,
            Identities identities,
            TagWatch watch,
            Meters meters)
            throws IOException {
        this.settings = settings;
        this.transports = transports;
        this.loops = loops;
        this.judges = judges;
        Targets targets = new Targets(
                judges, new HostsTable(settings.upstream().hosts()), resolver(settings, names, meters), meters);
        Clients clients =
                new Clients(settings.limits().flows(), settings.limits().clientsPerSource());
        meters.watch("postern.client.connections", "Connections clients hold", clients::total);
        Forwarding forwarding = new Forwarding(
                "postern-" + Long.toHexString(ThreadLocalRandom.current().nextLong()),
                concentratorFields(settings.listeners()));
        Counters<OverloadAction> overload = meters.overload(OverloadAction.class, OverloadAction::label);
        Map<ListenSettings.Ingress, Counters<ClientError>> errors = new HashMap<>();
        SniffBudget budget = new SniffBudget(settings.sniff().memory());
        meters.watch("postern.sniff.held.bytes", "Bytes of flows nobody has recognised yet", budget::held);
        Counters<FrameFault> faults = meters.websocketFaults(FrameFault.class, FrameFault::label);
        Taps taps = new Taps(settings.sniff().maxHelloBytes(), budget, faults::count);
        for (ListenSettings listener : settings.listeners()) {
            Optional<ListenerTls> tls = Optional.empty();
            if (listener.tls().isPresent()) {
                ListenerTls made = new ListenerTls(
                        listener.tls().get(),
                        listener.type() == ListenSettings.Ingress.HTTP_CONNECT,
                        settings.limits().tlsHandshakeTimeout());
                certificates.put(listener.name(), made);
                tls = Optional.of(made);
            }
            Counters<ClientError> clientErrors = errors.computeIfAbsent(
                    listener.type(), type -> meters.clientErrors(type, ClientError.class, ClientError::label));
            IngressHandler.Shared ingress = new IngressHandler.Shared(
                    listener,
                    flows,
                    identities,
                    watch,
                    forwarding,
                    new IngressEvents(clientErrors::count, overload::count),
                    believed(listener),
                    settings.limits().requestTimeout().toNanos());
            pipelines.put(
                    listener.name(),
                    new FlowPipeline(new FlowPipeline.Parts(
                            clients,
                            tls.map(made -> made::handler),
                            ingress,
                            targets,
                            new Dialer(transports.clients(), reads()),
                            settings.upstream().connectTimeout().toNanos(),
                            new Sniffers(
                                    settings.sniff().maxHelloBytes(),
                                    settings.sniff().maxBytes()),
                            taps,
                            budget,
                            new SniffHandler.Times(
                                    settings.upstream().idleTimeout().toNanos(),
                                    settings.sniff().serverFirst().toNanos(),
                                    settings.sniff().timeout().toNanos()),
                            verdicts,
                            new RelayHandler.Times(
                                    settings.upstream().idleTimeout().toNanos(),
                                    settings.upstream().halfClosedTimeout().toNanos(),
                                    settings.limits().requestTimeout().toNanos()))));
        }
    }

    /** What says on any listener whose request it is; it passes on none. */
    private static List<String> concentratorFields(List<ListenSettings> listeners) {
        return listeners.stream()
                .flatMap(listener -> listener.trustedHeaders().stream())
                .flatMap(headers -> Stream.of(Optional.of(headers.device()), headers.pkg(), headers.profile()))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Sources believed(ListenSettings listener) {
        return new Sources(listener.trustedHeaders()
                .map(ListenSettings.TrustedHeaders::sources)
                .orElse(listener.trustedSources()));
    }

    private static DnsNames resolver(GatewaySettings settings, DefaultEventLoop loop, Meters meters) {
        DnsSettings dns = new DnsSettings(
                settings.dns().upstreams(),
                settings.dns().timeout(),
                settings.dns().cacheEntries(),
                DnsSettings.DEFAULTS.lookups());
        DnsNames names = new DnsNames(dns, loop, System::nanoTime);
        meters.watch("postern.dns.lookups", "Names being resolved", names::lookups);
        return names;
    }

    /** Binds all listeners; nothing is accepted yet. */
    void open() throws IOException {
        for (ListenSettings listener : settings.listeners()) {
            FlowPipeline pipeline = pipelines.get(listener.name());
            InetSocketAddress address = listener.bind().socketAddress();
            ChannelFuture binding = new ServerBootstrap()
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
        }
    }

    /** Refuses flows that would come back to this gateway, now that its addresses are known. */
    void protect(InetSocketAddress admin) throws IOException {
        List<InetSocketAddress> own = new ArrayList<>(addresses().values());
        own.add(admin);
        List<InetAddress> local = new ArrayList<>();
        for (NetworkInterface some : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            local.addAll(Collections.list(some.getInetAddresses()));
        }
        judges.protect(new EgressRanges(
                prefixes(settings.upstream().allowNetworks()),
                prefixes(settings.upstream().denyNetworks()),
                new OwnAddresses(own, local)));
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
            } catch (IOException e) {
                LOG.warn("certificate not renewed listener={}: {}", name, e.getMessage());
            }
        });
    }

    void close() {
        bound.values().forEach(channel -> channel.close().awaitUninterruptibly());
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
