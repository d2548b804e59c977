package io.postern.gateway.dns;

import io.postern.analytics.flow.AppTag;
import io.postern.gateway.identity.ClientCertificate;
import io.postern.gateway.identity.CompactTag;
import io.postern.gateway.identity.Credentials;
import io.postern.gateway.identity.Identities;
import io.postern.gateway.identity.Identity;
import io.postern.gateway.ingress.Sources;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Who may ask, and who is it? What a tag says that was verified, the device that a client certificate names, or the one whose inner address it is; where both
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

    /** Whose a tag is; empty when it is none, or must not be taken. */
    Optional<Identity> tagged(CompactTag tag, Optional<ClientCertificate> certificate) {
        return identities.whose(new Credentials.Tag(tag), certificate);
    }

    /** Whether whoever shows a tag may find the name; past its time that is little. */
    boolean mayAsk(Identity tagged, String name) {
        return identities.mayAsk(tagged, name);
    }

    /** Empty when it is nobody that may ask: this is no open resolver (D1). */
    Optional<AppTag> who(InetAddress address, Optional<ClientCertificate> certificate, Optional<Identity> tagged) {
        if (tagged.isPresent()) {
            return tagged.map(Identity::tag);
        }
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
