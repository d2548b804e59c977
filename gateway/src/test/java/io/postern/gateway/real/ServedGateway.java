package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.gateway.meters.Scrape;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * {@code ./postern serve} as a process, on ports of the system's choice that its log tells. It must end as it should:
 * {@link #stop} asks by SIGTERM and wants exit code 0 and a log without a fault.
 */
public final class ServedGateway implements AutoCloseable {

    /** The system chooses the port. */
    private static final int ANY = 0;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** All it may say: no warning, no stack, no buffer that nobody gave back, whatever a peer does. */
    private static final String INFORMATION = "\\d{4}-\\d\\d-\\d\\dT\\S+ INFO  .*";

    private final Path dir;
    private final FlowLines lines;
    private final RunningProgram process;

    private ServedGateway(Path dir, RunningProgram process) {
        this.dir = dir;
        this.lines = new FlowLines(dir.resolve("flows.ndjson"));
        this.process = process;
    }

    /**
     * Starts a gateway of tenant {@code acme} with one tag key, an admin listener and records; its limits suit the file
     * descriptors of any machine, so that it has nothing to warn of.
     *
     * @param dir for everything it reads and writes
     * @param more the other settings as YAML, listeners among them
     * @param policy one policy file
     */
    public static ServedGateway start(Path dir, String more, String policy) throws IOException {
        prepare(dir, more, policy, ANY);
        return serve(dir, launcher(dir));
    }

    /** Starts one whose admin listener is where it was each time it is started {@link #again}. */
    static ServedGateway start(Path dir, String more, String policy, int adminPort) throws IOException {
        prepare(dir, more, policy, adminPort);
        return serve(dir, launcher(dir));
    }

    /** Starts one in a network that is not the machine's. */
    static ServedGateway start(Networks networks, Path dir, String more, String policy) throws IOException {
        prepare(dir, more, policy, ANY);
        return again(networks, dir);
    }

    /** Starts one anew that has ended, with the settings it had. */
    public static ServedGateway again(Path dir) throws IOException {
        return serve(dir, launcher(dir));
    }

    /** The same in its network. */
    static ServedGateway again(Networks networks, Path dir) throws IOException {
        return serve(dir, launcher(dir).behind(networks.entry(Networks.Place.GATEWAY)));
    }

    private static void prepare(Path dir, String more, String policy, int adminPort) throws IOException {
        Path key = dir.resolve("k1");
        Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(key, "a secret of the tests, long enough.");
        Files.writeString(dir.resolve("policy.yaml"), policy);
        Files.writeString(dir.resolve("postern.yaml"), more + """
                        admin: {bind: '127.0.0.1:%d'}
                        state: {dir: var}
                        limits: {flows: 256}
                        records: {flows: {file: flows.ndjson}}
                        policy: {files: [policy.yaml]}
                        """.formatted(adminPort));
    }

    /** One that has begun to start, and may not be ready yet. */
    public static ServedGateway starting(Path dir, String more, String policy) throws IOException {
        prepare(dir, more, policy, ANY);
        return serve(dir, launcher(dir), " starting version=");
    }

    private static ServedGateway serve(Path dir, Program launcher) {
        return serve(dir, launcher, " ready admin=");
    }

    private static ServedGateway serve(Path dir, Program launcher, String until) {
        RunningProgram process = launcher.start("serve", "--config", "postern.yaml");
        try {
            process.awaitOutput(Pattern.compile(until));
            return new ServedGateway(dir, process);
        } catch (AssertionError e) {
            process.close();
            throw e;
        }
    }

    /** The launcher, on the JDK the tests run on. */
    static Program launcher(Path dir) throws IOException {
        Path root = root();
        // The build these tests are part of has just packaged the product; the launcher need not do it again.
        Path built = root.resolve("gateway/target/postern/.built");
        if (Files.notExists(built)) {
            Files.createFile(built);
        }
        Files.setLastModifiedTime(built, FileTime.from(Instant.now()));
        return new Program(root.resolve("postern"), dir)
                .with("JAVA_HOME", System.getProperty("java.home"))
                .with("POSTERN_JAVA_OPTS", "-Xmx512m -Dio.netty.leakDetection.level=paranoid");
    }

    static Path root() {
        return Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
                .takeWhile(folder -> folder != null)
                .filter(folder -> Files.isRegularFile(folder.resolve("postern")))
                .findFirst()
                .orElseThrow(() ->
                        new AssertionError("no launcher above " + Path.of("").toAbsolutePath()));
    }

    public int port(String listener) {
        return port(Pattern.compile(" listening name=" + listener + " address=\\S*:(\\d+)"));
    }

    int adminPort() {
        return port(Pattern.compile(" ready admin=\\S*:(\\d+)"));
    }

    private int port(Pattern line) {
        MatchResult found = process.awaitOutput(line);
        return Integer.parseInt(found.group(1));
    }

    String url(String listener) {
        return "http://127.0.0.1:" + port(listener);
    }

    /** What {@code enroll} prints for app {@code app} of device LC01, with further options. */
    String enroll(String gateway, String app, String... more) throws IOException {
        Program.Ended ended = launcher(dir)
                .run(Stream.concat(
                                Stream.of("enroll", "--config", "postern.yaml", "--device", "LC01", "--app", app),
                                Stream.concat(Stream.of("--gateway", gateway, "--format", "curl"), Stream.of(more)))
                        .toList());
        assertThat(ended.exit()).as(ended.err()).isZero();
        return ended.out();
    }

    /** The tag {@code enroll} makes for {@code app}, as {@code user:password}. */
    String tag(String app) throws IOException {
        String line = enroll(url("apps"), app)
                .lines()
                .filter(each -> each.startsWith("proxy-user"))
                .findFirst()
                .orElseThrow();
        return line.substring(line.indexOf('"') + 1, line.lastIndexOf('"'));
    }

    /** The first flow record that is as wanted; waits for it. */
    public JsonNode record(Predicate<JsonNode> wanted) {
        return lines.first(wanted);
    }

    public List<JsonNode> records() throws IOException {
        return lines.all();
    }

    /** The value of one sample line of {@code /metrics}, zero when there is none. */
    double metric(String sample) throws IOException, InterruptedException {
        return new Scrape(admin("/metrics").body()).count(sample);
    }

    public HttpResponse<String> admin(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    /** Asks it to end; {@link #stop} waits for that. */
    public void terminate() {
        process.terminate();
    }

    /** SIGHUP: look at the files again. */
    public void hangUp() {
        process.signal("HUP");
    }

    /** SIGKILL: it ends where it is. */
    public void kill() {
        process.signal("KILL");
        process.awaitExit();
    }

    public void awaitLog(String words) {
        process.awaitOutput(Pattern.compile(Pattern.quote(words)));
    }

    /** Waits until it accepts nothing more. */
    public void awaitRefusal(int port) {
        await().atMost(PATIENCE).until(() -> {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return !socket.isConnected();
            } catch (ConnectException refused) {
                return true;
            }
        });
    }

    /** Ends it in order and holds it to that. */
    public void stop() {
        process.terminate();
        ended();
    }

    /** Waits for the end that was asked for; exit code 0, and nothing in its log that should not be there. */
    public void ended() {
        int exit = process.awaitExit();
        assertThat(exit).as(process.story("exit code")).isZero();
        assertThat((process.out() + process.err()).lines())
                .allSatisfy(line -> assertThat(line).matches(INFORMATION))
                .last()
                .asString()
                .contains(" stopped clean=true");
    }

    /** Ends it in whatever state a failed test left it. */
    @Override
    public void close() {
        process.close();
    }
}
