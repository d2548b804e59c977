package io.postern.gateway.owners;

import io.postern.gateway.records.Transport;
import java.net.InetAddress;
import java.util.List;
import java.util.OptionalInt;

/**
 * Which app has a connection of a device, as {@code flow.owner} says it.
 *
 * @param timeMillis when the connection began, by the device
 * @param localPort the device's end of it, where that is known
 * @param packages of the UID that has it, one at least; several share one
 */
public record OwnerReport(
        Source source,
        String device,
        String profile,
        long timeMillis,
        Transport transport,
        OptionalInt localPort,
        InetAddress remote,
        int remotePort,
        List<String> packages) {

    /** Who says so. */
    public enum Source {
        /** Android itself: a CONNECT event of its network log. */
        OS,
        /** Something on the device that sees its connections. */
        AGENT;

        public String label() {
            return this == OS ? "os" : "agent";
        }
    }

    /** The same, of a connection that began then at the latest. */
    OwnerReport notAfter(long atMillis) {
        return timeMillis <= atMillis
                ? this
                : new OwnerReport(
                        source, device, profile, atMillis, transport, localPort, remote, remotePort, packages);
    }

    public OwnerReport {
        packages = List.copyOf(packages);
        if (packages.isEmpty()) {
            throw new IllegalArgumentException("packages are none, must be one at least");
        }
    }
}
