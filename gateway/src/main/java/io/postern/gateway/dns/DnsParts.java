package io.postern.gateway.dns;

import io.netty.channel.EventLoopGroup;
import io.postern.analytics.flow.AppTag;
import io.postern.config.GatewaySettings;
import io.postern.dns.forward.Resolver;
import io.postern.dns.forward.Server;
import io.postern.dns.forward.Servers;
import io.postern.dns.limit.ResponseRate;
import io.postern.dns.memory.AnswerLog;
import io.postern.dns.resolve.DnsNames;
import io.postern.dns.resolve.DnsSettings;
import io.postern.dns.resolve.HostsTable;
import io.postern.gateway.dns.secure.SecureServers;
import io.postern.gateway.flows.Shares;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.open.Dialer;
import io.postern.gateway.rules.Decision;
import io.postern.gateway.rules.Judges;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiConsumer;

/** One resolver for the gateway's flows and for what devices ask, put together from the settings. */
public final class DnsParts {

    private final DnsNames names;
    private final DnsDesk.Shared shared;

    /**
     * Reads the system's servers if they are to be asked, so it may block: for the start.
     *
     * @param hosts answered as written down
     * @param timers runs callbacks and deadlines
     * @param watched told of each decision about a name
     * @param crowded told of each question that is refused because too many wait
     * @param answers told of the addresses that devices were answered with
     * @param witness told of every question that was answered
     * @throws IOException when the certificates that are trusted of servers cannot be read
     */
    public DnsParts(
            GatewaySettings.Dns settings,
            HostsTable hosts,
            EventLoopGroup loops,
            UdpSockets datagrams,
            Dialer.Sockets streams,
            ScheduledExecutorService timers,
            Judges judges,
            BiConsumer<Decision, AppTag> watched,
            Runnable crowded,
            AnswerLog answers,
            DnsWitness witness,
            Clock clock,
            Meters meters)
            throws IOException {
        DnsSettings names = settings.names();
        List<Server> all = names.servers();
        SecureServers secure = new SecureServers(streams, settings.caFile(), all);
        Servers servers = new Servers(all, names.patience(), System::nanoTime);
        UpstreamSockets sockets = new UpstreamSockets(
                loops,
                datagrams,
                streams,
                secure,
                meters.count(
                        "postern.dns.sockets.spoilt",
                        "Sockets closed because something came that nobody had asked for"));
        Resolvers resolvers = Resolvers.of(settings, servers, sockets, timers, clock, meters);
        Resolver resolver = resolvers.asked();
        DnsPolicy policy = new DnsPolicy(settings, hosts, judges, watched, clock);
        this.names = new DnsNames(names, policy.local(), resolver, timers, System::nanoTime);
        meters.watch("postern.dns.lookups", "Names being resolved", this.names::lookups);
        meters.watch("postern.dns.questions", "Questions to servers under way", resolvers::underWay);
        meters.watch("postern.dns.cache.bytes", "Bytes of answers that are remembered", resolvers::rememberedBytes);
        meters.watch("postern.dns.servers.silent", "Servers that are left alone for now", servers::silent);
        meters.watch("postern.dns.sockets", "Sockets for datagrams to servers", sockets::open);
        meters.watch("postern.dns.connections", "Connections to servers inside TLS", secure::open);
        meters.dnsHedged(servers::hedged);
        meters.table("dns-cache", resolvers::remembered, resolvers::evicted);
        shared = new DnsDesk.Shared(
                resolver,
                policy,
                new ResponseRate(settings.queriesPerSecond(), new SecureRandom().nextInt()),
                new ResponseRate(settings.queriesPerSecond(), new SecureRandom().nextInt()),
                new Shares<>(settings.lookupsPerDevice()),
                crowded,
                answers,
                witness,
                meters.dnsQueries(DnsTransport.class, DnsTransport::label, DnsCode.class, DnsCode::label)::count,
                meters.dnsDropped(DnsDrop.class, DnsDrop::label),
                meters.dnsTaken(DnsTransport.class, DnsTransport::label));
    }

    /** For the gateway's own flows. */
    public DnsNames names() {
        return names;
    }

    DnsDesk.Shared shared() {
        return shared;
    }
}
