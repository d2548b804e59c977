package io.postern.dns.resolve;

import io.postern.wire.ip.AddressText;
import io.postern.wire.ip.HostText;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Hosts whose addresses the operator has written down, asked before DNS: split DNS, and tests.
 *
 * <p>Keys are {@code host} or {@code host:port}, the latter winning; a host is a name, or an address to be dialled
 * elsewhere (IPv6 in brackets when a port follows). Values are addresses with or without a port. Only what is dialled
 * changes: judged are the address found here and the port the client asked for. Immutable.
 */
public final class HostsTable {

    public static final HostsTable EMPTY = new HostsTable(Map.of());

    private final Map<Key, List<Endpoint>> hosts = new HashMap<>();

    /**
     * Reads the setting {@code upstream.hosts}.
     *
     * @throws IllegalArgumentException names the first key or value that is not one, and what it must be; two keys
     *     that mean the same host are refused too
     */
    public HostsTable(Map<String, List<String>> hosts) {
        hosts.forEach((host, targets) -> {
            if (this.hosts.put(Key.parse(host), endpoints(host, targets)) != null) {
                throw new IllegalArgumentException("'" + host + "' is there twice, must be written once");
            }
        });
    }

    /** Where to dial, in the order written; empty: not listed, ask DNS or dial the literal. */
    public List<InetSocketAddress> lookup(HostText.Name name, int port) {
        return lookup(name.name(), port);
    }

    /** The same for an address. */
    public List<InetSocketAddress> lookup(HostText.Literal literal, int port) {
        return hosts.isEmpty() ? List.of() : lookup(AddressText.of(literal.address()), port);
    }

    private List<InetSocketAddress> lookup(String host, int port) {
        List<Endpoint> exact = hosts.get(new Key(host, OptionalInt.of(port)));
        List<Endpoint> found =
                exact != null ? exact : hosts.getOrDefault(new Key(host, OptionalInt.empty()), List.of());
        return found.stream().map(endpoint -> endpoint.orPort(port)).toList();
    }

    /**
     * What somebody is told who asks for a name that is listed for every port; absent where it is not. An address with a port
     * of its own cannot be told, so it is for flows alone.
     *
     * @param name lower case, no trailing dot
     */
    public Optional<List<InetAddress>> addresses(String name) {
        if (hosts.isEmpty()) {
            return Optional.empty();
        }
        List<InetAddress> told = hosts.getOrDefault(new Key(name, OptionalInt.empty()), List.of()).stream()
                .filter(endpoint -> endpoint.port().isEmpty())
                .map(Endpoint::address)
                .toList();
        return told.isEmpty() ? Optional.empty() : Optional.of(told);
    }

    private static List<Endpoint> endpoints(String host, List<String> targets) {
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("'" + host + "' has no address, must have at least one");
        }
        return targets.stream().map(target -> endpoint(host, target)).toList();
    }

    private static Endpoint endpoint(String host, String target) {
        return Endpoint.parse(target)
                .orElseThrow(() -> new IllegalArgumentException("'" + host + "' has '" + target
                        + "', must be an IP address or ADDRESS:PORT, IPv6 in brackets before a port"));
    }

    private record Key(String host, OptionalInt port) {

        static Key parse(String text) {
            if (HostText.of(text) instanceof HostText.Literal bare) {
                return new Key(AddressText.of(bare.address()), OptionalInt.empty());
            }
            int colon = text.endsWith("]") ? -1 : text.lastIndexOf(':');
            OptionalInt port = colon < 0 ? OptionalInt.empty() : Endpoint.port(text, colon + 1);
            HostText host = HostText.inAuthority(colon < 0 ? text : text.substring(0, colon));
            if (host instanceof HostText.Refused refused) {
                throw new IllegalArgumentException("'" + text + "' is not a host: " + refused.rule());
            }
            if (colon >= 0 && port.isEmpty()) {
                throw new IllegalArgumentException("'" + text + "' has no port from 1 to 65535 after the colon");
            }
            return host instanceof HostText.Name name
                    ? new Key(name.name(), port)
                    : new Key(AddressText.of(((HostText.Literal) host).address()), port);
        }
    }
}
