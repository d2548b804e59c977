package io.postern.gateway.ingress;

import io.postern.gateway.identity.ClientCertificate;
import io.postern.gateway.identity.ClientPrint;
import io.postern.gateway.identity.Credentials;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Who wants a flow, as far as it can be told before anything is verified.
 *
 * @param client for whom the flow is: the peer, or whoever the peer speaks for
 * @param print what tells its client from others that show the same tag; asked only where a tag was shown
 */
public record Caller(
        InetSocketAddress client,
        Credentials shown,
        Optional<ClientCertificate> certificate,
        Supplier<ClientPrint> print) {}
