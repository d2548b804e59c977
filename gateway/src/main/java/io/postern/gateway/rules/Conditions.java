package io.postern.gateway.rules;

import io.postern.config.policy.Policy.App;
import io.postern.config.policy.Policy.Fact;
import io.postern.config.policy.Policy.PortRange;
import io.postern.config.policy.Policy.When;
import java.util.Optional;
import java.util.Set;

/** The {@code when} of one rule, or the scope of one exception: cheap questions first, names and addresses last. */
final class Conditions {

    private final When when;
    private final DestinationSet destinations;
    private final boolean excuses;

    /** Of a rule, for which the name that the client claims counts as well. */
    Conditions(When when) {
        this(when, false);
    }

    private Conditions(When when, boolean excuses) {
        this.when = when;
        this.destinations = DestinationSet.of(when.destinations());
        this.excuses = excuses;
    }

    /** Of an exception: excuses by name need a verified name, as a role's destinations do. */
    static Conditions excusing(When when) {
        return new Conditions(when, true);
    }

    /** Whether all conditions hold. What is not known yet does not, except a fact that is asked to be unknown. */
    boolean hold(Asked asked) {
        Question question = asked.question();
        Optional<App> app = asked.app();
        return within(when.apps(), question.tag().app())
                && within(when.profiles(), question.tag().profile())
                && within(when.categories(), app.flatMap(App::category))
                && within(when.roles(), app.flatMap(App::role))
                && (when.approved().isEmpty() || when.approved().equals(approved(app)))
                && within(when.protocols(), question.protocol())
                && (when.ports().isEmpty() || anyContains(when.ports(), question.port()))
                && unknown(when.locked())
                && unknown(when.background())
                && (when.serviceClasses().isEmpty() || anyOf(excuses ? asked.verifiedClasses() : asked.classes()))
                && (destinations.isEmpty() || leadsTo(question));
    }

    private boolean anyOf(Set<String> classes) {
        for (String name : classes) {
            if (when.serviceClasses().contains(name)) {
                return true;
            }
        }
        return false;
    }

    private boolean leadsTo(Question question) {
        return destinations.containsName(question.verifiedName())
                || (!excuses && destinations.containsName(question.claimedName()))
                || destinations.containsAddress(question.address());
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

    private static boolean within(Set<?> wanted, Optional<?> value) {
        return wanted.isEmpty() || (value.isPresent() && wanted.contains(value.get()));
    }

    private static boolean anyContains(Set<PortRange> ranges, int port) {
        for (PortRange range : ranges) {
            if (range.contains(port)) {
                return true;
            }
        }
        return false;
    }
}
