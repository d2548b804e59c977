package io.postern.gateway.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A gateway that is another process, such as a container: a command, which is given the folder of its files and runs as long as
 * the gateway does. Its clock must show what the file {@code now} in that folder says at the moment: milliseconds since 1970, 8
 * bytes in the machine's order.
 */
final class OtherGateway implements PlayedGateway {

    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long LOOK_NANOS = 100_000;
    private static final long ASK_NANOS = 5_000_000;
    private static final String WAITING = "postern_analytic_keys{table=\"detection-queue\"} ";
    private static final List<String> LISTENERS = List.of("apps", "socks", "context", "admin");

    private final Path dir;
    private final Map<String, Integer> ports;
    private final FleetOrigin origin;
    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    /** One word of memory that is written at once, so that nobody reads half of a time. */
    private final MappedByteBuffer now;

    private long millis;

    private OtherGateway(Path dir, Map<String, Integer> ports, FleetOrigin origin, long beginMillis, String command)
            throws IOException {
        this.dir = dir;
        this.ports = ports;
        this.origin = origin;
        try (FileChannel file = FileChannel.open(
                dir.resolve("now"), StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            now = file.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES);
        }
        now.order(ByteOrder.nativeOrder());
        reach(beginMillis);
        process = new ProcessBuilder(command, dir.toString())
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("gateway.log").toFile())
                .start();
    }

    /** Ports that are free now, for the files of a gateway that says to nobody which it took. */
    static Map<String, Integer> ports() throws IOException {
        Map<String, Integer> ports = new LinkedHashMap<>();
        for (String listener : LISTENERS) {
            try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getByAddress(LOOPBACK))) {
                ports.put(listener, any.getLocalPort());
            }
        }
        return ports;
    }

    /**
     * Starts it and waits until it is ready.
     *
     * @param origin to whom its flows go, and who sees them end
     */
    static OtherGateway start(
            Path dir, Map<String, Integer> ports, FleetOrigin origin, long beginMillis, String command)
            throws IOException {
        OtherGateway other = new OtherGateway(dir, ports, origin, beginMillis, command);
        try {
            other.await(
                    ASK_NANOS, "did not get ready", () -> other.ask("/readyz").statusCode() == 200);
            return other;
        } catch (IOException e) {
            other.close();
            throw e;
        }
    }

    @Override
    public InetSocketAddress address(String listener) {
        Integer port = ports.get(listener);
        if (port == null) {
            throw new IllegalStateException("no listener " + listener);
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public URI admin() {
        return URI.create("http://127.0.0.1:" + address("admin").getPort());
    }

    @Override
    public void reach(long atMillis) {
        millis = Math.max(millis, atMillis);
        now.putLong(0, millis);
    }

    @Override
    public long millis() {
        return millis;
    }

    @Override
    public void catchUp() throws IOException {
        await(
                ASK_NANOS,
                "does not catch up",
                () -> ask("/metrics")
                        .body()
                        .lines()
                        .anyMatch(line ->
                                line.startsWith(WAITING) && Double.parseDouble(line.substring(WAITING.length())) == 0));
    }

    /** By its other side: when it has let go of an origin it has seen the end of the flow. */
    @Override
    public void awaitFlows(int alive) throws IOException {
        await(LOOK_NANOS, "did not see a flow end", () -> origin.alive() <= alive);
    }

    @Override
    public void stop() throws IOException {
        process.destroy();
        await(ASK_NANOS, "does not end", () -> !process.isAlive());
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private void await(long eachNanos, String otherwise, Condition condition) throws IOException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!holds(condition)) {
            if (System.nanoTime() - until >= 0 || Thread.currentThread().isInterrupted()) {
                throw new IOException("the gateway " + otherwise + "; it said:\n"
                        + Files.readString(dir.resolve("gateway.log"), StandardCharsets.UTF_8));
            }
            LockSupport.parkNanos(eachNanos);
        }
    }

    /** One that does not answer is not there yet, or no more. */
    private static boolean holds(Condition condition) {
        try {
            return condition.holds();
        } catch (IOException notThere) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private HttpResponse<String> ask(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(admin().resolve(path)).timeout(PATIENCE).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
