package io.postern.gateway.records;

import java.util.Optional;

/**
 * What the messages of a flow said, as far as they were read.
 *
 * @param tls of TLS, QUIC and DTLS, and of what turned to TLS
 * @param http of a plain HTTP flow
 * @param carrier what a flow's own protocol is carried by when it is told by that, such as TLS for DNS
 * @param quicVersion such as {@code 1}
 */
public record Spoken(
        Optional<TlsFacts> tls, Optional<HttpFacts> http, Optional<String> carrier, Optional<String> quicVersion) {

    /** Nothing was read. */
    public static final Spoken NOTHING =
            new Spoken(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public static Spoken of(TlsFacts tls) {
        return NOTHING.with(tls);
    }

    public static Spoken of(HttpFacts http) {
        return NOTHING.with(http);
    }

    public Spoken with(TlsFacts more) {
        return new Spoken(Optional.of(more), http, carrier, quicVersion);
    }

    public Spoken with(HttpFacts more) {
        return new Spoken(tls, Optional.of(more), carrier, quicVersion);
    }

    public Spoken carriedBy(String what) {
        return new Spoken(tls, http, Optional.of(what), quicVersion);
    }

    public Spoken quic(String version) {
        return new Spoken(tls, http, carrier, Optional.of(version));
    }
}
