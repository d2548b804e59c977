package io.postern.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.postern.config.policy.Policy;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.meters.Scrape;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AdminServerTest {
    /** Where a promise broken would hang, it fails instead. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final String OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final AtomicBoolean loopsTurn = new AtomicBoolean(true);
    private final AtomicBoolean policyLoaded = new AtomicBoolean(true);
    private final AtomicBoolean serving = new AtomicBoolean(true);
    private final Meters meters = new Meters();
    private final Health health = new Health()
            .alive("event loops stuck", loopsTurn::get)
            .ready("policy not loaded", policyLoaded::get)
            .ready("draining", serving::get);
    private final HttpClient http = HttpClient.newHttpClient();
    private final Api api = new Api(health, meters, true, List.of("admin.acme.example"), Optional.empty());
    private AdminListener server = serving(Duration.ofSeconds(10));
    private InetSocketAddress address = new InetSocketAddress(0);

    @BeforeEach
    void start() {
        address = bind(server);
        meters.policyApplied(Policy.EMPTY);
    }

    @AfterEach
    void stop() {
        server.close().join();
        meters.close();
    }

    @Test
    void aGatewayThatRunsIsAliveAndReady() throws Exception {
        assertThat(get("/livez").statusCode()).isEqualTo(200);
        HttpResponse<String> ready = get("/readyz");

        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(ready.body()).isEqualTo("{\"status\":\"ready\",\"reasons\":[]}");
        assertThat(ready.headers().firstValue("content-type")).contains("application/json");
    }

    @Test
    void whatIsMissingIsNamed() throws Exception {
        policyLoaded.set(false);
        serving.set(false);
        HttpResponse<String> ready = get("/readyz");

        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body()).isEqualTo("{\"status\":\"unready\",\"reasons\":[\"policy not loaded\",\"draining\"]}");
        assertThat(get("/livez").statusCode()).as("a restart would not help").isEqualTo(200);
    }

    @Test
    void whatIsStuckIsNeitherAliveNorReady() throws Exception {
        loopsTurn.set(false);

        assertThat(get("/livez").statusCode()).isEqualTo(503);
        assertThat(get("/livez").body()).isEqualTo("{\"status\":\"stuck\",\"reasons\":[\"event loops stuck\"]}");
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
    }

    @Test
    void aConditionThatFailsToAnswerDoesNotHold() throws Exception {
        health.ready("store unreachable", () -> {
            throw new IllegalStateException("no store");
        });

        assertThat(get("/readyz").body()).isEqualTo("{\"status\":\"unready\",\"reasons\":[\"store unreachable\"]}");
    }

    @Test
    void metricsComeAsPrometheusTextUnlessAskedOtherwise() throws Exception {
        HttpResponse<String> text = get("/metrics?name=ignored");
        HttpResponse<String> open = get("/metrics", "accept", "application/openmetrics-text;version=1.0.0,*/*;q=0.1");

        assertThat(text.headers().firstValue("content-type")).contains(PROMETHEUS);
        assertThat(new Scrape(text.body()).names()).contains("postern_flows_total", "jvm_memory_used_bytes");
        assertThat(open.headers().firstValue("content-type")).contains(OPENMETRICS);
        assertThat(new Scrape(open.body()).ended()).isTrue();
    }

    @Test
    void everyAnswerForbidsSniffingAndStoring() throws Exception {
        for (String path : List.of("/livez", "/readyz", "/metrics", "/nothing")) {
            HttpResponse<String> answer = get(path);

            assertThat(answer.headers().firstValue("x-content-type-options"))
                    .as(path)
                    .contains("nosniff");
            assertThat(answer.headers().firstValue("cache-control")).as(path).contains("no-store");
        }
    }

    @Test
    void headSaysWhatGetWouldWithoutTheBody() throws Exception {
        HttpResponse<String> head = send("/readyz", "HEAD", BodyPublishers.noBody());

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValueAsLong("content-length"))
                .hasValue(get("/readyz").body().length());
        assertThat(head.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/livez/", "/v1/flows", "/metrics/../livez", "/%6civez", "/<script>"})
    void everythingElseIsNotFound(String path) throws Exception {
        String answer = raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 404 Not Found\r\n").contains("application/problem+json");
        JsonNode problem = JsonMapper.shared().readTree(answer.substring(answer.indexOf("\r\n\r\n") + 4));
        assertThat(problem.at("/status").asInt()).isEqualTo(404);
        assertThat(problem.at("/type").asString()).isEqualTo("about:blank");
        assertThat(answer).as("nothing the client said comes back").doesNotContain("script");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "get"})
    void onlyReadingIsAllowed(String method) throws Exception {
        assertThat(raw(method + " /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 405 Method Not Allowed\r\n")
                .containsIgnoringCase("\r\nallow: GET, HEAD\r\n");
    }

    @Test
    void aBodyIsRefusedAndTheAnswerStillArrives() throws Exception {
        HttpResponse<String> answer = send("/livez", "GET", BodyPublishers.ofByteArray(new byte[4 * 1024 * 1024]));

        assertThat(answer.statusCode()).isEqualTo(413);
    }

    @Test
    void whatIsNotHttpIsABadRequest() throws Exception {
        assertThat(raw("\u0016\u0003\u0001\u0002\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(raw("GET /livez HTTP/1.1\r\nbad header\u0001: x\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(raw("GET /" + "x".repeat(5_000) + " HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 414 ");
        assertThat(raw("GET /livez HTTP/1.1\r\nx: " + "x".repeat(9_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost", "LOCALHOST:9090", "127.0.0.1:1", "127.8.9.1", "[::1]:80", "Admin.acme.example"})
    void aLoopbackListenerAnswersToItsNames(String host) throws Exception {
        assertThat(raw("GET /livez HTTP/1.1\r\nHost: " + host + "\r\n\r\n")).startsWith("HTTP/1.1 200 ");
    }

    /** A page of attacker.example whose address was changed to 127.0.0.1 sends its own name. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "attacker.example",
                "localhost.attacker.example",
                "127.0.0.1.attacker.example",
                "10.0.0.1",
                "",
                "[",
                "a:b:c"
            })
    void aLoopbackListenerAnswersToNoOtherName(String host) throws Exception {
        assertThat(raw("GET /metrics HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
                .startsWith("HTTP/1.1 421 Misdirected Request\r\n")
                .contains("application/problem+json");
    }

    /** RFC 9112 section 3.2.2: what the target names counts, not Host. */
    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({
        "http://localhost/livez, 200",
        "HTTPS://127.0.0.1:9090/livez?x=1, 200",
        "http://attacker.example/livez, 421",
        "http:///livez, 421",
        "http://localhost, 404",
        "ftp://localhost/livez, 404",
    })
    void theAbsoluteFormIsTaken(String target, String status) throws Exception {
        assertThat(raw("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 " + status);
    }

    @Test
    void aRequestHasOneHost() throws Exception {
        assertThat(raw("GET /livez HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(raw("GET /livez HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
        assertThat(raw("GET /livez HTTP/1.0\r\n\r\n")).contains(" 200 OK\r\n");
    }

    @Test
    void onlyTheFirstOfManyPipelinedRequestsIsAnswered() throws Exception {
        String answer = raw("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(500));

        assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").containsOnlyOnce("HTTP/1.1");
    }

    @Test
    void aClientThatSaysNothingIsCutOff() throws Exception {
        restart(Duration.ofSeconds(2));
        try (Socket silent = connect();
                Socket slow = connect()) {
            slow.getOutputStream().write("GET /met".getBytes(StandardCharsets.US_ASCII));

            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            assertThat(slow.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aClientThatNeitherReadsNorLeavesIsCutOff() throws Exception {
        restart(Duration.ofSeconds(2));
        try (Socket slow = new Socket()) {
            slow.setReceiveBufferSize(1_024);
            slow.connect(address);
            slow.getOutputStream()
                    .write("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(get("/livez").statusCode())
                    .as("others are served meanwhile")
                    .isEqualTo(200);
            await("nobody takes what it sends")
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThatThrownBy(
                                    () -> slow.getOutputStream().write(0))
                            .isInstanceOf(IOException.class));
        }
    }

    @Test
    void idleConnectionsKeepNoProbeOut() throws Exception {
        List<Socket> hoard = new ArrayList<>();
        try {
            for (int each = 0; each < AdminListener.MAX_CONNECTIONS + 10; each++) {
                hoard.add(connect());
            }

            assertThat(get("/livez").statusCode()).isEqualTo(200);
            assertThat(hoard.get(0).getInputStream().read())
                    .as("the oldest made room")
                    .isEqualTo(-1);
        } finally {
            for (Socket socket : hoard) {
                socket.close();
            }
        }
    }

    @Test
    void anAddressInUseIsAnErrorAndNotAHang() {
        AdminListener second = serving(Duration.ofSeconds(10));

        assertThatThrownBy(() -> second.bind(address).join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(BindException.class);
        second.close().join();
    }

    @Test
    void afterClosingNobodyListens() throws Exception {
        try (Socket idle = connect()) {
            assertThat(get("/livez").statusCode())
                    .as("the one before was accepted too")
                    .isEqualTo(200);
            server.close().join();

            assertThat(idle.getInputStream().read()).isEqualTo(-1);
            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        }
    }

    private void restart(Duration connectionLife) {
        server.close().join();
        server = serving(connectionLife);
        address = bind(server);
    }

    private AdminListener serving(Duration connectionLife) {
        AdminListener listener = new AdminListener(true, api.hosts(), Optional.empty(), connectionLife);
        listener.serve(api);
        return listener;
    }

    private static InetSocketAddress bind(AdminListener server) {
        return server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .join();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }

    /** Everything the server says until it ends the connection. */
    private String raw(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(PATIENCE);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> send(String path, String method, HttpRequest.BodyPublisher body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(uri(path))
                        .timeout(PATIENCE)
                        .method(method, body)
                        .build(),
                BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + address.getPort() + path);
    }
}
