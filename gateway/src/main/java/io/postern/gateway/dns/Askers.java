package io.postern.gateway.dns;

import io.postern.analytics.flow.AppTag;
import io.postern.gateway.identity.Identities;
import io.postern.gateway.ingress.Sources;
import java.net.InetAddress;
import java.util.Optional;

/** Who may ask, and who is it? A question shows nothing but where it comes from. */
final class Askers {

    private final Identities identities;
    private final Sources networks;

    /** @param networks who may ask without being known */
    Askers(Identities identities, Sources networks) {
        this.identities = identities;
        this.networks = networks;
    }

    /** Empty when it is nobody that may ask: this is no open resolver (D1). */
    Optional<AppTag> who(InetAddress address) {
        Optional<AppTag> owner = identities.owner(address);
        if (owner.isPresent()) {
            return owner;
        }
        return networks.hold(address) || identities.admits() ? Optional.of(AppTag.UNATTRIBUTED) : Optional.empty();
    }
}
