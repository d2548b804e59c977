package io.postern.gateway.rules;

import io.postern.config.policy.NameList;
import io.postern.config.policy.Policy.App;
import io.postern.config.policy.Policy.PortRange;
import io.postern.config.policy.Policy.When;
import io.postern.config.policy.Window;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The {@code when} of one rule, or the scope of one exception: cheap questions first, names and addresses later, and
 * facts, which are not at hand, last.
 */
final class Conditions {

    private final When when;
    private final DestinationSet destinations;
    private final List<NameList> lists;
    private final boolean excuses;
    private final FactCheck facts;

    /**
     * @param excuses whether what holds lets something pass: then only the name the gateway resolved counts, as for a
     *     role's destinations, and not the one the client claims
     */
    Conditions(When when, boolean excuses, Map<String, NameList> lists) {
        this.when = when;
        this.destinations = DestinationSet.of(when.destinations());
        this.lists = when.lists().stream()
                .flatMap(name -> Optional.ofNullable(lists.get(name)).stream())
                .toList();
        this.excuses = excuses;
        this.facts = new FactCheck(when.facts());
    }

    /** Whether all conditions hold. What is not known yet does not, except a fact that is asked to be unknown. */
    boolean hold(Asked asked) {
        return holdsOfWhat(asked) && (when.lists().isEmpty() || listed(asked.question())) && holdsNow(asked);
    }

    /** Whether they hold of a name by where its answer leads, and did not before that was known. */
    boolean holdByAnswer(Asked asked, NameQuestion name) {
        for (NameList list : lists) {
            if (name.on(list).isPresent()) {
                return !listed(asked.question()) && holdsOfWhat(asked) && holdsNow(asked);
            }
        }
        return false;
    }

    private boolean holdsOfWhat(Asked asked) {
        Question question = asked.question();
        Optional<App> app = asked.app();
        return within(when.apps(), question.tag().app())
                && within(when.profiles(), question.tag().profile())
                && within(when.categories(), app.flatMap(App::category))
                && within(when.roles(), app.flatMap(App::role))
                && (when.approved().isEmpty() || when.approved().equals(approved(app)))
                && within(when.protocols(), question.protocol())
                && (when.bases().isEmpty()
                        || (question.protocol().isPresent() && when.bases().contains(question.basis())))
                && (when.ports().isEmpty() || anyContains(when.ports(), question.port()))
                && (when.groups().isEmpty() || anyOf(when.groups(), asked.groups()))
                && (when.serviceClasses().isEmpty() || anyOf(when.serviceClasses(), classes(asked)))
                && (destinations.isEmpty() || leadsTo(question));
    }

    private boolean holdsNow(Asked asked) {
        return (when.times().isEmpty() || anyOpen(asked.now())) && facts.holds(asked);
    }

    private Set<String> classes(Asked asked) {
        return excuses ? asked.verifiedClasses() : asked.classes();
    }

    private static boolean anyOf(Set<String> wanted, Set<String> names) {
        for (String name : names) {
            if (wanted.contains(name)) {
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

    private boolean listed(Question question) {
        Optional<String> claimed = excuses ? Optional.empty() : question.claimedName();
        for (NameList list : lists) {
            if (list.has(question.client(), question.verifiedName(), claimed, question.address())) {
                return true;
            }
        }
        return false;
    }

    private boolean anyOpen(Instant now) {
        for (Window window : when.times()) {
            if (window.open(now)) {
                return true;
            }
        }
        return false;
    }

    /** An app nobody has listed is not approved. */
    private static Optional<Boolean> approved(Optional<App> app) {
        return Optional.of(app.map(App::approved).orElse(false));
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
