package io.postern.gateway.ingress;

import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.flows.Recognised;
import io.postern.gateway.records.HttpFacts;
import io.postern.gateway.records.UrlPaths;
import io.postern.wire.http.DnsOverHttps;
import java.util.Optional;

/**
 * Handed down by ingress: whose flow it is and where to, both in {@code flow}.
 *
 * @param answer how the client is told what becomes of it
 * @param request when the client speaks plain HTTP with the gateway; empty for a tunnel
 */
public record Tagged(LiveFlow flow, Answer answer, Optional<PlainRequest> request) {

    /**
     * What is spoken, when the way in already shows it; empty: watch the bytes.
     *
     * @param paths what is kept of the request's
     */
    public Optional<Recognised> known(UrlPaths paths) {
        return request.map(PlainRequest::head).map(head -> {
            Recognised http =
                    Recognised.http(HttpFacts.of(flow.destination().name(), head.method(), head.websocketUpgrade())
                            .to(paths.of(head.target())));
            return DnsOverHttps.in(head) ? http.carryingDns("https") : http;
        });
    }
}
