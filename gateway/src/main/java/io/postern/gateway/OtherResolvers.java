package io.postern.gateway;

import io.postern.analytics.flow.Protocol;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.rules.Rules;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Does a flow ask a resolver that is not ours? */
final class OtherResolvers {

    /** DNS over TLS and over QUIC, RFC 7858 and RFC 9250. */
    private static final int ENCRYPTED_DNS = 853;

    private static final String CLASS = "doh-resolver";
    private static final Set<Protocol> MAY_CARRY = Set.of(Protocol.TLS, Protocol.QUIC, Protocol.DTLS);

    /** What DNS over HTTPS may be, and DNSCrypt, which nobody recognises. */
    private static final Set<Protocol> MAY_HIDE = Set.of(Protocol.TLS, Protocol.QUIC, Protocol.DTLS, Protocol.UNKNOWN);

    private OtherResolvers() {}

    /** By what it speaks, its port, its name or its address. */
    static boolean asked(LiveFlow flow, Judges judges) {
        Rules rules = judges.rules();
        return asked(
                flow.recognised().protocol(),
                flow.destination().port(),
                () -> rules.serviceClasses(flow.recognised().claimedName().or(flow::verifiedName))
                                .contains(CLASS)
                        || flow.remote()
                                .map(InetSocketAddress::getAddress)
                                .filter(address -> rules.serviceClasses(address).contains(CLASS))
                                .isPresent());
    }

    /** @param listed whether its name or address is a public resolver's: that it may be asked, and seen from outside no more */
    static boolean asked(Protocol protocol, int port, BooleanSupplier listed) {
        return protocol == Protocol.DNS
                || (MAY_CARRY.contains(protocol) && port == ENCRYPTED_DNS)
                || (MAY_HIDE.contains(protocol) && listed.getAsBoolean());
    }
}
