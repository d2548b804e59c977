package io.postern.gateway.access;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/**
 * Whose certificate is meant: everything that is named must fit. The listener's client CA has signed what is held against
 * it.
 *
 * @param subject RFC 4514
 * @param san {@code dns:}, {@code uri:} or {@code email:} and the name
 */
public record CertificateName(Optional<String> subject, Optional<String> san) {

    /** Types of a GeneralName, RFC 5280 section 4.2.1.6. */
    private static final int EMAIL = 1;

    private static final int DNS = 2;
    private static final int URI = 6;

    public boolean fits(X509Certificate certificate) {
        boolean is = subject.map(name -> new X500Principal(name).equals(certificate.getSubjectX500Principal()))
                .orElse(true);
        return is && san.map(name -> named(name, certificate)).orElse(true);
    }

    private static boolean named(String wanted, X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names != null && names.stream().map(CertificateName::text).anyMatch(wanted::equals);
        } catch (CertificateParsingException unreadable) {
            // Names that cannot be read name nobody.
            return false;
        }
    }

    private static String text(List<?> name) {
        String scheme =
                switch ((Integer) name.get(0)) {
                    case EMAIL -> "email:";
                    case DNS -> "dns:";
                    case URI -> "uri:";
                    default -> "";
                };
        return scheme + name.get(1);
    }
}
