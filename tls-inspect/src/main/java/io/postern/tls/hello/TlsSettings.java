package io.postern.tls.hello;

/**
 * Bounds on what a client may make us hold before its hello is complete.
 *
 * @param maxHelloBytes of the handshake message with its four-byte header; 512 to 262,144. Servers cap at 64 KiB, and
 *     no real hello comes near
 * @param maxRecords records one hello may be cut into; 1 to 16,384. Fewer than sixteen suffice for any length at the
 *     size stacks write; more are a game with the reader's patience
 */
public record TlsSettings(int maxHelloBytes, int maxRecords) {

    public static final TlsSettings DEFAULTS = new TlsSettings(64 * 1024, 1_024);

    public TlsSettings {
        if (maxHelloBytes < 512 || maxHelloBytes > 256 * 1024) {
            throw new IllegalArgumentException("max-hello-bytes is " + maxHelloBytes + ", must be 512 to 262144");
        }
        if (maxRecords < 1 || maxRecords > 16 * 1024) {
            throw new IllegalArgumentException("max-records is " + maxRecords + ", must be 1 to 16384");
        }
    }

    /** Bytes after which the parser is never undecided: the message and a header for each record. */
    public int maxHeldBytes() {
        return maxHelloBytes + HelloRecords.HEADER * maxRecords;
    }
}
