package io.postern.gateway.cli;

import io.postern.config.GatewaySettings;
import io.postern.config.grammar.Addresses;
import io.postern.config.grammar.HostPort;
import io.postern.dns.names.DomainPattern;
import io.postern.dns.names.DomainPattern.Reach;
import java.util.Optional;

/**
 * Where clients reach the gateway.
 *
 * @param host a name or an address, IPv6 without brackets
 */
record GatewayAddress(String host, int port, boolean tls) {

    private static final String TLS = "https://";
    private static final String PLAIN = "http://";

    /**
     * Reads {@code [https://|http://]HOST:PORT[/]}. Without a scheme there is TLS when the settings have a listener with
     * TLS on that port.
     */
    static Optional<GatewayAddress> parse(String text, Optional<GatewaySettings> settings) {
        boolean scheme = text.startsWith(TLS) || text.startsWith(PLAIN);
        String rest = scheme ? text.substring(text.indexOf("//") + 2) : text;
        HostPort parts = HostPort.split(scheme && rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest);
        Optional<Integer> port = parts.port().flatMap(Addresses::port).filter(number -> number > 0);
        return port.filter(number -> isHost(parts.host()))
                .map(number -> new GatewayAddress(
                        parts.host(),
                        number,
                        scheme
                                ? text.startsWith(TLS)
                                : settings.filter(each -> hasTls(each, number)).isPresent()));
    }

    private static boolean isHost(String host) {
        return Addresses.address(host).isPresent()
                || DomainPattern.parse(host)
                        .filter(pattern -> pattern.reach() == Reach.EXACT)
                        .isPresent();
    }

    private static boolean hasTls(GatewaySettings settings, int port) {
        return settings.listeners().stream()
                .anyMatch(listener ->
                        listener.bind().port() == port && listener.tls().isPresent());
    }

    String url() {
        return (tls ? TLS : PLAIN) + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
