package io.postern.config;

import io.postern.analytics.baseline.BaselineSettings;
import io.postern.analytics.finding.BookSettings;
import io.postern.dns.memory.AnswerLogSettings;
import io.postern.dns.resolve.DnsSettings;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything {@code postern.yaml} can say; the schema beside it documents each key, its default and bounds. */
public record GatewaySettings(
        List<ListenSettings> listeners,
        List<CollectorSettings> collectors,
        Optional<ContextSettings> context,
        Identity identity,
        Upstream upstream,
        Dns dns,
        Sniff sniff,
        Datagrams datagrams,
        Limits limits,
        PolicyFiles policy,
        Services services,
        Baselines baselines,
        AnalyticsSettings analytics,
        BookSettings findings,
        EvidenceSettings evidence,
        ResponseSettings response,
        ExceptionSettings exceptions,
        PrivacySettings privacy,
        State state,
        Records records,
        Admin admin,
        RuntimeSettings runtime,
        Drain drain) {

    public GatewaySettings {
        listeners = List.copyOf(listeners);
        collectors = List.copyOf(collectors);
    }

    /** Who may speak, and how a tag is verified. */
    public record Identity(
            String tenant,
            List<TagKey> tagKeys,
            Unattributed unattributed,
            List<String> renewal,
            Optional<Jwt> jwt,
            Path revokedFile,
            Optional<Path> addressesFile,
            Optional<Radius> radius) {
        public Identity {
            tagKeys = List.copyOf(tagKeys);
            renewal = List.copyOf(renewal);
        }
    }

    /** Whose tokens are taken. */
    public record Jwt(Path jwksFile, String issuer, String audience) {}

    /**
     * Who tells by RADIUS accounting which device has which inner address.
     *
     * @param sessions of each client
     */
    public record Radius(
            Bind bind,
            List<RadiusClient> clients,
            DeviceAttribute device,
            String profile,
            boolean requireMessageAuthenticator,
            boolean requireEventTimestamp,
            Duration timestampWindow,
            Duration sessionTimeout,
            int sessions) {
        public Radius {
            clients = List.copyOf(clients);
        }
    }

    /**
     * One that may tell.
     *
     * @param sources prefixes its requests come from
     * @param networks prefixes it may speak for; none: all
     */
    public record RadiusClient(String name, List<String> sources, Path secretFile, List<String> networks) {
        public RadiusClient {
            sources = List.copyOf(sources);
            networks = List.copyOf(networks);
        }
    }

    /**
     * Where a request has the device.
     *
     * @param vendor SMI number; 0 for the standard
     * @param prefix of the value, before the device; may be empty
     */
    public record DeviceAttribute(int vendor, int type, String prefix) {}

    /** One key of compact tags; all verify, the first signs. */
    public record TagKey(String id, Path secretFile) {}

    /** What happens to a flow without a valid tag. */
    public enum Unattributed {
        REFUSE,
        ADMIT
    }

    /**
     * How the world is dialled.
     *
     * @param hosts {@code name} or {@code name:port} to addresses or {@code address:port}, instead of asking DNS
     */
    public record Upstream(
            List<String> allowNetworks,
            List<String> denyNetworks,
            Duration connectTimeout,
            Duration idleTimeout,
            Duration halfClosedTimeout,
            int dialsPerDestination,
            Map<String, List<String>> hosts) {
        public Upstream {
            allowNetworks = List.copyOf(allowNetworks);
            denyNetworks = List.copyOf(denyNetworks);
            hosts = Map.copyOf(hosts);
        }
    }

    /**
     * Where names are asked, and what devices may ask.
     *
     * @param cacheEntries names of flows whose addresses are kept
     * @param cacheSize bytes of answers kept, about
     * @param serveStale how long an answer is kept beyond its time, for when no server answers; zero for not at all
     * @param queriesPerSecond of one source
     * @param sinkhole addresses that are told where {@code blocked} is so
     * @param answerLog of what devices were told, to name their flows by
     */
    public record Dns(
            List<String> upstreams,
            Map<String, List<InetAddress>> bootstrap,
            Optional<Path> caFile,
            Duration timeout,
            int cacheEntries,
            long cacheSize,
            Duration serveStale,
            int queriesPerSecond,
            int lookups,
            int lookupsPerDevice,
            BlockedAnswer blocked,
            List<InetAddress> sinkhole,
            AnswerLogSettings answerLog,
            DnsAnswers answers) {
        public Dns {
            sinkhole = List.copyOf(sinkhole);
            upstreams = List.copyOf(upstreams);
            bootstrap = Map.copyOf(bootstrap);
        }

        /** How names are found. */
        public DnsSettings names() {
            return new DnsSettings(upstreams, bootstrap, timeout, cacheEntries, lookups);
        }
    }

    /** What is told of a name that must not be found. */
    public enum BlockedAnswer {
        NXDOMAIN,
        REFUSED,
        SINKHOLE
    }

    /** How long and how much a flow is watched before its protocol is called unknown. */
    public record Sniff(int maxBytes, int maxHelloBytes, Duration timeout, Duration serverFirst, long memory) {}

    /**
     * Sessions of UDP.
     *
     * @param newPerSecond that one device may begin
     * @param unansweredTimeout while nothing has come back
     * @param amplification bytes that may come back for one, until the client has sent again after an answer
     */
    public record Datagrams(
            int sessions, int newPerSecond, Duration idleTimeout, Duration unansweredTimeout, int amplification) {}

    /**
     * Caps on what clients can make the gateway hold.
     *
     * @param relayMemory 0 for half of the JVM's direct memory
     */
    public record Limits(
            int flows,
            int flowsPerDevice,
            int clientsPerSource,
            long requestMemory,
            long relayMemory,
            Duration requestTimeout,
            Duration tlsHandshakeTimeout) {}

    /**
     * Which policy files apply, as paths or glob patterns.
     *
     * @param base the folder that relative ones start from
     * @param managed whether the one file is the gateway's own and may still have to be made
     */
    public record PolicyFiles(List<String> files, Path base, boolean managed) {
        public PolicyFiles {
            files = List.copyOf(files);
        }

        /** Files that somebody else keeps. */
        public PolicyFiles(List<String> files, Path base) {
            this(files, base, false);
        }

        /** From the working directory. */
        public PolicyFiles(List<String> files) {
            this(files, Path.of(""));
        }
    }

    /**
     * What destinations are known for.
     *
     * @param file absent: the shipped list
     */
    public record Services(Optional<Path> file) {}

    /**
     * What is learnt of apps' traffic, and what becomes of it.
     *
     * @param learn whether flows are learnt from; what was approved holds either way
     * @param reviewAfter an approval that names no day of its own must be given again
     */
    public record Baselines(boolean learn, BaselineSettings learning, Duration reviewAfter) {}

    /** Where the gateway keeps what must survive a restart. */
    public record State(Path dir) {

        /** Whether a file is below it, and so the gateway's to make. */
        public boolean holds(Path file) {
            return file.toAbsolutePath()
                    .normalize()
                    .startsWith(dir.toAbsolutePath().normalize());
        }
    }

    /**
     * Where records go.
     *
     * @param dns of what devices ask the gateway's own resolver
     * @param auditKeepFor how old an entry of the audit log may become; zero: it is kept for good
     */
    public record Records(RecordFile flows, RecordFile findings, RecordFile dns, Duration auditKeepFor) {}

    /**
     * One file of NDJSON records with rotation.
     *
     * @param file absent: no such records
     * @param keep rotated files kept besides the current one
     * @param keepFor how old a line may become; zero: files go by their number alone
     */
    public record RecordFile(Optional<Path> file, long maxSize, int keep, int queue, Duration keepFor) {

        /** Of which files go by their number alone. */
        public RecordFile(Optional<Path> file, long maxSize, int keep, int queue) {
            this(file, maxSize, keep, queue, Duration.ZERO);
        }
    }

    /**
     * Health, metrics and the API.
     *
     * @param api whether there is more than health and metrics
     * @param tokens who may use the API
     * @param firstToken where a first admin token is put when {@code tokens} has yet to be made; absent: it is there
     * @param hosts what a loopback listener may be called besides its addresses
     * @param flowEvents kept in memory
     * @param streams followed at one time
     */
    public record Admin(
            Bind bind,
            boolean api,
            Path tokens,
            Optional<Path> firstToken,
            Optional<ListenSettings.Tls> tls,
            List<ClientCertificate> clientCertificates,
            List<String> hosts,
            int flowEvents,
            int streams) {
        public Admin {
            clientCertificates = List.copyOf(clientCertificates);
            hosts = List.copyOf(hosts);
        }
    }

    /**
     * Whose certificate opens the admin API.
     *
     * @param subject RFC 4514
     * @param san {@code dns:}, {@code uri:} or {@code email:} and the name
     */
    public record ClientCertificate(String name, AdminRole role, Optional<String> subject, Optional<String> san) {}

    /**
     * Threads and sockets.
     *
     * @param eventLoops 0: one for each processor
     * @param detectionThreads 0: one for every two processors
     */
    public record RuntimeSettings(Transport transport, int eventLoops, int detectionThreads) {}

    /** Which of Netty's transports carries the flows. */
    public enum Transport {
        AUTO,
        EPOLL,
        IO_URING,
        NIO
    }

    /** How the gateway stops. */
    public record Drain(Duration delay, Duration timeout) {}
}
