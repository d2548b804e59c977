package io.postern.gateway.identity;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * The certificate a client showed and proved to hold; the listener's client CA signed it.
 *
 * @param thumbprint base64url SHA-256 of its DER without padding, as {@code x5t#S256} has it (RFC 8705 section 3.1)
 * @param device the device it was issued to; empty when its subject does not name one
 */
public record ClientCertificate(String thumbprint, Optional<String> device) {

    /** The device is the subject's common name, as {@link DeviceId} has it. */
    public static ClientCertificate of(X509Certificate certificate) {
        return new ClientCertificate(
                Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(certificate)), device(certificate));
    }

    /** The same where it is shown by one that speaks for others: it says who that is, and of the device nothing. */
    public ClientCertificate ofAConcentrator() {
        return new ClientCertificate(thumbprint, Optional.empty());
    }

    /** The same fingerprint as tools print it, for the list of the revoked. */
    public String hex() {
        return HexFormat.of().formatHex(Base64.getUrlDecoder().decode(thumbprint));
    }

    private static Optional<String> device(X509Certificate certificate) {
        try {
            for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN") && part.getValue() instanceof String name) {
                    return Optional.of(DeviceId.of(name)).filter(CompactTag.DEVICE.asMatchPredicate());
                }
            }
        } catch (InvalidNameException notAName) {
            // A subject that cannot be read names nobody.
        }
        return Optional.empty();
    }

    private static byte[] sha256(X509Certificate certificate) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was verified has no SHA-256", e);
        }
    }
}
