package io.postern.wire.socks;

import io.postern.wire.ByteCursor;
import io.postern.wire.ip.HostText;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** An address as RFC 1928 section 5 writes it: a type, then 4 octets, 16 octets, or a name behind its length. */
final class SocksAddress {

    static final int NAME = 3;

    private static final int IPV4 = 1;
    private static final int IPV6 = 4;

    private SocksAddress() {}

    /**
     * Bytes of the address, its own length included; 0 for a type that is not known.
     *
     * @param first byte of the address
     */
    static int length(int type, int first) {
        return switch (type) {
            case IPV4 -> 4;
            case NAME -> 1 + first;
            case IPV6 -> 16;
            default -> 0;
        };
    }

    /** @param address all of it and nothing else */
    static HostText host(ByteCursor address, int type) {
        if (type == NAME) {
            return HostText.of(address.vector8().latin1());
        }
        byte[] octets = new byte[address.remaining()];
        for (int i = 0; i < octets.length; i++) {
            octets[i] = (byte) address.u8();
        }
        try {
            return new HostText.Literal(InetAddress.getByAddress(octets));
        } catch (UnknownHostException impossible) {
            throw new AssertionError("an address has 4 or 16 bytes", impossible);
        }
    }
}
