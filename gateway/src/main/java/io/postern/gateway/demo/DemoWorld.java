package io.postern.gateway.demo;

import io.postern.config.GatewaySettings;
import io.postern.config.SecretFile;
import io.postern.config.SettingsReader;
import io.postern.config.document.Reading;
import io.postern.config.policy.PolicyWatcher;
import io.postern.gateway.Gateway;
import io.postern.gateway.identity.CompactTag;
import io.postern.gateway.identity.TagKeyMaterial;
import java.io.IOException;
import java.io.InputStream;
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
import java.util.Set;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/**
 * A real gateway on loopback with origins before it and devices behind it. The names of the origins lead to loopback
 * ports by {@code upstream.hosts}; everything else is as in production, the files too, in a temporary folder.
 */
public final class DemoWorld implements AutoCloseable {

    private static final int DEVICES_AT_ONCE = 8;
    /** A host that resolves to a private address, as a rebinding name would. */
    private static final String REBINDING = "router.lan.example";

    private final Clock clock;
    private final Path dir;
    private final List<Errand> errands;
    private final Origins origins;
    private final Certificate certificate;
    private final TagKeyMaterial key;
    private final Gateway gateway;
    private final AtomicBoolean closed = new AtomicBoolean();

    private DemoWorld(
            Clock clock,
            Path dir,
            List<Errand> errands,
            Origins origins,
            Certificate certificate,
            TagKeyMaterial key,
            Gateway gateway) {
        this.clock = clock;
        this.dir = dir;
        this.errands = errands;
        this.origins = origins;
        this.certificate = certificate;
        this.key = key;
        this.gateway = gateway;
    }

    /** Starts origins and gateway, and writes the gateway's files. */
    public static DemoWorld open(long seed, Clock clock) throws IOException {
        List<Errand> errands = Scenario.of(seed);
        Path dir = Files.createTempDirectory("postern-demo");
        Set<String> names = new LinkedHashSet<>();
        errands.forEach(errand -> names.add(errand.host()));
        Certificate certificate = Certificate.of(List.copyOf(names), clock);
        Origins origins = Origins.open(certificate);
        writeSecret(dir.resolve("k1"));
        try (InputStream policy = DemoWorld.class.getResourceAsStream("policy.yaml")) {
            if (policy == null) {
                throw new IllegalStateException("no resource policy.yaml");
            }
            Files.copy(policy, dir.resolve("policy.yaml"));
        }
        Files.writeString(dir.resolve("postern.yaml"), settings(errands, origins));
        Reading<GatewaySettings> reading = SettingsReader.read(dir.resolve("postern.yaml"), Map.of());
        GatewaySettings settings = reading.value()
                .orElseThrow(() -> new IllegalStateException("the demo's own settings: " + reading.problems()));
        Gateway gateway = Gateway.start(
                settings,
                new PolicyWatcher(settings.policy().files(), settings.policy().base(), clock),
                clock);
        TagKeyMaterial key = new TagKeyMaterial("k1", SecretFile.read(dir.resolve("k1")));
        return new DemoWorld(clock, dir, errands, origins, certificate, key, gateway);
    }

    private static void writeSecret(Path file) throws IOException {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        Files.writeString(file, Base64.getUrlEncoder().encodeToString(secret));
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }

    private static String settings(List<Errand> errands, Origins origins) {
        Map<String, String> hosts = new LinkedHashMap<>();
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
                listeners: [{name: apps, type: http-connect, bind: "127.0.0.1:0"}]
                identity: {tenant: demo, tag-keys: [{id: k1, secret-file: k1}]}
                upstream:
                  allow-networks: ["127.0.0.1/32"]
                  hosts:
                """ + lines + """
                policy: {files: [policy.yaml]}
                limits: {flows: 200}
                state: {dir: var}
                records: {flows: {file: flows.ndjson}}
                admin: {bind: "127.0.0.1:0"}
                """;
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
        DeviceClient client =
                new DeviceClient(gateway.addresses().values().iterator().next(), certificate.client(), this::tag);
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

    /** Stops the gateway, so that every record is written, and reads them. */
    public List<FlowRow> finish() throws IOException {
        gateway.drain();
        return FlowRow.read(dir.resolve("flows.ndjson"));
    }

    @Override
    public void close() throws IOException {
        if (closed.getAndSet(true)) {
            return;
        }
        gateway.close();
        origins.close();
        try (Stream<Path> files = Files.walk(dir)) {
            Collection<Path> deepestFirst =
                    new ArrayList<>(files.sorted(Comparator.reverseOrder()).toList());
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        }
    }
}
