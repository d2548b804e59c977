package io.postern.dns.resolve;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * In which order are a host's addresses tried? IPv6 first, then the families in turn, each in the order given
 * (RFC 8305 section 4 with a first family count of 1), so that one broken family costs at most one attempt.
 */
public final class DialOrder {

    private DialOrder() {}

    /** Each address once; nothing is left out. */
    public static List<InetAddress> of(List<InetAddress> addresses) {
        Iterator<InetAddress> ipv6 = family(addresses, true);
        Iterator<InetAddress> ipv4 = family(addresses, false);
        List<InetAddress> order = new ArrayList<>(addresses.size());
        while (ipv6.hasNext() || ipv4.hasNext()) {
            if (ipv6.hasNext()) {
                order.add(ipv6.next());
            }
            if (ipv4.hasNext()) {
                order.add(ipv4.next());
            }
        }
        return List.copyOf(order);
    }

    private static Iterator<InetAddress> family(List<InetAddress> addresses, boolean ipv6) {
        return addresses.stream()
                .distinct()
                .filter(address -> address instanceof Inet6Address == ipv6)
                .iterator();
    }
}
