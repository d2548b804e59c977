package io.postern.dns.resolve;

import io.postern.dns.forward.Server;
import io.postern.dns.forward.Server.Carriage;
import io.postern.wire.ip.AddressText;
import io.postern.wire.ip.HostText;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A server as an operator writes it:
 *
 * <pre>
 * 192.0.2.53   192.0.2.53:5353   [2001:db8::53]:5353       by UDP and TCP
 * tls://dns.acme.example         tls://192.0.2.53:8853     RFC 7858, port 853
 * https://dns.acme.example/dns-query                       RFC 8484, port 443
 * </pre>
 *
 * @param path of HTTPS only
 */
public record UpstreamText(Carriage carriage, HostText host, int port, String path) {

    private static final String TLS = "tls://";
    private static final String HTTPS = "https://";
    private static final int LONGEST_PATH = 256;

    /** Empty when it is none of these; a path is of letters, digits and {@code / . _ ~ -}. */
    public static Optional<UpstreamText> parse(String text) {
        if (text.startsWith(TLS)) {
            return of(Carriage.TLS, text.substring(TLS.length()), 853, "");
        }
        if (text.startsWith(HTTPS)) {
            String rest = text.substring(HTTPS.length());
            int slash = rest.indexOf('/');
            return slash < 0 || !path(rest.substring(slash))
                    ? Optional.empty()
                    : of(Carriage.HTTPS, rest.substring(0, slash), 443, rest.substring(slash));
        }
        return Endpoint.parse(text)
                .map(endpoint -> new UpstreamText(
                        Carriage.PLAIN,
                        new HostText.Literal(endpoint.address()),
                        endpoint.port().orElse(53),
                        ""));
    }

    private static Optional<UpstreamText> of(Carriage carriage, String authority, int usual, String path) {
        int colon = authority.endsWith("]") ? -1 : authority.lastIndexOf(':');
        OptionalInt port = colon < 0 ? OptionalInt.of(usual) : Endpoint.port(authority, colon + 1);
        HostText host = HostText.inAuthority(colon < 0 ? authority : authority.substring(0, colon));
        boolean good = port.isPresent() && (host instanceof HostText.Literal || host instanceof HostText.Name);
        return good ? Optional.of(new UpstreamText(carriage, host, port.getAsInt(), path)) : Optional.empty();
    }

    private static boolean path(String text) {
        return text.length() <= LONGEST_PATH
                && text.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z')
                                || (c >= '0' && c <= '9')
                                || "/._~-".indexOf(c) >= 0);
    }

    /** Its name; empty of one that is written as an address. */
    public Optional<String> name() {
        return host instanceof HostText.Name named ? Optional.of(named.name()) : Optional.empty();
    }

    /** Where it is: its own address, or those that its name has there. */
    List<InetAddress> addresses(Map<String, List<InetAddress>> bootstrap) {
        return host instanceof HostText.Literal literal
                ? List.of(literal.address())
                : bootstrap.getOrDefault(name().orElseThrow(), List.of());
    }

    Server at(InetAddress address) {
        InetSocketAddress socket = new InetSocketAddress(address, port);
        return carriage == Carriage.PLAIN
                ? Server.plain(socket)
                : new Server(socket, carriage, name().orElse(AddressText.of(address)), path);
    }
}
