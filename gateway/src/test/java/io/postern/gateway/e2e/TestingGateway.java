package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.config.GatewaySettings;
import io.postern.config.SettingsReader;
import io.postern.config.document.Reading;
import io.postern.config.policy.Policy;
import io.postern.config.policy.PolicyReader;
import io.postern.gateway.Gateway;
import io.postern.gateway.analytics.Detecting;
import io.postern.gateway.identity.CompactTag;
import io.postern.gateway.identity.TagKeyMaterial;
import io.postern.gateway.meters.Scrape;
import io.postern.gateway.real.FlowLines;
import io.postern.gateway.real.SelfSigned;
import io.postern.gateway.state.Store;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/** A real gateway on loopback ports of the system's choice, its files in a folder of the test. */
public final class TestingGateway implements AutoCloseable {

    private static final byte[] SECRET = "a secret of the tests, long enough.".getBytes(StandardCharsets.US_ASCII);
    private static final Map<String, CompactTag> TAGS = new ConcurrentHashMap<>();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Path dir;
    private final FlowLines lines;
    private final Gateway gateway;

    private TestingGateway(Path dir, Gateway gateway) {
        this.dir = dir;
        this.lines = new FlowLines(dir.resolve("flows.ndjson"));
        this.gateway = gateway;
    }

    /**
     * Starts with one plain listener named {@code apps}, loopback allowed upstream.
     *
     * @param more further top-level settings as YAML; {@code listeners} replaces the listener
     * @param policy one policy file, or nothing
     */
    public static TestingGateway start(Path dir, String more, String policy) throws IOException {
        return start(dir, more, policy, Clock.systemUTC());
    }

    /** The same by another clock than the system's. */
    public static TestingGateway start(Path dir, String more, String policy, Clock clock) throws IOException {
        return start(dir, more, policy, clock, reader -> reader);
    }

    /** The same with something between the gateway and what reads its policy. */
    public static TestingGateway start(
            Path dir, String more, String policy, Clock clock, UnaryOperator<Supplier<Reading<Policy>>> between)
            throws IOException {
        return start(dir, more, policy, clock, between, Optional.empty());
    }

    /** The same with a detection of the test's own. */
    public static TestingGateway start(Path dir, String more, Clock clock, Detecting detecting) throws IOException {
        return start(dir, more, "", clock, reader -> reader, Optional.of(detecting));
    }

    /** The same with something between the gateway and what it keeps. */
    static TestingGateway onDisk(Path dir, String more, UnaryOperator<Store> between) throws IOException {
        return start(dir, more, "", Clock.systemUTC(), reader -> reader, Optional.empty(), between);
    }

    private static TestingGateway start(
            Path dir,
            String more,
            String policy,
            Clock clock,
            UnaryOperator<Supplier<Reading<Policy>>> between,
            Optional<Detecting> detecting)
            throws IOException {
        return start(dir, more, policy, clock, between, detecting, opened -> opened);
    }

    private static TestingGateway start(
            Path dir,
            String more,
            String policy,
            Clock clock,
            UnaryOperator<Supplier<Reading<Policy>>> between,
            Optional<Detecting> detecting,
            UnaryOperator<Store> disk)
            throws IOException {
        Path key = dir.resolve("k1");
        if (!Files.exists(key)) {
            Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(key, SECRET);
        }
        Files.writeString(dir.resolve("policy.yaml"), policy);
        String listeners = more.contains("listeners:")
                ? ""
                : "listeners: [{name: apps, type: http-connect, bind: '127.0.0.1:0'}]\n";
        String identity = more.contains("identity:")
                ? ""
                : "identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], unattributed: refuse}\n";
        String upstream = more.contains("upstream:") ? "" : "upstream: {allow-networks: ['127.0.0.0/8', '::1/128']}\n";
        // As many as an ordinary user's file descriptors are good for, so that there is nothing to warn of.
        String limits = more.contains("limits:") ? "" : "limits: {flows: 200}\n";
        Files.writeString(
                dir.resolve("postern.yaml"),
                listeners
                        + identity
                        + upstream
                        + limits
                        + (more.contains("admin:") ? "" : "admin: {bind: '127.0.0.1:0'}\n")
                        + "state: {dir: var}\n"
                        + (more.contains("records:") ? "" : "records: {flows: {file: flows.ndjson}}\n")
                        + (policy.isEmpty() ? "" : "policy: {files: [policy.yaml]}\n")
                        + more);
        Reading<GatewaySettings> reading = SettingsReader.read(dir.resolve("postern.yaml"));
        assertThat(reading.problems()).isEmpty();
        GatewaySettings settings = reading.value().orElseThrow();
        return new TestingGateway(
                dir,
                Gateway.start(
                        settings,
                        between.apply(() -> PolicyReader.read(
                                settings.policy().files(), settings.policy().base())),
                        clock,
                        detecting,
                        disk));
    }

    public static TestingGateway start(Path dir) throws IOException {
        return start(dir, "", "");
    }

    /** The setting {@code listeners} of one listener named {@code apps} that speaks TLS. */
    public static String tls(Path dir) throws IOException {
        SelfSigned certificate = SelfSigned.mint(dir, "gateway.acme.example");
        return "listeners: [{name: apps, type: http-connect, bind: '127.0.0.1:0', tls: {certificate: '"
                + certificate.certificate() + "', key: '" + certificate.key() + "'}}]\n";
    }

    public InetSocketAddress address() {
        return address("apps");
    }

    public InetSocketAddress address(String listener) {
        return Optional.ofNullable(gateway.addresses().get(listener)).orElseThrow();
    }

    public Gateway gateway() {
        return gateway;
    }

    public Path dir() {
        return dir;
    }

    /**
     * The tag of device {@code LC01} that is good for half a day, which all tests of a JVM together do not last; the same however
     * often it is asked for.
     */
    public static CompactTag tag(String app) {
        return TAGS.computeIfAbsent(app, some -> tag(some, Duration.ofHours(12)));
    }

    public static CompactTag tag(String app, Duration validity) {
        return tag("LC01", app, validity);
    }

    /** The tag of another device that is good for an hour. */
    public static CompactTag deviceTag(String device) {
        return tag(device, TestingClient.APP, Duration.ofHours(1));
    }

    private static CompactTag tag(String device, String app, Duration validity) {
        return CompactTag.sign(
                new TagKeyMaterial("k1", SECRET),
                "acme",
                device,
                "work",
                app,
                Clock.systemUTC().instant().plus(validity).getEpochSecond());
    }

    /** The same claims by another key or for another tenant. */
    public static CompactTag tag(String keyId, String tenant, CompactTag like) {
        return CompactTag.sign(
                new TagKeyMaterial(keyId, SECRET),
                tenant,
                "LC01",
                "work",
                like.password().substring(0, like.password().indexOf('~')),
                Clock.systemUTC().instant().plus(Duration.ofHours(1)).getEpochSecond());
    }

    public static String basic(CompactTag tag) {
        return "Basic "
                + Base64.getEncoder()
                        .encodeToString((tag.user() + ":" + tag.password()).getBytes(StandardCharsets.US_ASCII));
    }

    /** The first flow record that is as wanted; waits for it. */
    public JsonNode record(Predicate<JsonNode> wanted) {
        return lines.first(wanted);
    }

    /** The first record of a flow to this origin; waits for it. */
    public JsonNode record(TestingOrigin origin) {
        return record(line -> line.at("/dst_endpoint/port").asInt() == origin.port());
    }

    public List<JsonNode> records() throws IOException {
        return lines.all();
    }

    /** The value of one sample line of {@code /metrics}, zero when there is none. */
    public double metric(String sample) throws IOException, InterruptedException {
        return new Scrape(metrics()).count(sample);
    }

    /** Waits until a sample has a value: counters follow the bytes a client sees. */
    public void awaitMetric(String sample, double value) {
        await(sample).atMost(Duration.ofSeconds(30)).until(() -> metric(sample) == value);
    }

    public void awaitMetricAtLeast(String sample, double value) {
        await(sample).atMost(Duration.ofSeconds(30)).until(() -> metric(sample) >= value);
    }

    /** Waits until nothing is left of any flow: none alive, no client connected, no byte held. */
    public void awaitNothingLeft() {
        await().atMost(Duration.ofSeconds(30)).until(() -> gateway.liveFlows() == 0);
        awaitMetric("postern_client_connections", 0);
        awaitMetric("postern_request_held_bytes", 0);
        awaitMetric("postern_sniff_held_bytes", 0);
    }

    /** The first flow has ended for this reason, and nothing is left of any. */
    public void expectEnd(String closeReason) {
        assertThat(record(any -> true).at("/unmapped/postern/close_reason").asString())
                .isEqualTo(closeReason);
        awaitNothingLeft();
    }

    public String metrics() throws IOException, InterruptedException {
        return HTTP.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                        + gateway.adminAddress().getPort() + "/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Override
    public void close() {
        gateway.close();
    }
}
