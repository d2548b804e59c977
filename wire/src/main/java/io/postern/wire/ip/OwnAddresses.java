package io.postern.wire.ip;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Where this gateway itself listens, so that no flow is dialled back into it.
 *
 * <p>A listener on a wildcard is reached by every local address, by all of 127.0.0.0/8 and by the wildcard itself;
 * one on loopback also by the wildcard, which connects to this host. Both wildcards count for both families, as a
 * dual-stack socket makes of them.
 */
public final class OwnAddresses {

    public static final OwnAddresses NONE = new OwnAddresses(Set.of(), Set.of());

    private static final Egress REFUSED = new Egress.Refused(Egress.Refused.OWN_ADDRESS, "a listener of this gateway");

    private final Map<Integer, Set<Bits>> listeners = new HashMap<>();
    private final Set<Integer> wildcardPorts = new HashSet<>();
    private final Set<Bits> local = new HashSet<>();
    /** All of them: most destinations are on none, and need no look at the address. */
    private final BitSet ports = new BitSet();

    /**
     * @param listeners bound addresses with their real ports
     * @param local the addresses of this host's interfaces, which a wildcard listener stands for
     * @throws IllegalArgumentException if a listener is an unresolved name
     */
    public OwnAddresses(Collection<InetSocketAddress> listeners, Collection<InetAddress> local) {
        listeners.forEach(this::add);
        local.forEach(address -> this.local.add(Bits.of(address.getAddress())));
    }

    boolean listensOn(Bits address, int port) {
        if (!ports.get(port)) {
            return false;
        }
        Set<Bits> bound = listeners.get(port);
        if (bound != null && bound.contains(address)) {
            return true;
        }
        return wildcardPorts.contains(port) && (thisHost(address) || local.contains(address));
    }

    Egress refusal() {
        return REFUSED;
    }

    private void add(InetSocketAddress listener) {
        InetAddress address = listener.getAddress();
        if (address == null) {
            throw new IllegalArgumentException("listener is unresolved, must have an address");
        }
        ports.set(listener.getPort());
        if (address.isAnyLocalAddress()) {
            wildcardPorts.add(listener.getPort());
            return;
        }
        Set<Bits> bound = listeners.computeIfAbsent(listener.getPort(), port -> new HashSet<>());
        bound.add(Bits.of(address.getAddress()));
        if (address.isLoopbackAddress()) {
            bound.add(Bits.ofQuad(0));
            bound.add(new Bits(false, 0, 0));
        }
    }

    /** Loopback or unspecified, of either family. */
    private static boolean thisHost(Bits address) {
        return address.ipv4()
                ? address.quad() == 0 || address.quad() >>> 24 == 127
                : address.high() == 0 && address.low() <= 1 && address.low() >= 0;
    }
}
