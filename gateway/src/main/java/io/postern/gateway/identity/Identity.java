package io.postern.gateway.identity;

import io.postern.analytics.flow.AppTag;
import java.util.Optional;

/**
 * Whose flow it is, and what says so; kept while the flow lives, for what says so may be revoked.
 *
 * @param proof the credential it rests on; empty when none was shown or none was good
 * @param certificate the client certificate it rests on
 */
public record Identity(AppTag tag, Optional<Proof.Authentic> proof, Optional<ClientCertificate> certificate) {

    static Identity of(AppTag tag) {
        return new Identity(tag, Optional.empty(), Optional.empty());
    }
}
