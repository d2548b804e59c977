package io.postern.gateway.records;

import io.postern.analytics.flow.InClear.Payload;
import io.postern.dns.message.DnsFacts;
import io.postern.tls.watch.Side;
import java.util.Optional;

/**
 * What the messages of a flow said, as far as they were read.
 *
 * @param tls of TLS, QUIC and DTLS, and of what turned to TLS
 * @param http of HTTP in clear, and of what turned from it to something else
 * @param question the first one of DNS
 * @param webSocket its messages
 * @param carrier what a flow's own protocol is carried by when it is told by that, such as TLS for DNS
 * @param quicVersion such as {@code 1}
 * @param sent of its messages in clear, device to world, the one that looks most random
 * @param received likewise, world to device
 */
public record Spoken(
        Optional<TlsFacts> tls,
        Optional<HttpFacts> http,
        Optional<DnsFacts.Question> question,
        Optional<WebSocketFacts> webSocket,
        Optional<String> carrier,
        Optional<String> quicVersion,
        Payload sent,
        Payload received) {

    /** Nothing was read. */
    public static final Spoken NOTHING = new Spoken(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Of which no message in clear was measured. */
    public Spoken(
            Optional<TlsFacts> tls,
            Optional<HttpFacts> http,
            Optional<DnsFacts.Question> question,
            Optional<WebSocketFacts> webSocket,
            Optional<String> carrier,
            Optional<String> quicVersion) {
        this(tls, http, question, webSocket, carrier, quicVersion, Payload.NONE, Payload.NONE);
    }

    public static Spoken of(TlsFacts tls) {
        return NOTHING.with(tls);
    }

    public static Spoken of(HttpFacts http) {
        return NOTHING.with(http);
    }

    public static Spoken of(DnsFacts message) {
        return message.question().isEmpty()
                ? NOTHING
                : new Spoken(
                        Optional.empty(),
                        Optional.empty(),
                        message.question(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
    }

    public Spoken with(TlsFacts more) {
        return new Spoken(Optional.of(more), http, question, webSocket, carrier, quicVersion, sent, received);
    }

    public Spoken with(HttpFacts more) {
        return new Spoken(tls, Optional.of(more), question, webSocket, carrier, quicVersion, sent, received);
    }

    public Spoken with(WebSocketFacts more) {
        return new Spoken(tls, http, question, Optional.of(more), carrier, quicVersion, sent, received);
    }

    /** The same, and this is the message of that end that looks most random. */
    public Spoken with(Side by, Payload payload) {
        return new Spoken(
                tls,
                http,
                question,
                webSocket,
                carrier,
                quicVersion,
                by == Side.CLIENT ? payload : sent,
                by == Side.SERVER ? payload : received);
    }

    public Spoken carriedBy(String what) {
        return new Spoken(tls, http, question, webSocket, Optional.of(what), quicVersion, sent, received);
    }

    public Spoken quic(String version) {
        return new Spoken(tls, http, question, webSocket, carrier, Optional.of(version), sent, received);
    }
}
