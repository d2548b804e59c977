package io.postern.helm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.gateway.demo.DemoWorld;
import io.postern.gateway.identity.CompactTag;
import io.postern.gateway.identity.TagKeyMaterial;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every query of every panel, as Grafana would ask it, of a real Prometheus (Debian) that has scraped two gateways: that of the
 * demo with its two weeks, and a process of its own for what the demo has not, names and an operator at work. Grafana itself is
 * in no package of Debian: what it makes of the files is not looked at.
 */
@Tag("real")
class DashboardsIT {

    /** To the end of the weeks on any machine; most findings come late in them. */
    private static final Duration WEEKS = Duration.ofMinutes(20);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What Grafana puts for its variables where all gateways are chosen, of a time in which a scrape is a second. */
    private static final Map<String, String> VARIABLES = Map.of(
            "$__rate_interval", "10s",
            "$__range", "2m",
            "$namespace", ".*",
            "$instance", ".*");

    /** Asks for the address of localhost, which is answered without asking anybody. */
    private static final byte[] QUESTION =
            HexFormat.of().parseHex("123401000001000000000000" + "096c6f63616c686f737400" + "00010001");

    private static final String SECRET = "k".repeat(40);

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Test
    void promtoolReadsEveryQuery(@TempDir Path folder) throws IOException, InterruptedException {
        StringBuilder rules = new StringBuilder("groups:\n  - name: panels\n    rules:\n");
        int number = 0;
        for (Target target : targets()) {
            rules.append("      - {record: \"panel:n")
                    .append(number++)
                    .append("\", expr: ")
                    .append(JsonMapper.shared().writeValueAsString(target.asked()))
                    .append("}\n");
        }
        Path file = Files.writeString(folder.resolve("panels.yaml"), rules, UTF_8);
        Process promtool = new ProcessBuilder("promtool", "check", "rules", file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(promtool.getInputStream().readAllBytes(), UTF_8);

        assertThat(promtool.waitFor()).as(said).isZero();
        assertThat(said).contains("SUCCESS: " + number + " rules found");
    }

    @Test
    void noPanelIsEmpty(@TempDir Path folder) throws Exception {
        try (DemoWorld demo = DemoWorld.open(1, Clock.systemUTC());
                Gateway gateway = Gateway.start(folder, settings(folder));
                Prometheus prometheus = Prometheus.start(folder, List.of(demo.admin(), gateway.admin()))) {
            Instant from = Instant.now();
            await().atMost(PATIENCE)
                    .until(() ->
                            prometheus.values("postern_kill_switch", "instance").size() == 2);
            operate(gateway, folder);
            demo.run(WEEKS, done -> {});
            demo.play(WEEKS, hour -> {});
            answerOne(demo);
            await("a scrape after the last of it")
                    .atMost(PATIENCE)
                    .until(() ->
                            positive(prometheus.over("max(postern_false_positive_budget_ratio)", from, Instant.now())));

            List<String> wrong = new ArrayList<>();
            Instant to = Instant.now();
            for (Dashboard dashboard : Dashboard.all()) {
                for (Dashboard.Panel panel : dashboard.panels()) {
                    List<JsonNode> answers = new ArrayList<>();
                    for (Target target : targets(dashboard, panel.title())) {
                        JsonNode series = prometheus.over(target.asked(), from, to);
                        answers.add(series);
                        if (points(series).findAny().isEmpty()) {
                            wrong.add(dashboard.name() + ": " + panel.title() + ": no series: " + target.asked());
                        }
                    }
                    if (!panel.quiet() && answers.stream().noneMatch(DashboardsIT::positive)) {
                        wrong.add(dashboard.name() + ": " + panel.title() + ": nothing but zero");
                    }
                }
            }
            assertThat(wrong).isEmpty();
        }
    }

    /** A query as it stands in what Grafana reads. */
    private record Target(String panel, String expression) {
        String asked() {
            String asked = expression;
            for (Map.Entry<String, String> variable : VARIABLES.entrySet()) {
                asked = asked.replace(variable.getKey(), variable.getValue());
            }
            assertThat(asked).as("a variable that is not known here").doesNotContain("$");
            return asked;
        }
    }

    private static List<Target> targets() throws IOException {
        List<Target> all = new ArrayList<>();
        for (Dashboard dashboard : Dashboard.all()) {
            all.addAll(targets(dashboard));
        }
        return all;
    }

    private static List<Target> targets(Dashboard dashboard, String panel) throws IOException {
        List<Target> targets = targets(dashboard).stream()
                .filter(target -> target.panel().equals(panel))
                .toList();
        assertThat(targets).as(panel).isNotEmpty();
        return targets;
    }

    private static List<Target> targets(Dashboard dashboard) throws IOException {
        return JsonMapper.shared()
                .readTree(Files.readString(DashboardsTest.MADE.resolve(dashboard.uid() + ".json"), UTF_8))
                .path("panels")
                .valueStream()
                .flatMap(panel -> panel.path("targets")
                        .valueStream()
                        .map(target -> new Target(
                                panel.path("title").asString(),
                                target.path("expr").asString())))
                .toList();
    }

    private static Stream<Double> points(JsonNode series) {
        return series.valueStream()
                .flatMap(one -> one.path("values").valueStream())
                .map(point -> point.path(1).asString())
                .filter(value -> !value.equals("NaN"))
                .map(value -> value.replace("Inf", "Infinity"))
                .map(Double::valueOf);
    }

    private static boolean positive(JsonNode series) {
        return points(series).anyMatch(value -> value > 0);
    }

    private static String settings(Path folder) throws IOException, InterruptedException {
        Certificate.mint(folder);
        Files.writeString(folder.resolve("policy.yaml"), "{}\n", UTF_8);
        Path key = Files.writeString(folder.resolve("key"), SECRET, UTF_8);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        return """
                listeners:
                  - {name: apps, type: http-connect, bind: "127.0.0.1:0"}
                  - {name: gw, type: http-connect, bind: "127.0.0.1:0", tls: {certificate: tls.crt, key: tls.key}}
                  - {name: names, type: dns, bind: "127.0.0.1:0", networks: ["127.0.0.1/32"]}
                identity: {tenant: acme, tag-keys: [{id: k1, secret-file: key}]}
                upstream: {allow-networks: ["127.0.0.1/32"]}
                response: {webhook: {url: "http://127.0.0.1:9/", secret-file: key}}
                limits: {flows: 1000}
                policy: {files: [policy.yaml]}
                admin: {bind: "127.0.0.1:0"}
                state: {dir: %s}
                """.formatted(folder.resolve("var"));
    }

    /**
     * A day of operators and strangers: names, a client without a tag, an upstream that is not there, somebody contained of
     * whom a receiver is told that is not there either, policy that changes.
     */
    private static void operate(Gateway gateway, Path folder) throws IOException, InterruptedException {
        ask(gateway.address("names"));
        assertThat(connect(gateway, "a.example:443", "")).isEqualTo("407");
        CompactTag tag = CompactTag.sign(
                new TagKeyMaterial("k1", SECRET.getBytes(UTF_8)),
                "acme",
                "LC08",
                "work",
                "com.acme.mail",
                Instant.now().plus(Duration.ofDays(1)).getEpochSecond());
        String credentials = Base64.getEncoder().encodeToString((tag.user() + ":" + tag.password()).getBytes(UTF_8));
        assertThat(connect(gateway, "127.0.0.1:9", "Proxy-Authorization: Basic " + credentials + "\r\n"))
                .as("nobody listens there")
                .isEqualTo("502");
        int contained = send(gateway.admin(), gateway.token(), "POST", "/v1/quarantine", """
                {"device": "LC09", "ttl": "1h", "reason": "Being looked at."}
                """);
        assertThat(contained).isEqualTo(201);
        Files.writeString(folder.resolve("policy.yaml"), "roles: {}\n", UTF_8);
        awaitReload(gateway, "applied");
        Files.writeString(folder.resolve("policy.yaml"), "rolls: {}\n", UTF_8);
        awaitReload(gateway, "rejected");
    }

    /** The status that a CONNECT is answered with. */
    private static String connect(Gateway gateway, String target, String fields) throws IOException {
        try (Socket client = new Socket()) {
            client.connect(gateway.address("apps"));
            client.getOutputStream()
                    .write(("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n" + fields + "\r\n")
                            .getBytes(UTF_8));
            return new String(client.getInputStream().readNBytes(12), UTF_8).replace("HTTP/1.1 ", "");
        }
    }

    private static void awaitReload(Gateway gateway, String result) {
        await(result)
                .atMost(PATIENCE)
                .until(() -> gateway.metrics()
                        .lines()
                        .filter(line -> line.startsWith("postern_policy_reloads_total{result=\"" + result))
                        .anyMatch(line -> !line.endsWith(" 0.0")));
    }

    private static void ask(InetSocketAddress names) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.send(new DatagramPacket(QUESTION, QUESTION.length, names));
            DatagramPacket answer = new DatagramPacket(new byte[512], 512);
            socket.receive(answer);
            assertThat(answer.getLength()).isGreaterThan(QUESTION.length);
        }
    }

    /** Somebody looks at a finding of the demo and finds it wrong. */
    private static void answerOne(DemoWorld demo) throws IOException, InterruptedException {
        HttpRequest list = HttpRequest.newBuilder(demo.admin().resolve("/v1/findings"))
                .header("Authorization", "Bearer " + demo.adminToken())
                .build();
        JsonNode findings = JsonMapper.shared()
                .readTree(HTTP.send(list, HttpResponse.BodyHandlers.ofString()).body());
        String uid = findings.at("/findings/0/finding_info/uid").asString();
        int answered = send(demo.admin(), demo.adminToken(), "PATCH", "/v1/findings/" + uid, """
                {"status": "closed", "verdict": "false-positive", "reason": "A test of ours."}
                """);
        assertThat(answered).as("%s of %s", uid, findings.propertyNames()).isEqualTo(200);
    }

    private static int send(URI admin, String token, String method, String path, String body)
            throws IOException, InterruptedException {
        return HTTP.send(
                        HttpRequest.newBuilder(admin.resolve(path))
                                .method(method, HttpRequest.BodyPublishers.ofString(body))
                                .header("Authorization", "Bearer " + token)
                                .header("Content-Type", "application/json")
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
