package io.postern.config;

import io.postern.analytics.context.FactKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where what others know of devices comes in.
 *
 * @param skew how far an event may be ahead of our clock
 * @param kept how long events are kept on the disk
 * @param keptBytes of events on the disk at most; the oldest go first
 * @param silence without a word for so long, a source knows nothing of a device any more
 * @param batchedSilence the same of what comes in batches
 * @param devices in memory at most
 */
public record ContextSettings(
        Bind bind,
        Optional<ListenSettings.Tls> tls,
        Duration skew,
        Duration kept,
        long keptBytes,
        Duration silence,
        Duration batchedSilence,
        int devices,
        List<Source> sources) {

    public ContextSettings {
        sources = List.copyOf(sources);
    }

    /**
     * Who tells, of which devices, and what.
     *
     * @param devices ids, or beginnings of ids that end with {@code *}
     * @param reports what it may tell; see {@link #promises} for what its silence means
     * @param rate events a second
     * @param profile of events that name none
     */
    public record Source(
            String name,
            Optional<Path> tokenFile,
            Optional<Certificate> certificate,
            Optional<Push> push,
            Optional<Webhook> webhook,
            List<String> devices,
            Set<FactKind> reports,
            int rate,
            String profile) {
        /** Not interaction, of which it knows a dismissed keyguard only, nor cryptography, of which the life of keys. */
        private static final Set<FactKind> MANAGEMENTS =
                Set.of(FactKind.LOCK, FactKind.INVENTORY, FactKind.POSTURE, FactKind.FLOW_OWNER);

        public Source {
            devices = List.copyOf(devices);
            reports = Set.copyOf(reports);
        }

        /** Of which its silence means no. Of the rest Android Management tells a part at most, whatever is declared. */
        public Set<FactKind> promises() {
            return push.isEmpty()
                    ? reports
                    : reports.stream().filter(MANAGEMENTS::contains).collect(Collectors.toUnmodifiableSet());
        }
    }

    /**
     * Whose certificate it shows.
     *
     * @param subject RFC 4514
     * @param san {@code dns:}, {@code uri:} or {@code email:} and the name
     */
    public record Certificate(Optional<String> subject, Optional<String> san) {}

    /** What a Pub/Sub push must prove by its OpenID Connect token. */
    public record Push(Path jwksFile, String issuer, String audience, String email) {}

    /**
     * Where a webhook's JSON has what an event needs: pointers (RFC 6901), from each item where {@code items} points to a
     * list.
     *
     * @param events from the word at {@code event} to our event's name
     * @param attributes by our names
     * @param constants attributes that are always the same
     * @param signature absent: the source shows its token
     */
    public record Webhook(
            Optional<String> items,
            Optional<String> id,
            String device,
            Optional<String> profile,
            String time,
            Optional<String> app,
            String event,
            Map<String, String> events,
            Map<String, String> attributes,
            Map<String, Map<String, String>> constants,
            Optional<Signature> signature) {
        public Webhook {
            events = Map.copyOf(events);
            attributes = Map.copyOf(attributes);
            constants = Map.copyOf(constants);
        }
    }

    /** HMAC-SHA256 of the body in hexadecimal, in a header field, after a prefix that may be empty. */
    public record Signature(String header, String prefix, Path secretFile) {}
}
