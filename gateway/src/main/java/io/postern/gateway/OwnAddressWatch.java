package io.postern.gateway;

import io.postern.gateway.rules.Judges;
import io.postern.wire.ip.EgressRanges;
import io.postern.wire.ip.OwnAddresses;
import io.postern.wire.ip.Prefix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps flows from coming back to this gateway while its host's addresses come and go: DHCP, IPv6 privacy, a tunnel that
 * is set up later. Looks every second, on the offload thread; an address is open for so long at most.
 */
final class OwnAddressWatch {

    /** The addresses of this host's interfaces. */
    interface Local {
        Set<InetAddress> addresses() throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(OwnAddressWatch.class);

    private final List<Prefix> allowed;
    private final List<Prefix> denied;
    private final List<InetSocketAddress> listeners;
    private final Judges judges;
    private final Local local;
    private Set<InetAddress> known;
    private String told = "";

    /**
     * Protects them from now on.
     *
     * @param listeners as they are bound
     * @throws IOException when the host's addresses cannot be had
     */
    OwnAddressWatch(
            List<Prefix> allowed, List<Prefix> denied, List<InetSocketAddress> listeners, Judges judges, Local local)
            throws IOException {
        this.allowed = List.copyOf(allowed);
        this.denied = List.copyOf(denied);
        this.listeners = List.copyOf(listeners);
        this.judges = judges;
        this.local = local;
        this.known = local.addresses();
        protect();
    }

    /** Those of the host this runs on. */
    static Set<InetAddress> ofThisHost() throws IOException {
        Set<InetAddress> all = new HashSet<>();
        for (NetworkInterface some : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            all.addAll(Collections.list(some.getInetAddresses()));
        }
        return all;
    }

    void look() {
        try {
            Set<InetAddress> now = local.addresses();
            told = "";
            if (!now.equals(known)) {
                known = now;
                protect();
                LOG.info("this host's addresses have changed, protecting {}", now.size());
            }
        } catch (IOException e) {
            // The same is told once, however often it is seen.
            if (!e.toString().equals(told)) {
                told = e.toString();
                LOG.warn("this host's addresses cannot be had, those known are protected: {}", told);
            }
        }
    }

    private void protect() {
        judges.protect(new EgressRanges(allowed, denied, new OwnAddresses(listeners, known)));
    }
}
