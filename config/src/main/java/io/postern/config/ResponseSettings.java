package io.postern.config;

import io.postern.analytics.detect.Finding.Severity;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is done beyond one flow.
 *
 * @param killSwitch whether enforcement is switched off
 * @param neverBreak what policy and quarantine leave alone
 * @param webhook who is told; absent: nobody
 */
public record ResponseSettings(
        boolean killSwitch, List<Reachable> neverBreak, Quarantine quarantine, Optional<Webhook> webhook) {
    public ResponseSettings {
        neverBreak = List.copyOf(neverBreak);
    }

    /**
     * How apps and devices are contained.
     *
     * @param longest at most, however often it is extended
     * @param perHour that rules begin
     * @param entries at one time
     * @param help whom to ask
     * @param allow what stays reachable
     * @param resolvers DNS servers that devices may ask for its names themselves, beside those that the gateway asks
     * @param keepFor how long one that is over is known; zero: until there are too many
     */
    public record Quarantine(
            Duration ttl,
            Duration longest,
            int perHour,
            int entries,
            String help,
            List<Reachable> allow,
            List<InetAddress> resolvers,
            Duration keepFor) {
        public Quarantine {
            allow = List.copyOf(allow);
            resolvers = List.copyOf(resolvers);
        }

        /** Of which the last are known however long they are over. */
        public Quarantine(
                Duration ttl, Duration longest, int perHour, int entries, String help, List<Reachable> allow) {
            this(ttl, longest, perHour, entries, help, allow, List.of(), Duration.ZERO);
        }
    }

    /**
     * What some apps may reach.
     *
     * @param apps packages; none: every app
     * @param hosts domain patterns in lower case, and prefixes
     */
    public record Reachable(Set<String> apps, List<String> hosts, Set<Integer> ports) {
        public Reachable {
            apps = Set.copyOf(apps);
            hosts = List.copyOf(hosts);
            ports = Set.copyOf(ports);
        }
    }

    /**
     * A receiver that is told over HTTP.
     *
     * @param caFile certificates that sign the receiver's; absent: those that the Java runtime trusts
     * @param severity of findings, at least
     * @param giveUp a letter that nobody has taken for so long is set aside
     * @param timeout of one try
     * @param queue letters that wait at most
     */
    public record Webhook(
            URI url,
            Path secretFile,
            Optional<Path> caFile,
            Severity severity,
            Duration giveUp,
            Duration timeout,
            int queue,
            Path deadLetters) {}
}
