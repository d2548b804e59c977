package io.postern.tls.cert;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * What a server's certificate says of itself (RFC 5280); nothing here was checked but what says so. Texts are the
 * peer's: any character may be in them, at most 255 are kept of each.
 *
 * @param commonName of the subject, the last one; empty without
 * @param names DNS names and addresses of subjectAltName, at most {@value CertificateReader#MAX_NAMES}
 * @param namesInAll how many there were
 * @param issuer its common name, else its organisation, else the whole name; empty for an empty one
 * @param serial as hexadecimal digits, without sign or leading zeros
 * @param sha256 of the whole certificate, as hexadecimal digits
 * @param keyType such as {@code RSA}, {@code EC}, {@code Ed25519}; an object identifier if unknown
 * @param keyBits of the RSA modulus or the curve's field, 0 if unknown
 */
public record CertificateFacts(
        String commonName,
        List<String> names,
        int namesInAll,
        String issuer,
        Instant notBefore,
        Instant notAfter,
        SelfSigned selfSigned,
        String serial,
        String sha256,
        String keyType,
        int keyBits) {

    /** Whether the certificate's own key signed it. */
    public enum SelfSigned {
        /** Its own key verifies its signature. */
        PROVED,
        NO,
        /** Issuer and subject are equal, but the key or algorithm is none that is computed here. */
        CLAIMED
    }

    public CertificateFacts {
        names = List.copyOf(names);
    }

    /**
     * Whether it is for that host: by its DNS names (RFC 9525 section 6.3, a star is one whole label, the first), or by its
     * common name where it has no other.
     *
     * @param host lower case, no trailing dot
     */
    public boolean covers(String host) {
        return namesInAll == 0
                ? matches(commonName.toLowerCase(Locale.ROOT), host)
                : names.stream().anyMatch(name -> matches(name.toLowerCase(Locale.ROOT), host));
    }

    /** Whether it has more names than are kept, so that one it does not cover may yet be one of its own. */
    public boolean cut() {
        return namesInAll > names.size();
    }

    private static boolean matches(String name, String host) {
        int dot = host.indexOf('.');
        return name.equals(host)
                || (name.startsWith("*.") && dot > 0 && name.substring(1).equals(host.substring(dot)));
    }
}
