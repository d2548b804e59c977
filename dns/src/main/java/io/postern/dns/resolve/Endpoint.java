package io.postern.dns.resolve;

import io.postern.wire.ip.HostText;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.OptionalInt;

/** An address and perhaps a port, as an operator writes them: {@code 192.0.2.1:53}, {@code [2001:db8::1]:53}. */
record Endpoint(InetAddress address, OptionalInt port) {

    /** Reads an address with or without port; an IPv6 address with a port needs brackets. */
    static Optional<Endpoint> parse(String text) {
        if (HostText.of(text) instanceof HostText.Literal bare) {
            return Optional.of(new Endpoint(bare.address(), OptionalInt.empty()));
        }
        if (HostText.inAuthority(text) instanceof HostText.Literal bracketed) {
            return Optional.of(new Endpoint(bracketed.address(), OptionalInt.empty()));
        }
        int colon = text.lastIndexOf(':');
        OptionalInt port = port(text, colon + 1);
        if (colon < 0 || port.isEmpty()) {
            return Optional.empty();
        }
        return HostText.inAuthority(text.substring(0, colon)) instanceof HostText.Literal host
                ? Optional.of(new Endpoint(host.address(), port))
                : Optional.empty();
    }

    /** A port from there to the end of the text: one to five digits, 1 to 65535. */
    static OptionalInt port(String text, int from) {
        int digits = text.length() - from;
        if (digits < 1 || digits > 5 || !text.substring(from).chars().allMatch(c -> c >= '0' && c <= '9')) {
            return OptionalInt.empty();
        }
        int port = Integer.parseInt(text.substring(from));
        return port >= 1 && port <= 65_535 ? OptionalInt.of(port) : OptionalInt.empty();
    }

    InetSocketAddress orPort(int other) {
        return new InetSocketAddress(address, port.orElse(other));
    }
}
