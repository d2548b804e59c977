package io.postern.gateway.rules;

import io.postern.config.policy.Policy.App;
import io.postern.config.policy.Policy.Fact;
import io.postern.config.policy.Policy.PortRange;
import io.postern.config.policy.Policy.When;
import java.util.Optional;
import java.util.Set;

/** The {@code when} of one rule, ready to be asked: cheap questions first, names and addresses last. */
final class Conditions {

    private final When when;
    private final DestinationSet destinations;

    Conditions(When when) {
        this.when = when;
        this.destinations = new DestinationSet(when.destinations());
    }

    /**
     * Whether all conditions hold. What is not known yet does not hold, except a fact that is asked to be unknown.
     *
     * @param app what the inventory says of the app; empty when it is not in it
     * @param classes the service classes of the destination's names, verified and claimed
     */
    boolean hold(Question question, Optional<App> app, Set<String> classes) {
        return within(when.apps(), question.tag().app())
                && within(when.profiles(), question.tag().profile())
                && within(when.categories(), app.flatMap(App::category))
                && within(when.roles(), app.flatMap(App::role))
                && (when.approved().isEmpty() || when.approved().equals(approved(app)))
                && (when.protocols().isEmpty()
                        || question.protocol()
                                .filter(when.protocols()::contains)
                                .isPresent())
                && (when.ports().isEmpty() || anyContains(when.ports(), question.port()))
                && unknown(when.locked())
                && unknown(when.background())
                && (when.serviceClasses().isEmpty() || classes.stream().anyMatch(when.serviceClasses()::contains))
                && (destinations.isEmpty()
                        || destinations.containsName(question.verifiedName())
                        || destinations.containsName(question.claimedName())
                        || destinations.containsAddress(question.address()));
    }

    /** An app nobody has listed is not approved. */
    private static Optional<Boolean> approved(Optional<App> app) {
        return Optional.of(app.map(App::approved).orElse(false));
    }

    /** Until a context source reports device state, every such fact is unknown, which is a value to ask for. */
    private static boolean unknown(Optional<Fact> wanted) {
        return wanted.isEmpty() || wanted.get() == Fact.UNKNOWN;
    }

    private static boolean within(Set<String> wanted, String value) {
        return wanted.isEmpty() || wanted.contains(value);
    }

    private static boolean within(Set<String> wanted, Optional<String> value) {
        return wanted.isEmpty() || (value.isPresent() && wanted.contains(value.get()));
    }

    static boolean anyContains(Set<PortRange> ranges, int port) {
        for (PortRange range : ranges) {
            if (range.contains(port)) {
                return true;
            }
        }
        return false;
    }
}
