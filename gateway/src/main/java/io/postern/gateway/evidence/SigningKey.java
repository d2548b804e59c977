package io.postern.gateway.evidence;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.postern.gateway.state.OwnFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EncodedKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The gateway's key of evidence, Ed25519 (RFC 8032): one file with the private key (PKCS #8) and behind it the public one
 * (RFC 8410), both PEM as openssl reads them.
 */
public final class SigningKey {

    private static final String ALGORITHM = "Ed25519";
    private static final String PRIVATE = "PRIVATE KEY";
    private static final String PUBLIC = "PUBLIC KEY";
    private static final int LINE = 64;

    private final PrivateKey secret;
    private final PublicKey open;

    private SigningKey(PrivateKey secret, PublicKey open) {
        this.secret = secret;
        this.open = open;
    }

    /**
     * The key of this file, made with mode 0600 if there is none.
     *
     * @throws IOException when it cannot be read or made, or its two halves do not fit
     */
    public static SigningKey at(Path file) throws IOException {
        return Files.exists(file)
                ? read(file)
                : OwnFile.alone(file, () -> Files.exists(file) ? read(file) : made(file));
    }

    private static SigningKey made(Path file) throws IOException {
        try {
            KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
            String text = pem(PRIVATE, pair.getPrivate().getEncoded())
                    + pem(PUBLIC, pair.getPublic().getEncoded());
            OwnFile.replace(file, text.getBytes(US_ASCII));
            return new SigningKey(pair.getPrivate(), pair.getPublic());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SigningKey read(Path file) throws IOException {
        String text = Files.readString(file, US_ASCII);
        try {
            KeyFactory keys = KeyFactory.getInstance(ALGORITHM);
            SigningKey key = new SigningKey(
                    keys.generatePrivate(new PKCS8EncodedKeySpec(block(PRIVATE, text))),
                    keys.generatePublic(new X509EncodedKeySpec(block(PUBLIC, text))));
            byte[] any = {1};
            if (!signedBy(key.open, any, key.sign(any))) {
                throw new IOException(file + ": the public key is not that of the private key; put a copy of the file"
                        + " there, or move it away to have a new one made");
            }
            return key;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(file + ": must be the PEM of an Ed25519 private key and its public key", e);
        }
    }

    /**
     * Reads the public key of a PEM file.
     *
     * @throws IOException when it is none
     */
    public static PublicKey publicKey(Path file) throws IOException {
        String text = Files.readString(file, US_ASCII);
        try {
            EncodedKeySpec spec = new X509EncodedKeySpec(block(PUBLIC, text));
            return KeyFactory.getInstance(ALGORITHM).generatePublic(spec);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(
                    file + ": must be the PEM of an Ed25519 public key, as 'postern evidence key' prints", e);
        }
    }

    private static byte[] block(String label, String text) {
        Matcher block = Pattern.compile(
                        "-----BEGIN " + label + "-----([A-Za-z0-9+/=\\s]{1,4096})-----END " + label + "-----")
                .matcher(text);
        if (!block.find()) {
            throw new IllegalArgumentException("no " + label);
        }
        return Base64.getMimeDecoder().decode(block.group(1));
    }

    private static String pem(String label, byte[] der) {
        String text = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n";
    }

    /** 64 bytes. */
    byte[] sign(byte[] text) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(secret);
            signature.update(text);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean signedBy(PublicKey key, byte[] text, byte[] signature) {
        try {
            Signature check = Signature.getInstance(ALGORITHM);
            check.initVerify(key);
            check.update(text);
            return check.verify(signature);
        } catch (GeneralSecurityException e) {
            // Also of a signature that is none.
            return false;
        }
    }

    /** What others verify by, PEM. */
    public String publicPem() {
        return pem(PUBLIC, open.getEncoded());
    }

    public PublicKey publicKey() {
        return open;
    }

    public String id() {
        return id(open);
    }

    /** What names a key: the SHA-256 of its DER, hex. */
    public static String id(PublicKey key) {
        return sha256(key.getEncoded());
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
