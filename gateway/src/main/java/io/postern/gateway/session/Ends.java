package io.postern.gateway.session;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * Both ends of a datagram as its header had them: what tells sessions apart. IPv4 as IPv4-mapped IPv6 (RFC 4291
 * section 2.5.5.2), so that a key is a few numbers and no address object is made for every datagram.
 */
record Ends(long clientHigh, long clientLow, int clientPort, long meantHigh, long meantLow, int meantPort) {

    private static final long MAPPED = 0xFFFF_0000_0000L;

    /** The lower half of an IPv4 address, whose upper half is zero. */
    static long mapped(int address) {
        return MAPPED | Integer.toUnsignedLong(address);
    }

    InetSocketAddress client() {
        return address(clientHigh, clientLow, clientPort);
    }

    /** Where its client sent it to. */
    InetSocketAddress meant() {
        return address(meantHigh, meantLow, meantPort);
    }

    private static InetSocketAddress address(long high, long low, int port) {
        // Java makes an IPv4 address of a mapped one.
        byte[] octets = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
        try {
            return new InetSocketAddress(InetAddress.getByAddress(octets), port);
        } catch (UnknownHostException impossible) {
            throw new AssertionError("an address has 16 bytes", impossible);
        }
    }
}
