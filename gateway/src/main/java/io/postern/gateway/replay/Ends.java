package io.postern.gateway.replay;

import io.postern.wire.packet.Packet;
import java.net.InetSocketAddress;

/**
 * Which two ends a flow is between, and which of them began it.
 *
 * @param tcp else UDP
 */
record Ends(boolean tcp, End client, End server) {

    /** An address as {@link Packet} has it, and a port. */
    record End(long high, long low, int port) {

        boolean sent(Packet packet) {
            return packet.sourcePort() == port && packet.sourceLow() == low && packet.sourceHigh() == high;
        }

        boolean gets(Packet packet) {
            return packet.destinationPort() == port
                    && packet.destinationLow() == low
                    && packet.destinationHigh() == high;
        }

        InetSocketAddress socket() {
            return new InetSocketAddress(Packet.address(high, low), port);
        }
    }

    /** Of a flow whose client sent this. */
    static Ends from(Packet packet) {
        return new Ends(
                packet.tcp(),
                new End(packet.sourceHigh(), packet.sourceLow(), packet.sourcePort()),
                new End(packet.destinationHigh(), packet.destinationLow(), packet.destinationPort()));
    }

    /** The same, the other way round. */
    Ends turned() {
        return new Ends(tcp, /* client= */ server, /* server= */ client);
    }

    boolean sentByClient(Packet packet) {
        return client.sent(packet) && server.gets(packet) && packet.tcp() == tcp;
    }

    boolean sentByServer(Packet packet) {
        return server.sent(packet) && client.gets(packet) && packet.tcp() == tcp;
    }
}
