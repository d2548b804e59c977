package io.postern.gateway;

import io.postern.analytics.flow.Protocol;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.rules.Judges;
import java.util.Set;

/** Does a flow ask a resolver that is not ours? */
final class OtherResolvers {

    /** DNS over TLS and over QUIC, RFC 7858 and RFC 9250. */
    private static final int ENCRYPTED_DNS = 853;

    private static final String CLASS = "doh-resolver";
    private static final Set<Protocol> MAY_CARRY = Set.of(Protocol.TLS, Protocol.QUIC, Protocol.DTLS);

    private OtherResolvers() {}

    /** By what it speaks, its port or its name. */
    static boolean asked(LiveFlow flow, Judges judges) {
        Protocol protocol = flow.recognised().protocol();
        if (protocol == Protocol.DNS
                || (MAY_CARRY.contains(protocol) && flow.destination().port() == ENCRYPTED_DNS)) {
            return true;
        }
        return judges.rules()
                .serviceClasses(flow.recognised().claimedName().or(flow::verifiedName))
                .contains(CLASS);
    }
}
