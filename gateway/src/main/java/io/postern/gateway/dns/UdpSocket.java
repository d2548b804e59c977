package io.postern.gateway.dns;

import java.net.InetSocketAddress;
import java.security.SecureRandom;

/**
 * A socket on a random port (RFC 5452 section 9.2), connected to one server, so that the system drops what others send to
 * it. For its loop.
 */
interface UdpSocket {

    /** Told on the loop. */
    interface Receiver {

        void received(byte[] message);

        /** ICMP's word that nobody listens there. */
        void unreachable();

        /** Such as a datagram that could not be sent, or a fault of ours. */
        void failed(Throwable cause);

        /** By whomever. Told once. */
        void closed();
    }

    /** What the system has no room for is lost, as on the way. */
    void send(byte[] message);

    void close();

    /** Chooses ports. */
    final class Ports {

        private static final int FIRST = 1_024;
        private static final int COUNT = 65_536 - FIRST;
        private static final SecureRandom RANDOM = new SecureRandom();
        /** Ports that are tried before the system chooses one: some are in use. */
        static final int TRIES = 8;

        private Ports() {}

        /** @param tries that have failed, {@value #TRIES} at most */
        static InetSocketAddress any(int tries) {
            return new InetSocketAddress(tries == TRIES ? 0 : FIRST + RANDOM.nextInt(COUNT));
        }
    }
}
