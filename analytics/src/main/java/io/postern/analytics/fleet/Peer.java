package io.postern.analytics.fleet;

import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.Flow.HttpShape;
import io.postern.analytics.flow.Flow.TlsShape;
import io.postern.analytics.flow.Flow.Transport;
import io.postern.analytics.flow.Protocol;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who is spoken to, and how. A peer of several hosts moves from one to the next with the versions of its app, as behind a
 * content network. Addresses are those kept for benchmarks (RFC 2544); nothing is ever dialled.
 */
final class Peer {

    /** JA4 of Android's own TLS stack as OkHttp uses it, with and without HTTP/2, and of a browser; ours, for the look. */
    static final String ANDROID = "t13d1512h2_8daaf6152771_0a9b3f1c5e7d";

    static final String ANDROID_HTTP1 = "t13d1512h1_8daaf6152771_2f6c1d8b9a04";
    static final String BROWSER = "t13d1516h2_8daaf6152771_02713d6af862";
    static final String OWN_STACK = "t12d190800_d83cc789557e_7af1ed941c26";

    private static final int ADDRESSES = 6;

    private final List<String> hosts;
    private final boolean named;
    private final int port;
    private final Transport transport;
    private final Protocol protocol;
    private final Set<String> classes;
    private final Destination[][] destinations;
    private final List<Optional<TlsShape>> tls;
    private final Optional<HttpShape> http;

    private Peer(
            List<String> hosts,
            boolean named,
            String domain,
            int port,
            Transport transport,
            Protocol protocol,
            Set<String> classes,
            String ja4,
            String alpn) {
        this.hosts = List.copyOf(hosts);
        this.named = named;
        this.port = port;
        this.transport = transport;
        this.protocol = protocol;
        this.classes = Set.copyOf(classes);
        this.destinations = new Destination[hosts.size()][ADDRESSES];
        for (int host = 0; host < hosts.size(); host++) {
            for (int i = 0; i < ADDRESSES; i++) {
                String name = hosts.get(host);
                destinations[host][i] = named
                        ? new Destination(name, domain.isEmpty() ? domain(name) : domain, address(name, i), port)
                        : new Destination("", "", name, port);
            }
        }
        this.tls = hosts.stream()
                .map(host -> ja4.isEmpty()
                        ? Optional.<TlsShape>empty()
                        : Optional.of(new TlsShape(named ? host : "", false, alpn, ja4)))
                .toList();
        this.http = protocol == Protocol.HTTP
                ? Optional.of(new HttpShape("POST", "/a/b", "Dalvik/2.1.0", "c7d1f0a2"))
                : Optional.empty();
    }

    /** HTTPS on 443. */
    static Peer https(String serviceClass, String... hosts) {
        return tls(443, serviceClass, hosts);
    }

    /** TLS on this port. */
    static Peer tls(int port, String serviceClass, String... hosts) {
        return new Peer(
                List.of(hosts), true, "", port, Transport.TCP, Protocol.TLS, Set.of(serviceClass), ANDROID, "h2");
    }

    /** HTTPS of a name whose registrable domain is not its last two labels. */
    static Peer under(String domain, String serviceClass, String host) {
        return new Peer(
                List.of(host), true, domain, 443, Transport.TCP, Protocol.TLS, Set.of(serviceClass), ANDROID, "h2");
    }

    static Peer browser(String serviceClass, String... hosts) {
        return new Peer(
                List.of(hosts), true, "", 443, Transport.TCP, Protocol.TLS, Set.of(serviceClass), BROWSER, "h2");
    }

    static Peer quic(String serviceClass, String... hosts) {
        return new Peer(
                List.of(hosts), true, "", 443, Transport.UDP, Protocol.QUIC, Set.of(serviceClass), BROWSER, "h3");
    }

    /** HTTP in clear. */
    static Peer http(int port, String serviceClass, String... hosts) {
        return new Peer(List.of(hosts), true, "", port, Transport.TCP, Protocol.HTTP, Set.of(serviceClass), "", "");
    }

    /** Anything else over TCP. */
    static Peer tcp(Protocol protocol, int port, String serviceClass, String... hosts) {
        boolean inTls = protocol == Protocol.IMAP || protocol == Protocol.WEBSOCKET;
        return new Peer(
                List.of(hosts),
                true,
                "",
                port,
                Transport.TCP,
                protocol,
                Set.of(serviceClass),
                inTls ? ANDROID_HTTP1 : "",
                "");
    }

    static Peer udp(Protocol protocol, int port, String serviceClass, String... hosts) {
        return new Peer(List.of(hosts), true, "", port, Transport.UDP, protocol, Set.of(serviceClass), "", "");
    }

    /** TLS to an address without a name, by a stack of its own. */
    static Peer nameless(int port, String address) {
        return new Peer(
                List.of(address), false, "", port, Transport.TCP, Protocol.TLS, Set.of("generic-https"), OWN_STACK, "");
    }

    /** DNS of an address without a name. */
    static Peer resolver(String address) {
        return new Peer(List.of(address), false, "", 53, Transport.UDP, Protocol.DNS, Set.of("generic-https"), "", "");
    }

    /** Every name it may go by, or its address. */
    List<String> hosts() {
        return hosts;
    }

    boolean named() {
        return named;
    }

    int port() {
        return port;
    }

    Protocol protocol() {
        return protocol;
    }

    Transport transport() {
        return transport;
    }

    Set<String> classes() {
        return classes;
    }

    /** Whether a handshake comes before anything is said. */
    boolean handshakes() {
        return tls.get(0).isPresent();
    }

    /** @param version of the app, by which the host moves */
    String host(int version) {
        return hosts.get(version % hosts.size());
    }

    Destination destination(int version, int address) {
        return destinations[version % hosts.size()][Math.floorMod(address, ADDRESSES)];
    }

    Optional<TlsShape> tls(int version) {
        return tls.get(version % hosts.size());
    }

    Optional<HttpShape> http() {
        return http;
    }

    Flow flow(String uid, AppTag tag, long at, int version, int address) {
        return new Flow(
                uid,
                tag,
                at,
                transport,
                destination(version, address),
                protocol,
                Basis.BYTES,
                classes,
                tls(version),
                http);
    }

    private static String domain(String host) {
        int last = host.lastIndexOf('.');
        return host.substring(host.lastIndexOf('.', last - 1) + 1);
    }

    private static String address(String host, int i) {
        long mixed = Dice.seed(host.hashCode(), i);
        return "198." + (18 + (mixed & 1)) + "." + ((mixed >>> 8) & 255) + "." + (1 + ((mixed >>> 16) & 127));
    }
}
