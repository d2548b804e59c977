package io.postern.tls.quic;

/**
 * What one side's Initials are protected with (RFC 9001 section 5): AES-128-GCM's key and IV, and AES-128's key for the
 * header.
 */
final class InitialKeys {

    private final byte[] key;
    private final byte[] iv;
    private final byte[] header;

    InitialKeys(byte[] key, byte[] iv, byte[] header) {
        this.key = key;
        this.iv = iv;
        this.header = header;
    }

    byte[] key() {
        return key;
    }

    byte[] iv() {
        return iv;
    }

    byte[] header() {
        return header;
    }
}
