package io.postern.gateway.flows;

import io.postern.wire.ip.HostText;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Where a client asked to be connected to, before anything is resolved.
 *
 * @param host a canonical name or an address, never refused text
 */
public record Destination(HostText host, int port) {

    /** The name asked for; empty when an address was. */
    public Optional<String> name() {
        return host instanceof HostText.Name name ? Optional.of(name.name()) : Optional.empty();
    }

    /** The address asked for; empty when a name was. */
    public Optional<InetAddress> address() {
        return host instanceof HostText.Literal literal ? Optional.of(literal.address()) : Optional.empty();
    }
}
