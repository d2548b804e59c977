package io.postern.helm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Debian's Prometheus as a process of its own: scrapes gateways each second, with the rules of the chart. */
final class Prometheus implements AutoCloseable {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final URI api;

    private Prometheus(Process process, URI api) {
        this.process = process;
        this.api = api;
    }

    /** @param gateways where they are asked for their metrics */
    static Prometheus start(Path folder, List<URI> gateways) throws IOException, InterruptedException {
        int port = free();
        String targets = gateways.stream()
                .map(gateway -> "\"" + gateway.getAuthority() + "\"")
                .collect(Collectors.joining(", "));
        Path config = Files.writeString(
                folder.resolve("prometheus.yml"), """
                global: {scrape_interval: 1s, evaluation_interval: 1s}
                rule_files: ["%s"]
                scrape_configs:
                  - {job_name: postern, static_configs: [{targets: [%s]}]}
                """.formatted(Rules.FILE.toAbsolutePath(), targets), UTF_8);
        Process process = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("tsdb"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--log.level=warn")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
        Prometheus started = new Prometheus(process, URI.create("http://127.0.0.1:" + port));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!started.ready()) {
            if (!process.isAlive() || System.nanoTime() >= deadline) {
                started.close();
                throw new AssertionError(
                        "Prometheus did not get ready:\n" + Files.readString(folder.resolve("prometheus.log"), UTF_8));
            }
            process.waitFor(100, TimeUnit.MILLISECONDS);
        }
        return started;
    }

    private static int free() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    private boolean ready() throws InterruptedException {
        try {
            return HTTP.send(
                                    HttpRequest.newBuilder(api.resolve("/-/ready"))
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** What a query comes to from one time to another, a point a second: series with their points. */
    JsonNode over(String query, Instant from, Instant to) throws IOException, InterruptedException {
        return ask("/api/v1/query_range?step=1&start=" + from.getEpochSecond() + "&end=" + to.getEpochSecond()
                        + "&query=" + URLEncoder.encode(query, UTF_8))
                .path("result");
    }

    /** The values of a label of a metric. */
    List<String> values(String metric, String label) throws IOException, InterruptedException {
        return ask("/api/v1/label/" + label + "/values?match[]=".replace("[]", "%5B%5D")
                        + URLEncoder.encode(metric, UTF_8))
                .valueStream()
                .map(JsonNode::asString)
                .toList();
    }

    private JsonNode ask(String what) throws IOException, InterruptedException {
        String body = HTTP.send(
                        HttpRequest.newBuilder(api.resolve(what))
                                .timeout(PATIENCE)
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        JsonNode answer = JsonMapper.shared().readTree(body);
        if (!answer.path("status").asString().equals("success")) {
            throw new AssertionError(what + ": " + body);
        }
        return answer.path("data");
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
