package io.postern.gateway;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.internal.PlatformDependent;
import io.postern.analytics.flow.AppTag;
import io.postern.config.GatewaySettings;
import io.postern.config.ListenSettings;
import io.postern.dns.memory.AnswerLog;
import io.postern.dns.resolve.HostsTable;
import io.postern.gateway.dns.DnsListeners;
import io.postern.gateway.dns.DnsParts;
import io.postern.gateway.dns.DnsWitness;
import io.postern.gateway.dns.TakenDns;
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
import io.postern.gateway.records.UrlPaths;
import io.postern.gateway.relay.RelayHandler;
import io.postern.gateway.relay.RelayMemory;
import io.postern.gateway.rules.Decision;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.sniff.SniffHandler;
import io.postern.wire.http.Forwarding;
import io.postern.wire.websocket.FrameFault;
import java.io.IOException;
import java.time.Clock;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;

/** What the flows of each listener need, put together before any of them is bound. */
final class ListenerParts {

    /**
     * Reads begin at 2 KiB, so that a short flow costs little, and grow to 256 KiB while a flow fills them: most of
     * the price of bulk is the system calls.
     */
    private static final int MIN_READ = 512;

    private static final int FIRST_READ = 2048;
    private static final int MAX_READ = 256 * 1024;

    private final GatewaySettings settings;
    private final Transports transports;
    private final Judges judges;
    private final Map<String, FlowPipeline> pipelines = new HashMap<>();
    private final Map<String, Entrance> entrances = new HashMap<>();
    private final Map<String, ChannelHandler> questions = new HashMap<>();
    private final Map<String, TakenDns> taken = new HashMap<>();
    private final Map<String, ListenerTls> certificates = new LinkedHashMap<>();
    private final DatagramPipeline datagrams;
    private final DnsListeners dns;
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
            DnsParts dns,
            Verdicts verdicts) {}

    ListenerParts(
            GatewaySettings settings,
            Transports transports,
            Flows flows,
            Judges judges,
            Verdicts verdicts,
            IdentityParts identity,
            EventLoopGroup loops,
            BiConsumer<Decision, AppTag> named,
            AnswerLog answers,
            DnsWitness asked,
            UrlPaths paths,
            Clock clock,
            Meters meters)
            throws IOException {
        this.settings = settings;
        this.transports = transports;
        this.judges = judges;
        Common common = common(verdicts, loops, named, answers, asked, paths, clock, meters);
        dns = new DnsListeners(
                common.dns,
                identity.identities(),
                common.clients,
                transports.datagrams(),
                transports.transparent().isPresent());
        datagrams = new DatagramPipeline(
                settings, transports, common.targets, verdicts, common.certificates, common.overload, meters);
        Map<ListenSettings.Ingress, Counters<ClientError>> errors = new EnumMap<>(ListenSettings.Ingress.class);
        for (ListenSettings listener : settings.listeners()) {
            if (listener.type() == ListenSettings.Ingress.DNS) {
                questions.put(listener.name(), dns.connections(listener, tls(listener)));
                continue;
            }
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
            if (listener.takesDns()) {
                TakenDns.Times times = new TakenDns.Times(
                        settings.sniff().serverFirst().toNanos(),
                        settings.sniff().timeout().toNanos());
                taken.put(listener.name(), dns.taken(listener, common.requests, times));
            }
            pipelines.put(listener.name(), pipeline(ingress, tls(listener), taken(listener), common));
        }
        certificates.forEach((name, tls) -> meters.certificate(name, () -> tls.secondsLeft(clock.instant())));
    }

    /** What answers questions that come to a listener and were meant for others. */
    Optional<TakenDns> taken(ListenSettings listener) {
        return Optional.ofNullable(taken.get(listener.name()));
    }

    private FlowPipeline pipeline(ListenSettings listener) {
        return Objects.requireNonNull(pipelines.get(listener.name()));
    }

    Entrance entrance(ListenSettings listener) {
        return Objects.requireNonNull(entrances.get(listener.name()));
    }

    /** By the names of the listeners that have one. */
    Map<String, ListenerTls> certificates() {
        return certificates;
    }

    DatagramPipeline datagrams() {
        return datagrams;
    }

    /** What connections to a listener begin with. */
    ChannelHandler connections(ListenSettings listener) {
        ChannelHandler asking = questions.get(listener.name());
        return asking != null ? asking : pipeline(listener);
    }

    DnsListeners dns() {
        return dns;
    }

    /** Nothing is resolved any more. */
    void closeNames() {
        names.shutdownGracefully();
    }

    private Common common(
            Verdicts verdicts,
            EventLoopGroup loops,
            BiConsumer<Decision, AppTag> named,
            AnswerLog answers,
            DnsWitness asked,
            UrlPaths paths,
            Clock clock,
            Meters meters)
            throws IOException {
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
        // Of its own: who fills it must not keep flows from being recognised before they are judged.
        MemoryBudget tapped = new MemoryBudget(sniff.memory() / 2, () -> overload.count(OverloadAction.STOP_WATCHING));
        meters.watch("postern.tap.held.bytes", "Bytes held of flows that are watched on", tapped::held);
        meters.watch(
                "postern.certificate.held.bytes",
                "Bytes of servers' certificates that are remembered",
                Taps::certificateBytes);
        RelayMemory relayed = new RelayMemory(relayMemory(), () -> overload.count(OverloadAction.CUT_FLOW));
        meters.watch("postern.relay.held.bytes", "Bytes that wait for ends that do not take them", relayed::held);
        Counters<FrameFault> faults = meters.websocketFaults(FrameFault.class, FrameFault::label);
        HostsTable hosts = new HostsTable(settings.upstream().hosts());
        DnsParts dnsParts = new DnsParts(
                settings.dns(),
                hosts,
                loops,
                transports.questions(),
                transports.clients(),
                names,
                judges,
                named,
                () -> overload.count(OverloadAction.REFUSE_LOOKUP),
                answers,
                asked,
                clock,
                meters);
        Targets targets = new Targets(
                judges,
                hosts,
                dnsParts.names(),
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
                new Taps(sniff.maxHelloBytes(), tapped, faults::count, certificates, paths),
                certificates,
                dnsParts,
                verdicts);
    }

    private FlowPipeline pipeline(
            IngressHandler.Shared ingress, Optional<ListenerTls> tls, Optional<TakenDns> dnsTaken, Common common) {
        long idle = settings.upstream().idleTimeout().toNanos();
        return new FlowPipeline(new FlowPipeline.Parts(
                common.clients,
                tls.map(made -> made::handler),
                dnsTaken,
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
                listener.tls().get(), protocols(listener), settings.limits().tlsHandshakeTimeout());
        certificates.put(listener.name(), made);
        return Optional.of(made);
    }

    private static List<String> protocols(ListenSettings listener) {
        if (listener.type() == ListenSettings.Ingress.HTTP_CONNECT) {
            return ListenerTls.HTTP_1_1;
        }
        return listener.dohPath().isPresent() ? ListenerTls.HTTP_2_OR_1_1 : ListenerTls.NO_ALPN;
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

    static AdaptiveRecvByteBufAllocator reads() {
        return new AdaptiveRecvByteBufAllocator(MIN_READ, FIRST_READ, MAX_READ);
    }
}
