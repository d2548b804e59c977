package io.postern.gateway.privacy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postern.config.SecretFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Names by one key: HMAC-SHA-256, cut. The same word has the same name for as long as the key does, and who has not got the key can
 * neither go back nor try words out. Any thread.
 */
final class KeyedNames {

    /** Begins every pseudonym. It is a device id by its grammar, so that whatever reads records reads it. */
    static final String PREFIX = "pd-";

    /** Of the hash: 128 bits, so that no two of any fleet's devices meet. */
    private static final int BYTES = 16;

    /** RFC 6666: thrown away by every router, so that it is nobody's address. */
    private static final byte[] DISCARD = {1, 0, 0, 0, 0, 0, 0, 0};

    private static final String ALGORITHM = "HmacSHA256";

    private final Mac prototype;

    private KeyedNames(byte[] secret) {
        try {
            prototype = Mac.getInstance(ALGORITHM);
            prototype.init(new SecretKeySpec(secret, ALGORITHM));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has HMAC-SHA-256", e);
        }
    }

    /** @throws IOException when the file does not hold a secret */
    static KeyedNames of(Path secretFile) throws IOException {
        return new KeyedNames(SecretFile.read(secretFile));
    }

    String device(String id) {
        return PREFIX + HexFormat.of().formatHex(hash("device\n" + id), 0, BYTES);
    }

    String finding(String uid) {
        return "f-" + HexFormat.of().formatHex(hash("finding\n" + uid), 0, BYTES);
    }

    /** An address of 100::/64. */
    InetAddress address(InetAddress address) {
        byte[] bytes = Arrays.copyOf(DISCARD, 16);
        byte[] hash = hash("address\n" + HexFormat.of().formatHex(address.getAddress()));
        System.arraycopy(hash, 0, bytes, DISCARD.length, bytes.length - DISCARD.length);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("16 bytes are an address", e);
        }
    }

    private byte[] hash(String word) {
        try {
            // A clone carries the key schedule, see TagKeyMaterial.
            return ((Mac) prototype.clone()).doFinal(word.getBytes(UTF_8));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }
}
