package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingSource.lock;
import static io.postern.gateway.e2e.TestingSource.taken;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever shows nothing takes no room of the context listener from those that do. Linux has all of 127.0.0.0/8. */
class ContextCrowdIT {

    private static final int MIB = 1 << 20;
    private static final String UNSIGNED = "sha256=" + "0".repeat(64);

    @TempDir
    Path dir;

    private final List<Socket> open = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
    }

    @Test
    void aFloodOfConnectionsEndsNoneThatIsKnown() throws Exception {
        try (TestingGateway gateway = start()) {
            byte[] body = lock("e1", Instant.now(), "LC01", true).getBytes(UTF_8);
            Socket agent = connect(gateway, 1);
            send(agent, head("/v1/context/events", waiting("agent"), body));
            assertThat(line(agent)).startsWith("HTTP/1.1 100 ");
            send(agent, body, 0, 10);
            for (int i = 0; i < 600; i++) {
                connect(gateway, 1 + i % 10);
            }
            gateway.awaitMetric("postern_context_crowded_total", 600 + 1 - 256);
            send(agent, body, 10, body.length - 10);
            assertThat(answer(agent)).contains("HTTP/1.1 202 ");
            taken(TestingSource.of(gateway, "agent").events(lock("e2", Instant.now(), "LC01", false)), 1, 0, 0);
        }
    }

    /** From one address its own go, and those of others stay. */
    @Test
    void anAddressHasAShareOfTheConnections() throws Exception {
        try (TestingGateway gateway = start()) {
            Socket other = connect(gateway, 2);
            for (int i = 0; i < 100; i++) {
                connect(gateway, 1);
            }
            gateway.awaitMetric("postern_context_crowded_total", 100 - 64);
            send(other, "GET / HTTP/1.1\r\nhost: x\r\n\r\n".getBytes(US_ASCII));
            assertThat(answer(other)).startsWith("HTTP/1.1 404 ");
        }
    }

    /** Bodies of signed webhooks are read before it is known whose they are. */
    @Test
    void bodiesOfNobodyKnownHaveRoomOfTheirOwn() throws Exception {
        try (TestingGateway gateway = start()) {
            byte[] part = new byte[3 * MIB];
            List<Socket> floods = new ArrayList<>();
            for (int i = 1; i <= 5; i++) {
                floods.add(connect(gateway, i));
                send(floods.get(i - 1), head("/v1/context/mtd/mtd", "x-signature: " + UNSIGNED, new byte[4 * MIB]));
                send(floods.get(i - 1), part);
            }
            gateway.awaitMetric("postern_context_waiting_bytes", 15 * MIB);
            Socket sameAddress = connect(gateway, 1);
            send(sameAddress, head("/v1/context/mtd/mtd", "x-signature: " + UNSIGNED, part));
            send(sameAddress, part);
            assertThat(answer(sameAddress)).startsWith("HTTP/1.1 429 ").contains("retry-after: 1");
            Socket another = connect(gateway, 6);
            send(another, head("/v1/context/mtd/mtd", "x-signature: " + UNSIGNED, part));
            send(another, part);
            assertThat(answer(another)).startsWith("HTTP/1.1 503 ").contains("retry-after: 1");
            taken(TestingSource.of(gateway, "agent").events(lock("e1", Instant.now(), "LC01", true)), 1, 0, 0);
            for (Socket flood : floods) {
                flood.close();
            }
            await().until(() -> signed(gateway) == 202);
        }
    }

    @Test
    void noBodyIsReadThatCannotBeSigned() throws Exception {
        try (TestingGateway gateway = start()) {
            Socket nobody = connect(gateway, 1);
            send(nobody, head("/v1/context/mtd/mtd", "x-signature: sha256=00", new byte[4 * MIB]));
            assertThat(answer(nobody)).startsWith("HTTP/1.1 401 ");
        }
    }

    /** A stolen credential holds no more than half. */
    @Test
    void aSourceHasAShareOfTheConnections() throws Exception {
        try (TestingGateway gateway = start()) {
            byte[] head = head("/v1/context/events", waiting("agent"), new byte[1]);
            for (int i = 0; i < 128; i++) {
                Socket agent = connect(gateway, 1 + i % 10);
                send(agent, head);
                assertThat(line(agent)).startsWith("HTTP/1.1 100 ");
            }
            Socket more = connect(gateway, 11);
            send(more, head);
            assertThat(answer(more)).startsWith("HTTP/1.1 429 ").contains("retry-after: 1");
            taken(TestingSource.of(gateway, "lab").events(lock("e1", Instant.now(), "LC01", true)), 1, 0, 0);
        }
    }

    private static int signed(TestingGateway gateway) throws Exception {
        byte[] body = """
                {"what":"ROOTED","when":%d,"who":"LC01"}""".formatted(Instant.now().toEpochMilli()).getBytes(UTF_8);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(TestingSource.token("hook").getBytes(UTF_8), "HmacSHA256"));
        return new TestingSource(gateway.address("context").getPort(), "")
                .post(
                        "/v1/context/mtd/mtd",
                        "application/json",
                        body,
                        "X-Signature",
                        "sha256=" + HexFormat.of().formatHex(mac.doFinal(body)))
                .statusCode();
    }

    private Socket connect(TestingGateway gateway, int last) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(20_000);
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last}), 0));
        socket.connect(gateway.address("context"));
        open.add(socket);
        return socket;
    }

    /** Whoever is told to go on is known. */
    private static String waiting(String source) {
        return "expect: 100-continue\r\nauthorization: Bearer " + TestingSource.token(source);
    }

    private static byte[] head(String path, String field, byte[] body) {
        return ("POST " + path + " HTTP/1.1\r\nhost: x\r\ncontent-type: application/"
                        + (path.endsWith("events") ? "x-ndjson" : "json") + "\r\ncontent-length: " + body.length
                        + "\r\n" + field + "\r\n\r\n")
                .getBytes(US_ASCII);
    }

    private static void send(Socket socket, byte[] bytes) throws IOException {
        send(socket, bytes, 0, bytes.length);
    }

    private static void send(Socket socket, byte[] bytes, int from, int count) throws IOException {
        socket.getOutputStream().write(bytes, from, count);
    }

    private static String answer(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }

    private static String line(Socket socket) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = socket.getInputStream().read();
        while (next >= 0 && next != '\n') {
            line.write(next);
            next = socket.getInputStream().read();
        }
        return line.toString(US_ASCII);
    }

    private TestingGateway start() throws IOException {
        return TestingGateway.start(
                dir,
                """
                context:
                  bind: "127.0.0.1:0"
                  sources:
                    - {name: agent, token-file: %s, devices: ["*"], reports: [lock]}
                    - {name: lab, token-file: %s, devices: ["*"], reports: [lock]}
                    - name: mtd
                      devices: ["*"]
                      reports: [posture]
                      webhook:
                        device: /who
                        time: /when
                        event: /what
                        events: {ROOTED: device.posture}
                        constants: {ROOTED: {risk: compromised}}
                        signature: {header: X-Signature, prefix: "sha256=", secret-file: %s}
                """.formatted(
                                TestingSource.tokenFile(dir, "agent"),
                                TestingSource.tokenFile(dir, "lab"),
                                TestingSource.tokenFile(dir, "hook")),
                "");
    }
}
