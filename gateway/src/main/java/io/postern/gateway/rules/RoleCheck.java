package io.postern.gateway.rules;

import io.postern.analytics.flow.Protocol;
import io.postern.config.policy.Policy.Effect;
import io.postern.config.policy.Policy.Role;
import io.postern.config.services.ServiceAddresses;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether a flow stays within what its app's role lists. */
final class RoleCheck {

    private final Role role;
    private final DestinationSet destinations;
    private final boolean hasAddresses;

    RoleCheck(Role role) {
        this.role = role;
        this.destinations = DestinationSet.of(role.destinations());
        this.hasAddresses =
                destinations.hasAddresses() || ServiceAddresses.shipped().areOf(role.serviceClasses());
    }

    /** What the role says of a flow that leaves it; empty while the flow stays within or nothing is said. */
    Optional<Effect> outside(Question question, Set<String> verifiedClasses) {
        return role.outside().filter(effect -> leaves(question, verifiedClasses));
    }

    /** The same, unless the address that is not known yet may lie within. */
    Optional<Effect> surelyOutside(Question question, Set<String> verifiedClasses) {
        return question.address().isEmpty() && hasAddresses
                ? role.outside().filter(effect -> oddPort(question))
                : outside(question, verifiedClasses);
    }

    private boolean leaves(Question question, Set<String> verifiedClasses) {
        return !knownDestination(question, verifiedClasses) || oddPort(question);
    }

    /** Only a name the gateway resolved itself can excuse: SNI and Host are the client's word (facts of egress E8). */
    private boolean knownDestination(Question question, Set<String> verifiedClasses) {
        if (destinations.isEmpty() && role.serviceClasses().isEmpty()) {
            return true;
        }
        return destinations.containsName(question.verifiedName())
                || destinations.containsAddress(question.address())
                || role.serviceClasses().stream().anyMatch(verifiedClasses::contains);
    }

    /** Not knowing the protocol is no evidence, so an unknown one may use any port. */
    private boolean oddPort(Question question) {
        Protocol protocol = question.protocol().orElse(Protocol.UNKNOWN);
        return !role.ports().isEmpty()
                && protocol != Protocol.UNKNOWN
                && role.ports().getOrDefault(protocol, List.of()).stream()
                        .noneMatch(range -> range.contains(question.port()));
    }
}
