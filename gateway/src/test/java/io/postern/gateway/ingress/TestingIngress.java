package io.postern.gateway.ingress;

import io.postern.config.Bind;
import io.postern.config.ListenSettings;
import io.postern.gateway.flows.Flows;
import io.postern.gateway.flows.MemoryBudget;
import io.postern.gateway.flows.Witness;
import io.postern.gateway.identity.AddressBook;
import io.postern.gateway.identity.Identities;
import io.postern.gateway.identity.InnerAddresses;
import io.postern.gateway.identity.Proofs;
import io.postern.gateway.identity.Revoked;
import io.postern.gateway.identity.TagVerifier;
import io.postern.gateway.identity.TagWatch;
import io.postern.wire.http.Forwarding;
import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A listener's first stage, alone: nobody has a tag. */
final class TestingIngress {

    static final long REQUEST_MILLIS = 10_000;

    private TestingIngress() {}

    /** @param errors collects how clients failed */
    static IngressHandler of(ListenSettings.Ingress type, List<ClientError> errors, Sources trusted) {
        return IngressHandler.of(shared(type, errors, trusted, new MemoryBudget(1 << 20, () -> {})));
    }

    static IngressHandler.Shared shared(
            ListenSettings.Ingress type, List<ClientError> errors, Sources trusted, MemoryBudget memory) {
        Entrance entrance = new Entrance(
                new ListenSettings(
                        "apps", type, new Bind(InetAddress.getLoopbackAddress(), 0), Optional.empty(), false),
                new Flows(10, Clock.systemUTC(), new Witness() {}),
                new Identities(
                        new Proofs(new TagVerifier("acme", List.of()), Optional.empty()),
                        Revoked.NOTHING,
                        new AddressBook(InnerAddresses.NONE),
                        new Identities.Terms(false, List.of()),
                        Clock.systemUTC(),
                        reason -> {}),
                new TagWatch(Clock.systemUTC(), trait -> {}),
                new IngressEvents(errors::add, action -> {}));
        return new IngressHandler.Shared(
                entrance,
                new Forwarding("test"),
                trusted,
                memory,
                TimeUnit.MILLISECONDS.toNanos(REQUEST_MILLIS),
                Optional.empty());
    }
}
