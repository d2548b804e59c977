package io.postern.gateway.identity;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** One key of compact tags. Never printed: no accessor gives the secret, {@code toString} names the id only. */
public final class TagKeyMaterial {

    /** Shorter secrets are refused; HMAC-SHA256 gains nothing beyond its 32-byte output (RFC 2104 section 3). */
    public static final int MIN_SECRET_BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";

    private final String id;
    private final Mac prototype;

    /** @param secret at least {@value #MIN_SECRET_BYTES} bytes, copied */
    public TagKeyMaterial(String id, byte[] secret) {
        if (secret.length < MIN_SECRET_BYTES) {
            throw new IllegalArgumentException(
                    "secret has " + secret.length + " bytes, must have at least " + MIN_SECRET_BYTES);
        }
        this.id = id;
        try {
            this.prototype = Mac.getInstance(ALGORITHM);
            this.prototype.init(new SecretKeySpec(secret, ALGORITHM));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException(e);
        }
    }

    public String id() {
        return id;
    }

    byte[] hmac(byte[] message) {
        try {
            // A clone carries the key schedule: about a third of the cost of getInstance and init.
            return ((Mac) prototype.clone()).doFinal(message);
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return "tag key " + id;
    }
}
