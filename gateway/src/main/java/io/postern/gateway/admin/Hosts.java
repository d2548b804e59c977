package io.postern.gateway.admin;

import io.postern.config.grammar.Addresses;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a listener may be called. On loopback a browser of the same machine reaches it under any name whose address an
 * attacker chooses (DNS rebinding), so there only names that cannot be such are taken.
 */
final class Hosts {

    private final boolean loopback;
    private final List<String> names;

    Hosts(boolean loopback, List<String> names) {
        this.loopback = loopback;
        this.names = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }

    boolean takes(String host) {
        if (!loopback) {
            return true;
        }
        String name = withoutPort(host).toLowerCase(Locale.ROOT);
        if (name.equals("localhost") || names.contains(name)) {
            return true;
        }
        String literal = name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
        Optional<InetAddress> address = Addresses.address(literal);
        return address.isPresent() && address.get().isLoopbackAddress();
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }
}
