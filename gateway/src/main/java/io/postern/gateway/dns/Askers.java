package io.postern.gateway.dns;

import io.postern.analytics.flow.AppTag;
import io.postern.gateway.identity.ClientCertificate;
import io.postern.gateway.identity.Identities;
import io.postern.gateway.ingress.Sources;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Who may ask, and who is it? The device that a client certificate names, or the one whose inner address it is; where both
 * are of one device the address may know the app too.
 */
final class Askers {

    private final Identities identities;
    private final Sources networks;

    /** @param networks who may ask without being known */
    Askers(Identities identities, Sources networks) {
        this.identities = identities;
        this.networks = networks;
    }

    /** Empty when it is nobody that may ask: this is no open resolver (D1). */
    Optional<AppTag> who(InetAddress address, Optional<ClientCertificate> certificate) {
        Optional<AppTag> inner = identities.owner(address);
        Optional<AppTag> shown = certificate.flatMap(identities::owner);
        if (shown.isPresent()) {
            AppTag device = shown.get();
            return inner.filter(tag -> tag.device().equals(device.device())).or(() -> shown);
        }
        if (inner.isPresent()) {
            return inner;
        }
        return networks.hold(address) || identities.admits() ? Optional.of(AppTag.UNATTRIBUTED) : Optional.empty();
    }
}
