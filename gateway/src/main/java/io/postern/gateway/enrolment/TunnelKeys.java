package io.postern.gateway.enrolment;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.XECPrivateKey;
import java.security.interfaces.XECPublicKey;
import java.util.Base64;
import java.util.Optional;

/**
 * A WireGuard key pair: X25519 (RFC 7748), each half 32 bytes in base64 as {@code wg} prints them.
 */
record TunnelKeys(String privateKey, String publicKey) {

    private static final int BYTES = 32;

    static TunnelKeys generate() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("X25519").generateKeyPair();
            byte[] scalar = ((XECPrivateKey) pair.getPrivate()).getScalar().orElseThrow();
            // Clamped as RFC 7748 section 5 has it, like wg genkey: X25519 does it anyway, other tools compare.
            scalar[0] &= (byte) 248;
            scalar[BYTES - 1] &= 127;
            scalar[BYTES - 1] |= 64;
            return new TunnelKeys(text(scalar), text(littleEndian(((XECPublicKey) pair.getPublic()).getU())));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java since 11 has X25519", e);
        }
    }

    /** Whether it is a key as {@code wg} prints it. */
    static boolean valid(String text) {
        return bytes(text).filter(bytes -> bytes.length == BYTES).isPresent();
    }

    private static Optional<byte[]> bytes(String text) {
        try {
            return Optional.of(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static byte[] littleEndian(BigInteger number) {
        byte[] big = number.toByteArray();
        byte[] little = new byte[BYTES];
        for (int i = 0; i < Math.min(big.length, BYTES); i++) {
            little[i] = big[big.length - 1 - i];
        }
        return little;
    }

    private static String text(byte[] key) {
        return Base64.getEncoder().encodeToString(key);
    }

    /** Without the private half. */
    @Override
    public String toString() {
        return publicKey;
    }
}
