package io.postern.config.policy;

import io.postern.analytics.Verdict;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Protocol;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All policy files, merged.
 *
 * @param version first 12 hex digits of the SHA-256 over the files' bytes in order of their names
 * @param serviceClasses classes added by the files, to the domain patterns that belong to them
 * @param users people, to the devices they carry
 * @param lists names and addresses that others collect
 * @param files of lists and service classes, absolute
 */
public record Policy(
        String version,
        Map<String, Category> categories,
        Map<String, Role> roles,
        Map<String, App> apps,
        List<Rule> rules,
        List<Exemption> exceptions,
        Map<String, List<String>> serviceClasses,
        Map<String, Set<String>> users,
        Map<String, Group> groups,
        Map<String, NameList> lists,
        Set<Path> files) {

    /** Nothing is said: every app is unknown, every flow follows the defaults. */
    public static final Policy EMPTY = new Policy(
            "none", Map.of(), Map.of(), Map.of(), List.of(), List.of(), Map.of(), Map.of(), Map.of(), Map.of());

    public Policy {
        categories = Map.copyOf(categories);
        roles = Map.copyOf(roles);
        apps = Map.copyOf(apps);
        rules = List.copyOf(rules);
        exceptions = List.copyOf(exceptions);
        serviceClasses = Map.copyOf(serviceClasses);
        users = Map.copyOf(users);
        groups = Map.copyOf(groups);
        lists = Map.copyOf(lists);
        files = Set.copyOf(files);
    }

    /** All that was said stands in policy files. */
    public Policy(
            String version,
            Map<String, Category> categories,
            Map<String, Role> roles,
            Map<String, App> apps,
            List<Rule> rules,
            List<Exemption> exceptions,
            Map<String, List<String>> serviceClasses,
            Map<String, Set<String>> users,
            Map<String, Group> groups,
            Map<String, NameList> lists) {
        this(version, categories, roles, apps, rules, exceptions, serviceClasses, users, groups, lists, Set.of());
    }

    /** What verdicts and metrics call the rule that a role is: no written rule can have the name. */
    public static String ruleOf(String role) {
        return "role:" + role;
    }

    /** Devices and people; a person stands for every device they carry. */
    public record Group(Set<String> devices, Set<String> users) {
        public Group {
            devices = Set.copyOf(devices);
            users = Set.copyOf(users);
        }
    }

    /** The groups of every device that is in one. */
    public Map<String, Set<String>> groupsByDevice() {
        Map<String, Set<String>> groupsOf = new HashMap<>();
        groups.forEach((name, group) -> Stream.concat(
                        group.devices().stream(),
                        group.users().stream().flatMap(user -> users.getOrDefault(user, Set.of()).stream()))
                .forEach(device -> groupsOf.computeIfAbsent(device, some -> new HashSet<>())
                        .add(name)));
        return groupsOf;
    }

    /** A kind of app; {@code silent} names behaviours that are normal for it. */
    public record Category(List<String> silent) {
        public Category {
            silent = List.copyOf(silent);
        }
    }

    /**
     * What an enterprise approves an app for.
     *
     * @param ports empty: any; otherwise the ports each named protocol may use
     * @param outside what a flow outside this role gets; absent: allowed (the analytics judge it)
     * @param background what the role does without its user; for the analytics
     * @param crypto whether it encrypts on the device for its own ends; for the analytics
     * @param uplinkLimit bytes a day to one destination beyond which an upload is unusual; for the analytics
     */
    public record Role(
            List<String> serviceClasses,
            List<String> destinations,
            Map<Protocol, List<PortRange>> ports,
            Optional<Effect> outside,
            Optional<Background> background,
            Optional<Crypto> crypto,
            Optional<Long> uplinkLimit) {
        public Role {
            serviceClasses = List.copyOf(serviceClasses);
            destinations = List.copyOf(destinations);
            ports = Map.copyOf(ports);
        }

        /** A role that says nothing to the analytics. */
        public Role(
                List<String> serviceClasses,
                List<String> destinations,
                Map<Protocol, List<PortRange>> ports,
                Optional<Effect> outside) {
            this(serviceClasses, destinations, ports, outside, Optional.empty(), Optional.empty(), Optional.empty());
        }
    }

    /**
     * What a role does in the background.
     *
     * @param poll how often it asks its server then; absent: not said
     */
    public record Background(boolean allowed, Optional<Duration> poll) {}

    /** Whether a role encrypts on the device for its own ends. */
    public enum Crypto {
        EXPECTED,
        UNEXPECTED
    }

    /** One app of the inventory and who answers for it. */
    public record App(
            Optional<String> category,
            Optional<String> role,
            boolean approved,
            Optional<String> owner,
            Optional<String> justification,
            Optional<LocalDate> reviewBy) {}

    /**
     * A written rule. All conditions of {@code when} must hold.
     *
     * @param stage the share of devices in per cent for which the rule's mode holds; for the others it is shadow
     */
    public record Rule(String name, When when, Effect effect, int stage) {
        /** A rule for all devices. */
        public Rule(String name, When when, Effect effect) {
            this(name, when, effect, ALL_DEVICES);
        }

        public static final int ALL_DEVICES = 100;
    }

    /**
     * What to do, and how seriously.
     *
     * @param bytesPerSecond each way, of what is throttled
     */
    public record Effect(Verdict.Action action, Mode mode, long bytesPerSecond) {

        /** Of what is throttled and nothing else is said of. */
        public static final long BYTES_PER_SECOND = 16 << 10;

        public Effect(Verdict.Action action, Mode mode) {
            this(action, mode, BYTES_PER_SECOND);
        }
    }

    /** How far a rule may act. */
    public enum Mode {
        /** Not evaluated. */
        OFF,
        /** Evaluated, counted and recorded; changes nothing. */
        SHADOW,
        /** At most an alert. */
        ALERT,
        /** As written. */
        ENFORCE
    }

    /**
     * The conditions of a rule, or the scope of an exception; an empty set or an absent value asks nothing. Sets hold
     * alternatives.
     *
     * @param groups of the device
     * @param destinations domain patterns ({@code *.acme.example}, {@code acme.example}), addresses or prefixes
     * @param lists of which one must have the destination
     * @param bases how it is known, or why it is not, what the flow speaks
     * @param times windows of which one must be open
     */
    public record When(
            Set<String> apps,
            Set<String> categories,
            Set<String> roles,
            Set<String> groups,
            Set<String> profiles,
            Optional<Boolean> approved,
            Set<String> serviceClasses,
            List<String> destinations,
            Set<String> lists,
            Set<Protocol> protocols,
            Set<Basis> bases,
            Set<PortRange> ports,
            Set<Window> times,
            Facts facts) {

        /** Asks nothing. */
        public static final When ANY = new When(
                Set.of(),
                Set.of(),
                Set.of(),
                Set.of(),
                Set.of(),
                Optional.empty(),
                Set.of(),
                List.of(),
                Set.of(),
                Set.of(),
                Set.of(),
                Set.of(),
                Set.of(),
                Facts.NONE);

        public When {
            apps = Set.copyOf(apps);
            categories = Set.copyOf(categories);
            roles = Set.copyOf(roles);
            groups = Set.copyOf(groups);
            profiles = Set.copyOf(profiles);
            serviceClasses = Set.copyOf(serviceClasses);
            destinations = List.copyOf(destinations);
            lists = Set.copyOf(lists);
            protocols = Set.copyOf(protocols);
            bases = Set.copyOf(bases);
            ports = Set.copyOf(ports);
            times = Set.copyOf(times);
        }
    }

    /** A fact as a rule can ask for it: not knowing is a value, never a false. */
    public enum Fact {
        TRUE,
        FALSE,
        UNKNOWN
    }

    /** Ports from first to last, both included. */
    public record PortRange(int first, int last) {
        public boolean contains(int port) {
            return port >= first && port <= last;
        }
    }

    /**
     * A documented exception: it lifts one rule or one analytic, for its scope, until its day has passed (UTC).
     *
     * @param subject the rule's name or the analytic's id
     */
    public record Exemption(String subject, When scope, String owner, String reason, LocalDate until) {}
}
