package io.postern.analytics.attack;

import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.Protocol;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * What the enterprise has written down of an app. What it has not written down, no flow can violate.
 *
 * @param category empty if it has none
 * @param approved whether somebody has approved of the app in policy
 * @param serviceClasses it may use; empty: nothing is said
 * @param named whether its destinations are written down
 * @param expects whether a destination is one of them
 * @param portsNamed protocols whose ports are written down
 * @param ports whether a protocol may use a port; asked of those protocols only
 * @param background whether it may work without its user; unknown: nothing is said
 * @param poll how often it asks its server then; zero: nothing is said
 * @param silent what its category does of itself, so that it is no evidence of it
 * @param crypto whether it encrypts on the device for its own ends; unknown: nothing is said
 * @param uplinkLimit bytes a day to one destination beyond which an upload is unusual; 0: nothing is said
 */
public record AppRole(
        String category,
        boolean approved,
        Set<String> serviceClasses,
        boolean named,
        Predicate<Destination> expects,
        Set<Protocol> portsNamed,
        BiPredicate<Protocol, Integer> ports,
        Truth background,
        Duration poll,
        Set<Behaviour> silent,
        Truth crypto,
        long uplinkLimit) {

    /** What kinds of apps do by themselves. */
    public enum Behaviour {
        /** To be woken by messages, and to ask its server then. */
        PUSH,
        /** To hold an IMAP connection and be told of mail in it (RFC 2177). */
        IMAP_IDLE,
        /** To keep a connection alive: a clock of exchanges, not of connects. */
        KEEPALIVE,
        /** To ask its server by a clock, of whatever period. */
        POLL,
        /** To send out much. */
        UPLOAD
    }

    /** Of an app that nobody has written of. */
    public static final AppRole NONE = new AppRole(
            "",
            false,
            Set.of(),
            false,
            destination -> false,
            Set.of(),
            (protocol, port) -> true,
            Truth.UNKNOWN,
            Duration.ZERO,
            Set.of(),
            Truth.UNKNOWN,
            0);

    public AppRole {
        serviceClasses = Set.copyOf(serviceClasses);
        portsNamed = Set.copyOf(portsNamed);
        silent = silent.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(silent));
    }

    /** One whose category does nothing of itself but, if so, be woken by messages. */
    public AppRole(
            String category,
            boolean approved,
            Set<String> serviceClasses,
            boolean named,
            Predicate<Destination> expects,
            Set<Protocol> portsNamed,
            BiPredicate<Protocol, Integer> ports,
            Truth background,
            Duration poll,
            boolean push,
            Truth crypto,
            long uplinkLimit) {
        this(
                category,
                approved,
                serviceClasses,
                named,
                expects,
                portsNamed,
                ports,
                background,
                poll,
                push ? Set.of(Behaviour.PUSH) : Set.of(),
                crypto,
                uplinkLimit);
    }

    /** An app of a category that somebody has approved of, and of which nothing else is written. */
    public static AppRole approved(String category) {
        return NONE.inCategory(category, true);
    }

    private AppRole inCategory(String name, boolean approvedOf) {
        return new AppRole(
                name,
                approvedOf,
                serviceClasses,
                named,
                expects,
                portsNamed,
                ports,
                background,
                poll,
                silent,
                crypto,
                uplinkLimit);
    }

    /** Whether its category does so by itself. */
    boolean does(Behaviour behaviour) {
        return silent.contains(behaviour);
    }

    /** Whether it is written down that it goes there; other destinations may be written down or not. */
    boolean goesTo(Destination destination) {
        return expects.test(destination);
    }

    /** Whether what is written down leaves this port out. */
    boolean forbids(Protocol protocol, int port) {
        return portsNamed.contains(protocol) && !ports.test(protocol, port);
    }

    /** Whether what is written down names this port. */
    boolean names(Protocol protocol, int port) {
        return portsNamed.contains(protocol) && ports.test(protocol, port);
    }
}
