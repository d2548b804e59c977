package io.postern.wire.ip;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Addresses as records, logs and keys spell them: one text for one address, whatever the socket called it. */
public final class AddressText {

    private AddressText() {}

    /**
     * Dotted quad, or the form of RFC 5952 without zone id. An IPv4-mapped address is written as its IPv4: a
     * dual-stack socket shows the same peer either way, and records must not tell two.
     */
    public static String of(InetAddress address) {
        byte[] bytes = address.getAddress();
        Bits bits = Bits.of(bytes);
        if (bits.ipv4()) {
            StringBuilder text = new StringBuilder(15);
            Ipv4Text.append(text, bits.quad());
            return text.toString();
        }
        return Ipv6Text.write(bytes);
    }

    /**
     * With the port, an IPv6 address in brackets (RFC 5952 section 6).
     *
     * @throws IllegalArgumentException if the socket address is an unresolved name
     */
    public static String of(InetSocketAddress endpoint) {
        InetAddress address = endpoint.getAddress();
        if (address == null) {
            throw new IllegalArgumentException("endpoint is unresolved, must have an address");
        }
        String text = of(address);
        return text.indexOf(':') >= 0 ? "[" + text + "]:" + endpoint.getPort() : text + ":" + endpoint.getPort();
    }
}
