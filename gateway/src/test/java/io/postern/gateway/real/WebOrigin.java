package io.postern.gateway.real;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/**
 * A web server on loopback: the JDK's own, so one more HTTP implementation that is not ours.
 *
 * <pre>
 * /bytes/N   N bytes, the same at every time
 * /digest    what was sent: "LENGTH SHA-256 FRAMING"
 * /seen      the request as it arrived: its line, then its fields, one a line
 * </pre>
 */
final class WebOrigin implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private WebOrigin(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        on("/bytes/", WebOrigin::bytes);
        on("/digest", WebOrigin::digest);
        on("/seen", WebOrigin::seen);
        server.start();
    }

    static WebOrigin plain() throws IOException {
        return new WebOrigin(HttpServer.create(loopback(), 0));
    }

    static WebOrigin tls(SSLContext context) throws IOException {
        HttpsServer server = HttpsServer.create(loopback(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return new WebOrigin(server);
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    int port() {
        return server.getAddress().getPort();
    }

    void on(String path, HttpHandler handler) {
        server.createContext(path, handler);
    }

    static void answer(HttpExchange exchange, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    /** What {@code /bytes/N} answers. */
    static byte[] content(int length) {
        byte[] content = new byte[length];
        for (int index = 0; index < length; index++) {
            // No short period: bytes lost or doubled in the middle show.
            content[index] = (byte) (index * 31 + (index >>> 8) * 7 + (index >>> 16));
        }
        return content;
    }

    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    private static void bytes(HttpExchange exchange) throws IOException {
        byte[] content =
                content(Integer.parseInt(exchange.getRequestURI().getPath().substring("/bytes/".length())));
        exchange.sendResponseHeaders(200, content.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(content);
        }
    }

    private static void digest(HttpExchange exchange) throws IOException {
        MessageDigest digest = digest();
        long length = 0;
        byte[] some = new byte[64 * 1024];
        try (InputStream in = exchange.getRequestBody()) {
            for (int count = in.read(some); count >= 0; count = in.read(some)) {
                digest.update(some, 0, count);
                length += count;
            }
        }
        String framing = exchange.getRequestHeaders().containsKey("Transfer-Encoding") ? "chunked" : "length";
        answer(exchange, "text/plain", length + " " + HexFormat.of().formatHex(digest.digest()) + " " + framing + "\n");
    }

    private static void seen(HttpExchange exchange) throws IOException {
        StringBuilder seen = new StringBuilder();
        seen.append(exchange.getRequestMethod()).append(' ');
        seen.append(exchange.getRequestURI()).append(' ');
        seen.append(exchange.getProtocol()).append('\n');
        for (Map.Entry<String, List<String>> field :
                exchange.getRequestHeaders().entrySet()) {
            field.getValue()
                    .forEach(value -> seen.append(field.getKey())
                            .append(": ")
                            .append(value)
                            .append('\n'));
        }
        answer(exchange, "text/plain", seen.toString());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
