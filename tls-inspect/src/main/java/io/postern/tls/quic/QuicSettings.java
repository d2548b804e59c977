package io.postern.tls.quic;

/**
 * Bounds on what one session's Initials may make us do.
 *
 * @param maxHelloBytes of a handshake message in CRYPTO frames; 512 to 262,144
 * @param maxPackets Initials tried, of both sides together, and datagrams without one; 2 to 1,024. A hello in earnest
 *     takes two or three
 */
public record QuicSettings(int maxHelloBytes, int maxPackets) {

    public static final QuicSettings DEFAULTS = new QuicSettings(64 * 1024, 64);

    public QuicSettings {
        if (maxHelloBytes < 512 || maxHelloBytes > 256 * 1024) {
            throw new IllegalArgumentException("max-hello-bytes is " + maxHelloBytes + ", must be 512 to 262144");
        }
        if (maxPackets < 2 || maxPackets > 1024) {
            throw new IllegalArgumentException("max-packets is " + maxPackets + ", must be 2 to 1024");
        }
    }
}
