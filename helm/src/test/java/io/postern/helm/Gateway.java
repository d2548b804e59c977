package io.postern.helm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The product as a process of its own. */
final class Gateway implements AutoCloseable {

    private static final Pattern READY = Pattern.compile("ready admin=\\S*:(\\d+)");

    private final Path folder;
    private final Process process;
    private final URI admin;

    private Gateway(Path folder, Process process, URI admin) {
        this.folder = folder;
        this.process = process;
        this.admin = admin;
    }

    /** Starts it in a folder, with these settings; back when it is ready. */
    static Gateway start(Path folder, String settings) throws IOException {
        Path file = Files.writeString(folder.resolve("postern.yaml"), settings, UTF_8);
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.postern.gateway.cli.Postern",
                        "serve",
                        "--config",
                        file.toString()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (process.isAlive() && System.nanoTime() < deadline) {
            Matcher ready = READY.matcher(Files.readString(folder.resolve("log"), UTF_8));
            if (ready.find()) {
                return new Gateway(folder, process, URI.create("http://127.0.0.1:" + ready.group(1)));
            }
            waitFor(process, 50);
        }
        process.destroyForcibly();
        throw new AssertionError("the gateway did not get ready:\n" + Files.readString(folder.resolve("log"), UTF_8));
    }

    URI admin() {
        return admin;
    }

    /** Where a listener is, by its name. */
    InetSocketAddress address(String listener) throws IOException {
        Matcher address = Pattern.compile("listening name=" + listener + " address=/([0-9.]+):(\\d+)")
                .matcher(Files.readString(folder.resolve("log"), UTF_8));
        if (!address.find()) {
            throw new AssertionError("no listener " + listener);
        }
        return new InetSocketAddress(address.group(1), Integer.parseInt(address.group(2)));
    }

    /** The token that it made for its operators. */
    String token() throws IOException {
        return Files.readString(folder.resolve("var/admin/token"), UTF_8).strip();
    }

    String metrics() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(admin.resolve("/metrics")).build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Override
    public void close() {
        process.destroy();
        if (!waitFor(process, 30_000)) {
            process.destroyForcibly();
        }
    }

    private static boolean waitFor(Process process, long millis) {
        try {
            return process.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
