package io.postern.gateway.real;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The receiver of docs/webhook.md, beside an imitation of the Android Management API that writes down what it is asked. */
@Tag("real")
class WebhookReceiverIT {

    private static final String SECRET = "a key of the tests that is long enough";

    @TempDir
    Path dir;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile int status = 200;
    private HttpServer api;
    private RunningProgram receiver;
    private HttpClient client;
    private URI url;

    @BeforeEach
    void start() throws Exception {
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path script = Files.copy(Path.of("../docs/examples/amapi_receiver.py"), dir.resolve("amapi_receiver.py"));
        Path secret = Files.writeString(dir.resolve("hook"), SECRET + "\n");
        Path token = Files.writeString(dir.resolve("token"), "an-access-token\n");
        SelfSigned certificate = SelfSigned.mint(dir, "localhost");
        Files.setPosixFilePermissions(certificate.key(), PosixFilePermissions.fromString("rw-r--r--"));
        client = HttpClient.newBuilder().sslContext(trusting(certificate)).build();
        api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.createContext("/", this::answer);
        api.start();
        receiver = Program.installed("python3", "python3", dir)
                .start(
                        script.toString(),
                        "--bind",
                        "127.0.0.1:0",
                        "--secret-file",
                        secret.toString(),
                        "--enterprise",
                        "LC012345",
                        "--token-file",
                        token.toString(),
                        "--certificate",
                        certificate.certificate().toString(),
                        "--key",
                        certificate.key().toString(),
                        "--api",
                        "http://127.0.0.1:" + api.getAddress().getPort());
        String port = receiver.awaitOutput(Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+)"))
                .group(1);
        url = URI.create("https://localhost:" + port + "/");
    }

    private static SSLContext trusting(SelfSigned certificate) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("receiver", certificate.read());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @AfterEach
    void stop() {
        receiver.close();
        api.stop(0);
    }

    /** LC01 has a policy for itself, every other device the one of all. */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            asked.add((exchange.getRequestMethod() + " " + path + " " + body).strip());
            assertThat(exchange.getRequestHeaders().getFirst("Authorization")).isEqualTo("Bearer an-access-token");
            String policy = path.endsWith("/LC01") ? "LC01" : "default";
            byte[] answer = ("{\"policyName\": \"enterprises/LC012345/policies/" + policy + "\"}").getBytes(UTF_8);
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    @Test
    void anAppIsDisabledWhereItsDeviceHasAPolicyOfItsOwnAndEnabledAgain() throws Exception {
        assertThat(post("q-1_created", quarantine("created", "LC01", "com.acme.mail", "")))
                .isEqualTo(204);
        assertThat(asked)
                .containsExactly(
                        "GET /v1/enterprises/LC012345/devices/LC01",
                        "POST /v1/enterprises/LC012345/policies/LC01:modifyPolicyApplications {\"changes\":"
                                + " [{\"application\": {\"packageName\": \"com.acme.mail\", \"disabled\": true},"
                                + " \"updateMask\": \"disabled\"}]}");
        assertThat(post("q-1_created", quarantine("created", "LC01", "com.acme.mail", "")))
                .as("it comes twice")
                .isEqualTo(204);
        assertThat(asked).hasSize(2);

        assertThat(post("q-2_released", quarantine("released", "LC01", "com.acme.mail", ", \"still_contained\": true")))
                .isEqualTo(204);
        assertThat(asked.get(3)).contains("\"disabled\": true");
        assertThat(post(
                        "q-1_released",
                        quarantine("released", "LC01", "com.acme.mail", ", \"still_contained\": false")))
                .isEqualTo(204);
        assertThat(asked.get(5)).contains("\"disabled\": false");
    }

    @Test
    void whatWouldTakeTheAppFromOthersOrIsAWholeDeviceIsLocked() throws Exception {
        String lock = "POST /v1/enterprises/LC012345/devices/LC02:issueCommand {\"type\": \"LOCK\"}";
        post("q-1_created", quarantine("created", "LC02", "com.acme.mail", ""));
        assertThat(asked).containsExactly("GET /v1/enterprises/LC012345/devices/LC02", lock);
        asked.clear();
        post("q-2_created", "{\"type\": \"quarantine.created\", \"data\": {\"device\": \"LC02\"}}");
        assertThat(asked).containsExactly(lock);
        asked.clear();
        post("q-2_released", "{\"type\": \"quarantine.released\", \"data\": {\"device\": \"LC02\"}}");
        post("f-1_high", "{\"type\": \"finding.created\", \"data\": {}}");
        assertThat(asked).isEmpty();
    }

    @Test
    void whatTheApiDoesNotTakeComesAgainAndWhatIsNotSignedDoesNothing() throws Exception {
        String letter = quarantine("created", "LC01", "com.acme.mail", "");
        status = 503;
        assertThat(post("q-1_created", letter)).isEqualTo(502);
        status = 200;
        asked.clear();
        assertThat(send("q-1_created", Instant.now(), "v1,AAAA", letter)).isEqualTo(401);
        Instant old = Instant.now().minusSeconds(301);
        assertThat(send("q-1_created", old, signature("q-1_created", old, letter), letter))
                .isEqualTo(401);
        assertThat(post("q-1_created", quarantine("created", "../LC01", "com.acme.mail", "")))
                .isEqualTo(204);
        assertThat(asked).isEmpty();
        assertThat(post("q-3_created", letter)).isEqualTo(204);
        assertThat(asked).hasSize(2);
    }

    /** The receiver gives each of them ten seconds, one that waits for it here fewer. */
    @Test
    void whoConnectsAndSaysNothingOrNonsenseKeepsNobodyWaiting() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), url.getPort());
                silent.add(socket);
                if (i % 2 == 0) {
                    socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8));
                }
            }
            assertThat(post("q-1_created", quarantine("created", "LC02", "com.acme.mail", "")))
                    .isEqualTo(204);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    private static String quarantine(String what, String device, String app, String more) {
        return "{\"type\": \"quarantine." + what + "\", \"data\": {\"device\": \"" + device + "\", \"app\": \"" + app
                + "\", \"reason\": \"looks odd\"" + more + "}}";
    }

    private int post(String id, String body) throws Exception {
        Instant now = Instant.now();
        return send(id, now, signature(id, now, body), body);
    }

    private int send(String id, Instant at, String signature, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(url)
                .header("webhook-id", id)
                .header("webhook-timestamp", Long.toString(at.getEpochSecond()))
                .header("webhook-signature", signature)
                .timeout(Duration.ofSeconds(8))
                .POST(BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.discarding()).statusCode();
    }

    private static String signature(String id, Instant at, String body) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
        byte[] signed = mac.doFinal((id + "." + at.getEpochSecond() + "." + body).getBytes(UTF_8));
        return "v1," + Base64.getEncoder().encodeToString(signed);
    }
}
