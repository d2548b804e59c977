package io.postern.gateway.access;

import io.postern.config.GatewaySettings.ClientCertificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** Who holds the certificates that open the admin API; the listener's client CA has signed what comes here. */
final class CertificateHolders {

    private final List<ClientCertificate> known;

    CertificateHolders(List<ClientCertificate> known) {
        this.known = known;
    }

    /** The first entry of which everything fits. */
    Optional<Actor> actor(X509Certificate certificate) {
        return known.stream()
                .filter(entry -> new CertificateName(entry.subject(), entry.san()).fits(certificate))
                .findFirst()
                .map(entry -> new Actor(entry.name(), entry.role(), Actor.By.CERTIFICATE));
    }
}
