package io.postern.gateway.ingress;

import io.netty.handler.codec.DecoderException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** How a client failed before it had a flow; each is a counter, none is logged. */
public enum ClientError {
    /** Broke a rule of the protocol the listener speaks, or spoke another. */
    MALFORMED,
    /** Showed no tag, or a bad one. */
    UNAUTHENTICATED,
    /** Asked for what the protocol has and this gateway has not. */
    UNSUPPORTED,
    /** Came from where nobody is believed. */
    UNTRUSTED_SOURCE,
    /** Connected and said nothing in time. */
    SILENT,
    /** Began a request and did not end it in time. */
    SLOW,
    /** Began a request when all such requests together held as much as they may. */
    CROWDED,
    /** Failed its TLS handshake. */
    TLS,
    /** Broke off. */
    RESET;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    public String label() {
        return label;
    }

    static ClientError of(Throwable cause) {
        return cause instanceof DecoderException || cause instanceof SSLException ? TLS : RESET;
    }
}
