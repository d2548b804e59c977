package io.postern.gateway.rules;

import io.postern.analytics.flow.AppTag;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What some apps may reach in spite of something. Like everything that lets pass it goes by what the client asked the gateway
 * for: by the name, and where the client then claims another, by both; by the address where it asked for one. What a name
 * resolves to spares nothing, for then every name would have to be resolved, and what is asked of the DNS leaves the gateway.
 */
public final class Reach {

    /** Nothing. */
    public static final Reach NONE = new Reach(List.of());

    /**
     * One line of it.
     *
     * @param apps packages; none: every app
     * @param hosts domain patterns and prefixes
     * @param ports none: every port
     */
    public record Line(Set<String> apps, List<String> hosts, Set<Integer> ports) {}

    private record Ready(Set<String> apps, DestinationSet hosts) {

        /** Of several packages of one UID any may be the one, so each must be in it. */
        boolean takes(AppTag tag) {
            return apps.isEmpty() || (tag.shared() ? apps.containsAll(tag.apps()) : apps.contains(tag.app()));
        }

        boolean covers(Question question) {
            if (question.verifiedName().isEmpty()) {
                return hosts.containsAddress(question.address());
            }
            Optional<String> claimed = question.claimedName();
            return hosts.containsName(question.verifiedName()) && (claimed.isEmpty() || hosts.containsName(claimed));
        }
    }

    /** Lines for every port. */
    private static final int ANY = 0;

    private final Map<Integer, List<Ready>> byPort = new HashMap<>();

    public Reach(List<Line> lines) {
        for (Line line : lines) {
            Ready ready = new Ready(Set.copyOf(line.apps), DestinationSet.of(line.hosts));
            Set<Integer> ports = line.ports.isEmpty() ? Set.of(ANY) : line.ports;
            ports.forEach(port -> byPort.merge(port, List.of(ready), Reach::both));
        }
    }

    private static List<Ready> both(List<Ready> some, List<Ready> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    /** Whether the name is of a line, of whichever app: who asks the DNS is the system, for all of them. */
    boolean names(String name) {
        return byPort.values().stream()
                .flatMap(List::stream)
                .anyMatch(each -> each.hosts.containsName(Optional.of(name)));
    }

    boolean covers(Question question) {
        return covers(question.port(), question) || covers(ANY, question);
    }

    /** Whether whoever asks for this name may be about to reach what is covered, by some port. */
    boolean mayCover(Question question) {
        for (List<Ready> some : byPort.values()) {
            for (Ready each : some) {
                if ((each.takes(question.tag()) || !question.oneApp())
                        && each.hosts.containsName(question.verifiedName())) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean covers(int port, Question question) {
        for (Ready each : byPort.getOrDefault(port, List.of())) {
            if (each.takes(question.tag()) && each.covers(question)) {
                return true;
            }
        }
        return false;
    }
}
