package io.postern.gateway.demo;

import io.postern.config.GatewaySettings;
import io.postern.config.SecretFile;
import io.postern.config.SettingsReader;
import io.postern.config.document.Reading;
import io.postern.gateway.identity.CompactTag;
import io.postern.gateway.identity.TagKeyMaterial;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real gateway on loopback with origins before it and devices behind it. The names of the origins lead to loopback
 * ports by {@code upstream.hosts}; everything else is as in production, the files too, in a temporary folder.
 */
public final class DemoWorld implements AutoCloseable {

    private static final int DEVICES_AT_ONCE = 8;
    private static final int HOURS_OF_DAY = 24;
    private static final String AGENT = "agent";
    /** A host that resolves to a private address, as a rebinding name would. */
    private static final String REBINDING = "router.lan.example";

    private final Path dir;
    private final List<Errand> errands;
    private final FleetScenario fleet;
    private final Origins origins;
    private final FleetOrigin fleetOrigin;
    private final Certificate certificate;
    private final TagKeyMaterial key;
    private final PlayedGateway gateway;
    private final Clock clock;
    private final AtomicBoolean closed = new AtomicBoolean();

    private DemoWorld(
            Clock clock,
            Path dir,
            List<Errand> errands,
            FleetScenario fleet,
            Origins origins,
            FleetOrigin fleetOrigin,
            Certificate certificate,
            TagKeyMaterial key,
            PlayedGateway gateway) {
        this.clock = clock;
        this.dir = dir;
        this.errands = errands;
        this.fleet = fleet;
        this.origins = origins;
        this.fleetOrigin = fleetOrigin;
        this.certificate = certificate;
        this.key = key;
        this.gateway = gateway;
    }

    /**
     * Starts origins and gateway, and writes the gateway's files.
     *
     * @param clock of this machine; devices and gateway have their own
     */
    public static DemoWorld open(long seed, Clock clock) throws IOException {
        return open(seed, clock, Optional.empty());
    }

    /**
     * The same with a gateway that another process is.
     *
     * @param command that starts it, see {@link OtherGateway}; absent: one of this process
     */
    public static DemoWorld open(long seed, Clock clock, Optional<String> command) throws IOException {
        return open(Scenario.of(seed), new FleetScenario(seed), clock, command);
    }

    private static DemoWorld open(List<Errand> errands, FleetScenario fleet, Clock clock, Optional<String> command)
            throws IOException {
        Path dir = Files.createTempDirectory("postern-demo");
        Set<String> names = new LinkedHashSet<>();
        errands.forEach(errand -> names.add(errand.host()));
        Certificate certificate = Certificate.of(List.copyOf(names), clock);
        Origins origins = Origins.open(certificate);
        FleetOrigin fleetOrigin = FleetOrigin.open();
        writeSecret(dir.resolve("k1"));
        writeSecret(dir.resolve(AGENT));
        try (InputStream policy = DemoWorld.class.getResourceAsStream("policy.yaml")) {
            if (policy == null) {
                throw new IllegalStateException("no resource policy.yaml");
            }
            Files.copy(policy, dir.resolve("policy.yaml"));
        }
        Map<String, Integer> ports = command.isPresent() ? OtherGateway.ports() : Map.of();
        Files.writeString(dir.resolve("postern.yaml"), settings(errands, origins, fleet, fleetOrigin, ports));
        PlayedGateway gateway;
        if (command.isPresent()) {
            gateway = OtherGateway.start(dir, ports, fleetOrigin, fleet.beginMillis(), command.get());
        } else {
            Reading<GatewaySettings> reading = SettingsReader.read(dir.resolve("postern.yaml"), Map.of());
            GatewaySettings settings = reading.value()
                    .orElseThrow(() -> new IllegalStateException("the demo's own settings: " + reading.problems()));
            gateway = OwnGateway.start(settings, fleet.beginMillis(), clock);
        }
        TagKeyMaterial key = new TagKeyMaterial("k1", SecretFile.read(dir.resolve("k1")));
        return new DemoWorld(clock, dir, errands, fleet, origins, fleetOrigin, certificate, key, gateway);
    }

    private static void writeSecret(Path file) throws IOException {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        Files.writeString(file, Base64.getUrlEncoder().encodeToString(secret));
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }

    private static String settings(
            List<Errand> errands,
            Origins origins,
            FleetScenario fleet,
            FleetOrigin fleetOrigin,
            Map<String, Integer> ports) {
        Map<String, String> hosts = new LinkedHashMap<>();
        fleet.places().forEach(to -> hosts.put(to.host() + ":" + to.port(), "127.0.0.1:" + fleetOrigin.port()));
        for (Errand errand : errands) {
            hosts.put(
                    errand.host() + ":" + errand.port(),
                    errand.host().equals(REBINDING) ? "192.168.1.1" : "127.0.0.1:" + origins.port(errand.speech()));
        }
        hosts.remove("169.254.169.254:80");
        StringBuilder lines = new StringBuilder();
        hosts.forEach((from, to) ->
                lines.append("    \"").append(from).append("\": \"").append(to).append("\"\n"));
        return """
                listeners:
                  - {name: apps, type: http-connect, bind: "127.0.0.1:%d"}
                  - {name: socks, type: socks5, bind: "127.0.0.1:%d"}
                identity: {tenant: demo, tag-keys: [{id: k1, secret-file: k1}]}
                upstream:
                  allow-networks: ["127.0.0.1/32"]
                  hosts:
                """.formatted(ports.getOrDefault("apps", 0), ports.getOrDefault("socks", 0))
                + lines
                + """
                policy: {files: [policy.yaml]}
                context:
                  bind: "127.0.0.1:%d"
                  sources:
                    - name: agent
                      token-file: agent
                      devices: ["*"]
                      rate: 100000
                      reports: [lock, app-state, interaction, background-start, protected-resource, crypto, staging, inventory, posture]
                limits: {flows: 1000}
                datagrams: {sessions: 1000}
                state: {dir: var}
                records: {flows: {file: flows.ndjson}, findings: {file: findings.ndjson}}
                admin: {bind: "127.0.0.1:%d"}
                """.formatted(ports.getOrDefault("context", 0), ports.getOrDefault("admin", 0));
    }

    public int devices() {
        return fleet.devices()
                + (int) errands.stream()
                        .map(Errand::device)
                        .filter(id -> !id.equals("-"))
                        .distinct()
                        .count();
    }

    /** Of device time. */
    public int days() {
        return fleet.days();
    }

    /** How many hours of device time the fleet has. */
    public int hours() {
        return HOURS_OF_DAY * fleet.days();
    }

    /**
     * Plays the fleet's weeks.
     *
     * @param atMost when it is over, the rest of the weeks is left out
     * @param progress told how many hours of device time have passed
     */
    public Weeks play(Duration atMost, IntConsumer progress) throws IOException {
        long end = System.nanoTime() + atMost.toNanos();
        String token = new String(SecretFile.read(dir.resolve(AGENT)), StandardCharsets.US_ASCII);
        try (FleetPlayer player = new FleetPlayer(gateway, token, this::longTag, certificate.client())) {
            boolean whole = player.play(fleet.happenings(), end, now -> progress.accept(hour(now)));
            return new Weeks(
                    fleet.devices(), fleet.days(), whole, hour(gateway.millis()), player.flows(), player.facts());
        }
    }

    private int hour(long millis) {
        return (int) Math.min(
                hours(), Duration.ofMillis(millis - fleet.beginMillis()).toHours());
    }

    /**
     * What was played.
     *
     * @param whole whether to the end
     * @param hours of device time
     */
    public record Weeks(int devices, int days, boolean whole, int hours, long flows, long facts) {}

    /** What is hidden in the fleet. */
    public List<FleetScenario.Planted> planted() {
        return fleet.planted();
    }

    /** Where the gateway is asked as its operators ask it. */
    public URI admin() {
        return gateway.admin();
    }

    /** The token that the gateway made for them when it began. */
    public String adminToken() throws IOException {
        return Files.readString(dir.resolve("var/admin/token")).strip();
    }

    /** How many errands there are to run. */
    public int size() {
        return errands.size();
    }

    /**
     * Has the devices run their errands, several at once.
     *
     * @param atMost when it is over, what has not begun is left out
     * @param progress told how many are done
     * @return how many were run
     */
    public int run(Duration atMost, IntConsumer progress) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        ExecutorService devices = Executors.newFixedThreadPool(DEVICES_AT_ONCE);
        DeviceClient client = new DeviceClient(gateway.address("apps"), certificate.client(), this::tag);
        ExecutorCompletionService<String> running = new ExecutorCompletionService<>(devices);
        int done = 0;
        try {
            errands.forEach(errand -> running.submit(() -> client.run(errand)));
            while (done < errands.size()) {
                Future<String> next = running.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (next == null) {
                    break;
                }
                progress.accept(++done);
            }
        } finally {
            devices.shutdownNow();
        }
        return done;
    }

    private CompactTag longTag(String device, String app) {
        long expiry = clock.instant().plus(Duration.ofDays(2L * fleet.days())).getEpochSecond();
        return CompactTag.sign(key, "demo", device, "work", app, expiry);
    }

    private CompactTag tag(Errand errand) {
        long now = clock.instant().getEpochSecond();
        CompactTag tag = CompactTag.sign(
                key,
                "demo",
                errand.device(),
                "work",
                errand.app(),
                errand.credentials() == Errand.Credentials.EXPIRED ? now - 60 : now + 3600);
        return errand.credentials() == Errand.Credentials.FORGED
                ? new CompactTag(tag.user(), tag.password().replace(errand.app(), "com.acme.admin"))
                : tag;
    }

    /** Stops the gateway, so that every record is written, and reads those of the errands. */
    public List<FlowRow> finish() throws IOException {
        gateway.stop();
        Set<String> devices = errands.stream().map(Errand::device).collect(Collectors.toSet());
        return FlowRow.read(dir.resolve("flows.ndjson"), devices);
    }

    @Override
    public void close() throws IOException {
        if (closed.getAndSet(true)) {
            return;
        }
        gateway.close();
        origins.close();
        fleetOrigin.close();
        try (Stream<Path> files = Files.walk(dir)) {
            Collection<Path> deepestFirst =
                    new ArrayList<>(files.sorted(Comparator.reverseOrder()).toList());
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        }
    }
}
