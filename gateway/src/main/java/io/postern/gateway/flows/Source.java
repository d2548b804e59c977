package io.postern.gateway.flows;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * Where a client comes from, as far as that tells clients apart: an IPv4 address, or the /64 that an IPv6 host chooses
 * its addresses from as it likes (RFC 4291 section 2.5.1, RFC 8981).
 *
 * @param prefix the whole IPv4 address, or the first 64 bits of an IPv6 one
 */
public record Source(boolean six, long prefix) {

    public static Source of(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet6Address
                ? new Source(true, bytes.getLong())
                : new Source(false, Integer.toUnsignedLong(bytes.getInt()));
    }
}
