package io.postern.gateway.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.flow.InClear;
import io.postern.analytics.flow.InClear.Naming;
import io.postern.gateway.analytics.Detecting;
import io.postern.gateway.analytics.HomeSettings;
import io.postern.gateway.detect.FlowListener;
import io.postern.gateway.real.SelfSigned;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What can be read of flows is told to detection and written down: how random it is, who it names, what it asks. */
@ExtendWith(QuietLog.class)
class InClearIT {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String TEXT = "{\"device\": \"LC01\", \"status\": \"all is well\"}, ".repeat(80);

    @TempDir
    static Path dir;

    private static final Queue<FlowEvent> HEARD = new ConcurrentLinkedQueue<>();
    private static TestingGateway gateway;
    private static SelfSigned certificate;

    @BeforeAll
    static void start() throws Exception {
        certificate = SelfSigned.mint(dir, "*.acme.example");
        gateway = TestingGateway.start(
                dir,
                "upstream: {allow-networks: ['127.0.0.0/8'], hosts: {www.acme.example: 127.0.0.1, www.other.example:"
                        + " 127.0.0.1}}\n",
                Clock.systemUTC(),
                new Detecting(HomeSettings.DEFAULTS, seed -> new FlowListener(HEARD::add), finding -> {}));
    }

    @AfterAll
    static void leavesNothing() {
        gateway.awaitNothingLeft();
        gateway.close();
    }

    @Test
    void aRandomBodyThroughTheProxyIsMeasuredAndAnAnswerOfText() throws Exception {
        byte[] secret = random(3_000);
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(TestingClient.post(origin, "/", "Content-Length: " + secret.length + "\r\n\r\n"))
                    .send(secret);
            try (TestingConnection server = origin.accept()) {
                server.head();
                assertThat(server.read(secret.length)).isEqualTo(new String(secret, ISO_8859_1));
                server.send("HTTP/1.1 200 OK\r\nContent-Length: " + TEXT.length() + "\r\n\r\n" + TEXT);
                assertThat(client.message()).endsWith(TEXT);
            }
            JsonNode line = gateway.record(origin);
            expectPayload(line.at("/unmapped/postern/payload_out"), 3_000, false, 7.85, 8);
            expectPayload(line.at("/unmapped/postern/payload_in"), TEXT.length(), false, 3, 5);
            InClear clear = heard(line);
            assertThat(clear.up().bits())
                    .isEqualTo(line.at("/unmapped/postern/payload_out/bits").asDouble());
            assertThat(clear.down().bytes()).isEqualTo(TEXT.length());
        }
    }

    /** In chunks, and through a tunnel: the same is measured. */
    @Test
    void aBodyInChunksInsideATunnelIsMeasuredWithoutThem() throws Exception {
        byte[] secret = random(8_192);
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.tunnel(gateway, origin.authority());
                TestingConnection server = origin.accept()) {
            client.send("POST / HTTP/1.1\r\nHost: " + origin.authority() + "\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int from = 0; from < secret.length; from += 512) {
                client.send("200\r\n")
                        .send(Arrays.copyOfRange(secret, from, from + 512))
                        .send("\r\n");
            }
            client.send("0\r\n\r\n");
            assertThat(server.head()).startsWith("POST");
            assertThat(server.read(16 * 519 + 5)).endsWith("0\r\n\r\n");
            server.send("HTTP/1.1 204 No\r\n\r\n");
            client.head();
            client.close();
            server.close();
            JsonNode line = gateway.record(origin);
            expectPayload(line.at("/unmapped/postern/payload_out"), 4_096, false, 7.94, 8);
            assertThat(line.at("/unmapped/postern/payload_in").isMissingNode()).isTrue();
        }
    }

    @Test
    void whatIsCompressedSaysSo() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(random(2_000));
        }
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.tunnel(gateway, origin.authority());
                TestingConnection server = origin.accept()) {
            client.send("POST / HTTP/1.1\r\nHost: " + origin.authority() + "\r\nContent-Length: " + packed.size()
                            + "\r\n\r\n")
                    .send(packed.toByteArray());
            server.head();
            server.read(packed.size());
            byte[] picture = random(1_000);
            server.send("HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: 1000\r\n\r\n")
                    .send(picture);
            client.head();
            client.read(1_000);
            client.close();
            server.close();
            JsonNode line = gateway.record(origin);
            expectPayload(line.at("/unmapped/postern/payload_out"), packed.size(), true, 7.7, 8);
            expectPayload(line.at("/unmapped/postern/payload_in"), 1_000, true, 7.7, 8);
        }
    }

    @Test
    void messagesOfAWebSocketAreMeasuredUnmasked() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.tunnel(gateway, origin.authority());
                TestingConnection server = origin.accept()) {
            client.send("GET /chat HTTP/1.1\r\nHost: " + origin.authority()
                    + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
            server.head();
            server.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
            client.head();
            byte[] text = TEXT.substring(0, 1_000).getBytes(StandardCharsets.US_ASCII);
            client.send(frame(0x81, text, 0x37FA213D));
            server.read(1_008);
            server.send(frame(0x82, random(2_000), 0));
            client.read(2_004);
            client.close();
            server.close();
            JsonNode line = gateway.record(origin);
            TestingLine.expect("websocket", "bytes", line);
            expectPayload(line.at("/unmapped/postern/payload_out"), 1_000, false, 3, 5);
            expectPayload(line.at("/unmapped/postern/payload_in"), 2_000, false, 7.8, 8);
        }
    }

    /** Of HTTP/2 without TLS, the request's body in two frames. */
    @Test
    void bodiesOfHttp2AreMeasured() throws Exception {
        byte[] secret = random(1_600);
        byte[] post = HexFormat.of().parseHex("000011010400000001838684418cf1e3c2e5f23a6ba0ab90f4ff");
        byte[] settings = HexFormat.of().parseHex("000000040000000000");
        byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.tunnel(gateway, origin.authority());
                TestingConnection server = origin.accept()) {
            client.send(preface).send(settings).send(post);
            client.send(data(0, Arrays.copyOfRange(secret, 0, 700)));
            client.send(data(1, Arrays.copyOfRange(secret, 700, 1_600)));
            server.read(preface.length + settings.length + post.length + 2 * 9 + secret.length);
            server.send(settings).send(HexFormat.of().parseHex("00000101040000000188"));
            server.send(data(1, TEXT.substring(0, 500).getBytes(StandardCharsets.US_ASCII)));
            client.read(settings.length + 10 + 9 + 500);
            client.close();
            server.close();
            JsonNode line = gateway.record(origin);
            TestingLine.expect("http2", "bytes", line);
            expectPayload(line.at("/unmapped/postern/payload_out"), 1_600, false, 7.7, 8);
            expectPayload(line.at("/unmapped/postern/payload_in"), 500, false, 3, 5);
        }
    }

    private static byte[] data(int flags, byte[] content) {
        byte[] frame = new byte[9 + content.length];
        frame[1] = (byte) (content.length >> 8);
        frame[2] = (byte) content.length;
        frame[4] = (byte) flags;
        frame[8] = 1;
        System.arraycopy(content, 0, frame, 9, content.length);
        return frame;
    }

    private static byte[] frame(int first, byte[] payload, int key) {
        byte[] frame = new byte[4 + (key == 0 ? 0 : 4) + payload.length];
        frame[0] = (byte) first;
        frame[1] = (byte) (126 | (key == 0 ? 0 : 0x80));
        frame[2] = (byte) (payload.length >> 8);
        frame[3] = (byte) payload.length;
        int at = 4;
        for (int shift = 24; key != 0 && shift >= 0; shift -= 8) {
            frame[at++] = (byte) (key >> shift);
        }
        for (int i = 0; i < payload.length; i++) {
            frame[at + i] = (byte) (payload[i] ^ key >> (24 - 8 * (i % 4)));
        }
        return frame;
    }

    private static void expectPayload(JsonNode payload, int bytes, boolean compressed, double least, double most) {
        assertThat(payload.at("/bytes").asInt()).isEqualTo(bytes);
        assertThat(payload.at("/compressed").asBoolean()).isEqualTo(compressed);
        assertThat(payload.at("/bits").asDouble()).isBetween(least, most);
    }

    /** Its server's certificate is for all hosts of acme.example. */
    @ParameterizedTest
    @CsvSource({
        "www.acme.example,  www.acme.example, TLSv1.2, ONE",
        "www.acme.example,  cdn.acme.example, TLSv1.2, COVERED",
        "www.other.example, cdn.acme.example, TLSv1.2, APART",
        "www.acme.example,  www.evil.example, TLSv1.2, APART",
        "www.other.example, cdn.acme.example, TLSv1.3, UNSEEN"
    })
    void twoNamesAreJudgedByTheCertificate(String asked, String named, String version, Naming naming) throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.tunnel(gateway, asked + ":" + origin.port());
                TestingConnection server = origin.accept()) {
            CompletableFuture<Void> answered = TestingOrigin.behind(() -> answer(server));
            try (SSLSocket tls = TestingClient.tls(client, named, List.of("acme"))) {
                tls.setEnabledProtocols(new String[] {version});
                tls.getOutputStream().write("hello!".getBytes(StandardCharsets.US_ASCII));
                tls.getOutputStream().flush();
                assertThat(tls.getInputStream().readNBytes(6)).hasSize(6);
                // The certificate is read elsewhere than on the flow's loop.
                await().atMost(LONG).until(() -> seen(origin, naming));
            }
            answered.get();
            expectNaming(origin, naming, asked, named);
        }
    }

    /** Detection has heard of the flow, and of its names where that is to come of them. */
    private static boolean seen(TestingOrigin origin, Naming naming) {
        return HEARD.stream()
                .filter(event -> event.flow().destination().port() == origin.port())
                .anyMatch(
                        event -> naming != Naming.APART || event.flow().clear().naming() == naming);
    }

    /** One label of a domain is another host of one owner: it is written down, and detection need not know. */
    private static void expectNaming(TestingOrigin origin, Naming naming, String asked, String named) {
        JsonNode line = gateway.record(origin);
        JsonNode written = line.at("/unmapped/postern/naming");
        assertThat(
                        naming == Naming.ONE
                                ? written.isMissingNode()
                                : written.asString().equalsIgnoreCase(naming.name()))
                .as("naming of %s", line)
                .isTrue();
        boolean one = asked.endsWith(".acme.example") && named.endsWith(".acme.example");
        assertThat(heard(line).naming()).isEqualTo(one ? Naming.ONE : naming);
    }

    @Test
    void anotherHostInClearThanTheTunnelWasAskedForIsTwoNames() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.tunnel(gateway, "www.other.example:" + origin.port());
                TestingConnection server = origin.accept()) {
            client.send("GET / HTTP/1.1\r\nHost: www.acme.example\r\n\r\n");
            server.head();
            server.send("HTTP/1.1 204 No\r\n\r\n");
            client.head();
            client.close();
            server.close();
            expectNaming(origin, Naming.APART, "www.other.example", "www.acme.example");
        }
    }

    private static void answer(TestingConnection server) throws IOException {
        try (SSLSocket tls = (SSLSocket) certificate
                .context()
                .getSocketFactory()
                .createSocket(server.socket(), InputStream.nullInputStream(), true)) {
            tls.setUseClientMode(false);
            tls.getOutputStream().write(tls.getInputStream().readNBytes(6));
            tls.getOutputStream().flush();
            assertThat(tls.getInputStream().read()).isEqualTo(-1);
        }
    }

    /** All questions of one connection, and what came of them. */
    @Test
    void everyQuestionOfDnsOverTcpIsTold() throws Exception {
        byte[] first = HexFormat.of()
                .parseHex("001b 1234 0100 0001 0000 0000 0000 016107".replace(" ", "")
                        + "6578616d706c6500 0001 0001".replace(" ", ""));
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.tunnel(gateway, origin.authority());
                TestingConnection server = origin.accept()) {
            for (char label = 'a'; label <= 'e'; label++) {
                byte[] question = first.clone();
                question[15] = (byte) label;
                client.send(Arrays.copyOf(question, 9)).send(Arrays.copyOfRange(question, 9, question.length));
                server.read(question.length);
                byte[] answer = question.clone();
                // A response that says NXDOMAIN.
                answer[4] = (byte) 0x81;
                answer[5] = (byte) 0x83;
                server.send(answer);
                client.read(answer.length);
            }
            client.close();
            server.close();
            String uid = gateway.record(origin).at("/connection_info/uid").asString();
            await().atMost(LONG).until(() -> asked(uid).size() >= 5);
            assertThat(asked(uid).stream().map(FlowEvent.Asked::name))
                    .containsExactly("a.example", "b.example", "c.example", "d.example", "e.example");
            assertThat(asked(uid)).allMatch(asked -> asked.rcode() == 3 && asked.bytesIn() == 27);
        }
    }

    private static List<FlowEvent.Asked> asked(String uid) {
        return HEARD.stream()
                .filter(event -> event.flow().uid().equals(uid))
                .filter(FlowEvent.Asked.class::isInstance)
                .map(FlowEvent.Asked.class::cast)
                .toList();
    }

    /** The last that detection was told of the flow. */
    private static InClear heard(JsonNode line) {
        String uid = line.at("/connection_info/uid").asString();
        await().atMost(LONG)
                .until(() -> HEARD.stream()
                        .anyMatch(event -> event instanceof FlowEvent.Closed
                                && event.flow().uid().equals(uid)));
        return HEARD.stream()
                .filter(event ->
                        event instanceof FlowEvent.Closed && event.flow().uid().equals(uid))
                .map(event -> event.flow().clear())
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow();
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        bytes[0] = 0;
        return bytes;
    }
}
