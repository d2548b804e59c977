package io.postern.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One way in.
 *
 * @param trustedSources prefixes a PROXY header is taken from; of {@link Ingress#PROXY_PROTOCOL} only
 * @param tlv where a PROXY header says whose flow it is
 * @param trustedHeaders which fields say it; of {@link Ingress#HTTP_CONNECT} only
 * @param udp whether it carries datagrams too; of {@link Ingress#SOCKS5} and {@link Ingress#TRANSPARENT} only
 * @param strict whether requests that others may read differently are refused; of {@link Ingress#HTTP_CONNECT} only
 * @param networks prefixes that may ask without being known; of {@link Ingress#DNS} only
 * @param dohPath where questions come by HTTPS instead of TLS; of {@link Ingress#DNS} with {@code tls} only
 * @param takesDns whether questions to port 53 of anybody are answered here; of {@link Ingress#TRANSPARENT} only
 */
public record ListenSettings(
        String name,
        Ingress type,
        Bind bind,
        Optional<Tls> tls,
        boolean allowUnauthenticated,
        List<String> trustedSources,
        Tlv tlv,
        Optional<TrustedHeaders> trustedHeaders,
        boolean udp,
        boolean strict,
        List<String> networks,
        Optional<String> dohPath,
        boolean takesDns) {

    public ListenSettings {
        trustedSources = List.copyOf(trustedSources);
        networks = List.copyOf(networks);
    }

    /** One that believes nobody's word. */
    public ListenSettings(String name, Ingress type, Bind bind, Optional<Tls> tls, boolean allowUnauthenticated) {
        this(
                name,
                type,
                bind,
                tls,
                allowUnauthenticated,
                List.of(),
                Tlv.DEFAULTS,
                Optional.empty(),
                false,
                false,
                List.of(),
                Optional.empty(),
                false);
    }

    /** What a listener speaks; the label is the {@code ingress} of metrics and records. */
    public enum Ingress {
        HTTP_CONNECT("http-connect"),
        SOCKS5("socks5"),
        PROXY_PROTOCOL("proxy-protocol"),
        TRANSPARENT("transparent"),
        DNS("dns");

        private final String label;

        Ingress(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    /** TLS towards the client. */
    public record Tls(Path certificate, Path key, Optional<Path> clientCa, ClientAuth clientAuth) {}

    /** Whether a client must show a certificate. */
    public enum ClientAuth {
        NONE,
        OPTIONAL,
        REQUIRE
    }

    /** Types of a PROXY header's fields, 0 to 255 and no two alike. */
    public record Tlv(int device, int pkg, int uid, int profile, int tag) {

        /** As the schema has them. */
        public static final Tlv DEFAULTS = new Tlv(0xE1, 0xE2, 0xE3, 0xE4, 0xE5);
    }

    /**
     * Header fields by which a concentrator says whose request it is.
     *
     * @param sources prefixes they are taken from
     */
    public record TrustedHeaders(List<String> sources, String device, Optional<String> pkg, Optional<String> profile) {
        public TrustedHeaders {
            sources = List.copyOf(sources);
        }

        /** Of all fields that say something. */
        public Stream<String> names() {
            return Stream.of(Optional.of(device), pkg, profile).flatMap(Optional::stream);
        }
    }
}
