package io.postern.gateway;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextEvent.Owns;
import io.postern.config.ContextSettings;
import io.postern.config.grammar.Addresses;
import io.postern.gateway.owners.OwnerReport;
import io.postern.gateway.owners.OwnerReport.Source;
import io.postern.gateway.owners.Owners;
import io.postern.gateway.records.Transport;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** Whose a flow is, as sources of context tell it: management passes on what Android says, anybody else is an agent. */
final class ToldOwners {

    private final Owners owners;
    private final Set<String> managements;

    ToldOwners(Owners owners, ContextSettings settings) {
        this.owners = owners;
        this.managements = settings.sources().stream()
                // With a token it can also speak for itself, and which it was an event does not say.
                .filter(source -> source.push().isPresent()
                        && source.tokenFile().isEmpty()
                        && source.certificate().isEmpty())
                .map(ContextSettings.Source::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    void told(ContextEvent event) {
        if (event.said() instanceof Owns owns) {
            Addresses.address(owns.remoteAddress())
                    .ifPresent(remote -> owners.reported(new OwnerReport(
                            managements.contains(event.source()) ? Source.OS : Source.AGENT,
                            event.device(),
                            event.profile(),
                            event.timeMillis(),
                            owns.udp() ? Transport.UDP : Transport.TCP,
                            owns.localPort() == 0 ? OptionalInt.empty() : OptionalInt.of(owns.localPort()),
                            remote,
                            owns.remotePort(),
                            owns.packages())));
        }
    }
}
