package io.postern.gateway.access;

import io.postern.config.GatewaySettings.ClientCertificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/** Who holds the certificates that open the admin API; the listener's client CA has signed what comes here. */
final class CertificateHolders {

    /** Types of a GeneralName, RFC 5280 section 4.2.1.6. */
    private static final int EMAIL = 1;

    private static final int DNS = 2;
    private static final int URI = 6;

    private final List<ClientCertificate> known;

    CertificateHolders(List<ClientCertificate> known) {
        this.known = known;
    }

    /** The first entry of which everything fits. */
    Optional<Actor> actor(X509Certificate certificate) {
        return known.stream()
                .filter(entry -> fits(entry, certificate))
                .findFirst()
                .map(entry -> new Actor(entry.name(), entry.role(), Actor.By.CERTIFICATE));
    }

    private static boolean fits(ClientCertificate entry, X509Certificate certificate) {
        boolean subject = entry.subject()
                .map(name -> new X500Principal(name).equals(certificate.getSubjectX500Principal()))
                .orElse(true);
        return subject && entry.san().map(name -> named(name, certificate)).orElse(true);
    }

    private static boolean named(String wanted, X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names != null && names.stream().map(CertificateHolders::text).anyMatch(wanted::equals);
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
