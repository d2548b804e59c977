package io.postern.gateway.context;

import io.postern.config.ContextSettings;
import io.postern.config.SecretFile;
import io.postern.gateway.access.CertificateName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What one source shows to be known by. Its files are read when it is made. */
final class Credentials {

    /** Digits of HMAC-SHA256. */
    private static final int HEX = 64;

    private final Optional<byte[]> tokenHash;
    private final Optional<CertificateName> certificate;
    private final Optional<PushTokens> push;
    private final Optional<ContextSettings.Signature> signature;
    private final byte[] signatureKey;

    /** @throws IOException when a file does not read */
    static Credentials of(ContextSettings.Source source) throws IOException {
        return new Credentials(source);
    }

    private Credentials(ContextSettings.Source source) throws IOException {
        tokenHash = source.tokenFile().isPresent()
                ? Optional.of(hash(SecretFile.read(source.tokenFile().get())))
                : Optional.empty();
        certificate = source.certificate().map(name -> new CertificateName(name.subject(), name.san()));
        push = source.push().isPresent()
                ? Optional.of(PushTokens.of(source.push().get()))
                : Optional.empty();
        signature = source.webhook().flatMap(ContextSettings.Webhook::signature);
        signatureKey = signature.isPresent() ? SecretFile.read(signature.get().secretFile()) : new byte[0];
    }

    /** Takes as long whatever is wrong. */
    boolean token(String shown) {
        return tokenHash.isPresent()
                && MessageDigest.isEqual(tokenHash.get(), hash(shown.getBytes(StandardCharsets.UTF_8)));
    }

    boolean certificate(X509Certificate shown) {
        return certificate.filter(name -> name.fits(shown)).isPresent();
    }

    Optional<PushTokens> push() {
        return push;
    }

    /** Present where a body is signed, and the signature is all there is to show. */
    Optional<ContextSettings.Signature> signature() {
        return signature;
    }

    /** Whether a field looks like one; no body is read for another. */
    boolean mayBeSigned(String shown) {
        return signature
                .filter(by -> shown.startsWith(by.prefix())
                        && shown.length() == by.prefix().length() + HEX)
                .isPresent();
    }

    /** @param shown the whole field */
    boolean signed(String shown, byte[] body) {
        if (signature.isEmpty() || !shown.startsWith(signature.get().prefix())) {
            return false;
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(signatureKey, "HmacSHA256"));
            String hex = shown.substring(signature.get().prefix().length());
            return MessageDigest.isEqual(mac.doFinal(body), HexFormat.of().parseHex(hex));
        } catch (IllegalArgumentException notHexadecimal) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hash(byte[] secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
