package io.postern.tls.watch;

import io.postern.tls.hello.ClientHello;
import io.postern.tls.hello.ServerHello;
import io.postern.tls.hello.Ssl2Hello;

/**
 * Hears what a handshake shows, as soon as it is known, inside the call that fed the bytes. A watch keeps nothing of
 * what it told; whoever wants a hello's facts takes them here. Must not throw and must not feed the watch.
 */
public interface HandshakeListener {

    /**
     * Once, or twice: after a HelloRetryRequest, a HelloVerifyRequest (DTLS) or a Retry (QUIC) the client says hello again.
     */
    default void clientHello(ClientHello hello) {}

    /** A hello in the shape of SSLv2, in the place of {@link #clientHello}. */
    default void oldHello(Ssl2Hello hello) {}

    /** Once, or twice: a HelloRetryRequest is one too, {@link ServerHello#retry()}. */
    default void serverHello(ServerHello hello) {}

    /**
     * The server's certificate in clear, up to TLS 1.2 and never in a resumed session. Only handed over here: reading it
     * is {@code io.postern.tls.cert.CertificateReader}'s, which is not for an event loop.
     *
     * @param der the server's own, the first of its chain; the listener's to keep
     * @param chain certificates sent, at least 1
     */
    default void certificate(byte[] der, int chain) {}

    /**
     * This side's first record of application data. Up to TLS 1.2 the handshake is over then; in TLS 1.3 the rest of the
     * handshake looks the same.
     */
    default void applicationData(Side by) {}

    /**
     * An alert in clear (RFC 8446 section 6).
     *
     * @param level 1 warning, 2 fatal
     * @param description such as 48, unknown_ca
     */
    default void alert(Side by, int level, int description) {}

    /**
     * Certainly meant to be a handshake, and breaks a rule or a limit of ours; nothing more is read of this side.
     *
     * @param rule short and with its source, without any of the peer's bytes
     */
    default void malformed(Side by, String rule) {}
}
