package io.postern.tls.hello;

/**
 * What an encrypted_client_hello extension (0xfe0d, RFC 9849 section 5) shows. Whether it is real or GREASE (section
 * 6.2) cannot be told from outside, which is its purpose; with a real one the server_name beside it is the outer name,
 * that of the server's operator and not of the service.
 *
 * @param configId of the server's key, 0 to 255; random in GREASE, and -1 without
 */
public record EncryptedHello(Kind kind, int configId) {

    /** Which variant, as the extension itself says. */
    public enum Kind {
        OUTER,
        /** Only inside another's encrypted part; in clear it means that a server speaks to a server. */
        INNER,
        /** Another draft's, or broken. */
        UNREADABLE
    }
}
