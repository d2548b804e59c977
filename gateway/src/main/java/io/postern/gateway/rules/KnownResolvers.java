package io.postern.gateway.rules;

import static java.util.stream.Collectors.toUnmodifiableSet;

import io.postern.config.GatewaySettings;
import io.postern.dns.forward.Server;
import io.postern.dns.resolve.HostsTable;
import io.postern.wire.ip.HostText;
import java.net.InetAddress;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The DNS servers that the operator knows, by the address that devices ask for: those of {@code dns.upstreams} and of
 * {@code response.quarantine.resolvers}, and those that {@code upstream.hosts} leads elsewhere. Any other may be anybody's, and
 * what it is asked may be told to them.
 */
public final class KnownResolvers implements Predicate<InetAddress> {

    private static final int PORT = 53;

    private final Set<InetAddress> known;
    private final HostsTable hosts;

    private KnownResolvers(Set<InetAddress> known, HostsTable hosts) {
        this.known = known;
        this.hosts = hosts;
    }

    /** Reads the system's configuration, so it may block: for the start. */
    public static KnownResolvers in(GatewaySettings settings) {
        return new KnownResolvers(
                Stream.concat(
                                settings.dns().names().servers().stream()
                                        .map(Server::address)
                                        .flatMap(server -> Stream.ofNullable(server.getAddress())),
                                settings.response().quarantine().resolvers().stream())
                        .collect(toUnmodifiableSet()),
                new HostsTable(settings.upstream().hosts()));
    }

    @Override
    public boolean test(InetAddress server) {
        return known.contains(server)
                || !hosts.lookup(new HostText.Literal(server), PORT).isEmpty();
    }
}
