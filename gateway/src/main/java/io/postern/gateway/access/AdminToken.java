package io.postern.gateway.access;

import io.postern.config.AdminRole;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * One line of a tokens file:
 *
 * <pre>
 * name : role : salt : hex(SHA-256(salt ‖ token))
 * </pre>
 *
 * Salt and token are hashed as the ASCII they are written in. One round of SHA-256 is enough for tokens of 256 random
 * bits, which is what {@link #fresh} makes; it would not be for words that people choose.
 */
public record AdminToken(String name, AdminRole role, String salt, String hash) {

    public static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,32}");
    static final Pattern SALT = Pattern.compile("[A-Za-z0-9_-]{16,64}");
    static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    /** What a credential may be long; a longer one is not hashed. */
    static final int MAX_TOKEN = 256;

    /** Lets scanners of repositories and logs know a token for what it is. */
    private static final String PREFIX = "postern_";

    private static final int SALT_BYTES = 16;
    private static final int TOKEN_BYTES = 32;

    /** A token that nobody has yet. */
    public static String fresh() {
        return PREFIX + random(TOKEN_BYTES);
    }

    /** What to keep of a token. */
    public static AdminToken of(String name, AdminRole role, String token) {
        String salt = random(SALT_BYTES);
        return new AdminToken(name, role, salt, HexFormat.of().formatHex(hash(salt, token)));
    }

    /** Takes as long for every token of a length, whatever in it is wrong. */
    boolean holds(String token) {
        return MessageDigest.isEqual(hash(salt, token), HexFormat.of().parseHex(hash));
    }

    /** As the file has it, without its end. */
    public String line() {
        return name + ":" + role.label() + ":" + salt + ":" + hash;
    }

    /** Tells nothing that helps to guess. */
    @Override
    public String toString() {
        return name + ":" + role.label();
    }

    private static byte[] hash(String salt, String token) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt.getBytes(StandardCharsets.US_ASCII));
            return digest.digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String random(int count) {
        byte[] bytes = new byte[count];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
