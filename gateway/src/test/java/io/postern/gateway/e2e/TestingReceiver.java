package io.postern.gateway.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A receiver of webhooks on loopback that answers as the test says. */
final class TestingReceiver implements AutoCloseable {

    private static final Duration WITHIN = Duration.ofSeconds(30);

    private final HttpServer server;
    private final String scheme;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private volatile int status = 204;
    private volatile String location = "";

    /** One request as it came. */
    record Received(String path, String id, String timestamp, String signature, String body) {

        JsonNode json() {
            return new JsonMapper().readTree(body);
        }

        String type() {
            return json().at("/type").asString();
        }
    }

    private TestingReceiver(HttpServer server, String scheme) {
        this.server = server;
        this.scheme = scheme;
        server.createContext("/", this::take);
        server.start();
    }

    static TestingReceiver start() throws IOException {
        return start(0);
    }

    static TestingReceiver start(int port) throws IOException {
        return new TestingReceiver(HttpServer.create(here(port), 0), "http");
    }

    static TestingReceiver tls(SSLContext context) throws IOException {
        HttpsServer server = HttpsServer.create(here(0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return new TestingReceiver(server, "https");
    }

    private static InetSocketAddress here(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** As the setting {@code response.webhook.url} has it. */
    String url() {
        return scheme + "://" + (scheme.equals("https") ? "localhost" : "127.0.0.1") + ":" + port() + "/hook?team=soc";
    }

    TestingReceiver answering(int other) {
        status = other;
        return this;
    }

    TestingReceiver redirecting(String where) {
        location = where;
        return answering(307);
    }

    List<Received> received() {
        return received;
    }

    Received await(int number) {
        Awaitility.await().atMost(WITHIN).until(() -> received.size() >= number);
        return received.get(number - 1);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            received.add(new Received(
                    exchange.getRequestURI().toString(),
                    header(exchange, "webhook-id"),
                    header(exchange, "webhook-timestamp"),
                    header(exchange, "webhook-signature"),
                    new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
            if (!location.isEmpty()) {
                exchange.getResponseHeaders().add("location", location);
            }
            exchange.sendResponseHeaders(status, -1);
        }
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
