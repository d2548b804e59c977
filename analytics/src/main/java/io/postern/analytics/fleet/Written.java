package io.postern.analytics.fleet;

import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.Protocol;
import java.util.Map;
import java.util.Set;

/**
 * What an administrator has written of an app by the documents that came with it, and has not touched since.
 *
 * @param domains names it may go to, and those below them
 * @param serviceClasses it may use beside; none: nothing is said
 * @param ports of each protocol of which the documents say any
 * @param uplinkLimit bytes a day to one destination; 0: nothing is said
 */
record Written(Set<String> domains, Set<String> serviceClasses, Map<Protocol, Set<Integer>> ports, long uplinkLimit) {

    /** Of which nothing is written. */
    static final Written NOTHING = new Written(Set.of(), Set.of(), Map.of(), 0);

    Written {
        domains = Set.copyOf(domains);
        serviceClasses = Set.copyOf(serviceClasses);
        ports = Map.copyOf(ports);
    }

    boolean goesTo(Destination to) {
        String name = to.host();
        int dot = 0;
        while (dot >= 0 && !domains.contains(name)) {
            dot = name.indexOf('.');
            name = name.substring(dot + 1);
        }
        return domains.contains(name);
    }

    boolean uses(Protocol protocol, int port) {
        return ports.getOrDefault(protocol, Set.of()).contains(port);
    }
}
