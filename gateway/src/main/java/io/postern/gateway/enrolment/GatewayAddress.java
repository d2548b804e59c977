package io.postern.gateway.enrolment;

import io.postern.config.GatewaySettings;
import io.postern.config.ListenSettings;
import io.postern.config.ListenSettings.Ingress;
import io.postern.config.grammar.Addresses;
import io.postern.config.grammar.HostPort;
import io.postern.dns.names.DomainPattern;
import io.postern.dns.names.DomainPattern.Reach;
import java.util.Arrays;
import java.util.Optional;

/**
 * Where clients reach the gateway.
 *
 * @param host a name or an address, IPv6 without brackets
 * @param schemed whether it was said what is spoken there, rather than found in the settings
 * @param guessed whether neither says it
 * @param datagrams whether the listener of that port carries them
 * @param dohPath where the listener of that port is asked for names
 */
public record GatewayAddress(
        String host, int port, Way way, boolean schemed, boolean guessed, boolean datagrams, Optional<String> dohPath) {

    /** What is spoken there. */
    public enum Way {
        HTTP("http://"),
        HTTPS("https://"),
        SOCKS5("socks5://"),
        SOCKS5_TLS("socks5+tls://");

        private final String scheme;

        Way(String scheme) {
            this.scheme = scheme;
        }
    }

    /**
     * Reads {@code [https://|http://|socks5://|socks5+tls://]HOST:PORT[/]}. Without a scheme the listener of that port in the settings
     * decides.
     */
    public static Optional<GatewayAddress> parse(String text, Optional<GatewaySettings> settings) {
        Optional<Way> said = Arrays.stream(Way.values())
                .filter(way -> text.startsWith(way.scheme))
                .findFirst();
        String rest = said.map(way -> text.substring(way.scheme.length())).orElse(text);
        HostPort parts =
                HostPort.split(said.isPresent() && rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest);
        Optional<Integer> port = parts.port().flatMap(Addresses::port).filter(number -> number > 0);
        return port.filter(number -> isHost(parts.host())).map(number -> {
            Optional<Way> known = said.or(() -> settings.flatMap(each -> listening(each, number)));
            Optional<ListenSettings> listener = settings.flatMap(each -> listener(each, number));
            return new GatewayAddress(
                    parts.host(),
                    number,
                    known.orElse(Way.HTTP),
                    said.isPresent(),
                    known.isEmpty(),
                    listener.filter(ListenSettings::udp).isPresent(),
                    listener.flatMap(ListenSettings::dohPath));
        });
    }

    private static boolean isHost(String host) {
        return Addresses.address(host).isPresent()
                || DomainPattern.parse(host)
                        .filter(pattern -> pattern.reach() == Reach.EXACT)
                        .isPresent();
    }

    private static Optional<Way> listening(GatewaySettings settings, int port) {
        return listener(settings, port)
                .map(listener ->
                        way(listener.type() == Ingress.SOCKS5, listener.tls().isPresent()));
    }

    private static Optional<ListenSettings> listener(GatewaySettings settings, int port) {
        return settings.listeners().stream()
                .filter(listener -> listener.bind().port() == port)
                .findFirst();
    }

    private static Way way(boolean socks, boolean tls) {
        if (socks) {
            return tls ? Way.SOCKS5_TLS : Way.SOCKS5;
        }
        return tls ? Way.HTTPS : Way.HTTP;
    }

    boolean tls() {
        return way == Way.HTTPS || way == Way.SOCKS5_TLS;
    }

    /** Whether a client there can send datagrams: by SOCKS5, and past no TLS. */
    boolean carriesDatagrams() {
        return way == Way.SOCKS5 && datagrams;
    }

    boolean socks() {
        return way == Way.SOCKS5 || way == Way.SOCKS5_TLS;
    }

    /** As curl reads it: by the {@code h} names are resolved at the gateway, where policy sees them. */
    String url() {
        return (socks() ? "socks5h://" : way.scheme) + authority();
    }

    /** {@code host:port}, IPv6 in brackets. */
    String authority() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
