package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingLine.blocked;
import static io.postern.gateway.e2e.TestingLine.expect;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Clients that speak first, and HTTP that turns into a WebSocket. */
@ExtendWith(QuietLog.class)
class RecognitionIT {

    private static final String POLICY = """
            rules:
              - {name: no-websocket, when: {app: com.acme.noweb, protocol: websocket}, action: block, mode: enforce}
              - {name: no-dns, when: {app: com.acme.nodns, protocol: dns}, action: block, mode: enforce}
            """;
    private static final String UPGRADE = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    private static final String SWITCHING = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
            + "Upgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
    private static final String REQUEST = "GET /chat HTTP/1.1\r\nHost: chat.acme.example\r\n" + UPGRADE + "\r\n";
    /** Text, masked. */
    private static final byte[] FROM_CLIENT = HexFormat.of().parseHex("818537fa213d7f9f4d5158");
    /** The same, not masked. */
    private static final byte[] FROM_SERVER = HexFormat.of().parseHex("810548656c6c6f");

    @TempDir
    static Path dir;

    private static TestingGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        gateway = TestingGateway.start(dir, "sniff: {server-first: 100ms, timeout: 10s}\n", POLICY);
    }

    @AfterAll
    static void leavesNothing() {
        gateway.awaitNothingLeft();
        gateway.close();
    }

    /** Whole, and one byte at a time. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            http2 | 505249202a20485454502f322e300d0a0d0a534d0d0a0d0a 000000 04 00 00000000
            dns   | 001b 1234 0100 0001 0000 0000 0000 0161076578616d706c6500 0001 0001
            dns   | 0026 1234 0120 0001 0000 0000 0001 0161076578616d706c6500 001c 0001 00 0029 04d0 00000000 0000
            ssh   | 5353482d322e302d6c69627373680d0a
            """)
    void isKnownByItsFirstBytes(String protocol, String hex) throws Exception {
        byte[] first = HexFormat.of().parseHex(hex.replace(" ", ""));
        for (boolean slowly : new boolean[] {false, true}) {
            try (TestingOrigin origin = new TestingOrigin();
                    TestingConnection client = TestingClient.tunnel(gateway, origin.authority());
                    TestingConnection server = origin.accept()) {
                if (slowly) {
                    for (byte octet : first) {
                        client.send(new byte[] {octet});
                    }
                } else {
                    client.send(first);
                }
                assertThat(bytes(server, first.length)).isEqualTo(first);
                server.send("\0answer");
                assertThat(client.read(7)).isEqualTo("\0answer");
                end(client, server);
                expect(protocol, "bytes", record(origin));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            no-match  | 001b 1234 8180 0001 0001 0000 0000 0161076578616d706c6500 0001 0001
            no-match  | 001b 1234 0100 0001 0000 0000 0000 ffffffffffffffffffffff 0001 0001
            no-match  | 505249202a20485454502f322e310d0a
            malformed | 505249202a20485454502f322e300d0a0d0a534d0d0a0d0a 000000 00 00 00000000
            no-match  | 13426974546f7272656e742070726f746f636f6d
            """)
    void isNoneOfThem(String basis, String hex) throws Exception {
        byte[] first = HexFormat.of().parseHex(hex.replace(" ", ""));
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.tunnel(gateway, origin.authority());
                TestingConnection server = origin.accept()) {
            client.send(first);
            assertThat(bytes(server, first.length)).isEqualTo(first);
            end(client, server);
            expect("unknown", basis, record(origin));
        }
    }

    /** USER is FTP or POP3: only the greeting could tell, and that is not waited for with more than a hello's worth. */
    @Test
    void aClientThatOnlyItsServerCouldExplainIsHeldWithinBounds() throws Exception {
        byte[] bulk = new byte[200_000];
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.tunnel(gateway, origin.authority());
                TestingConnection server = origin.accept()) {
            client.send("USER a\r\n").send(bulk);
            assertThat(bytes(server, 8 + bulk.length)).hasSize(8 + bulk.length);
            end(client, server);
            expect("unknown", "limit", record(origin));
        }
    }

    @Test
    void policyMayForbidAProtocolOnAnyPort() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = tunnel(origin, "com.acme.nodns");
                TestingConnection server = origin.accept()) {
            client.send(HexFormat.of().parseHex("001112340100000100000000000000" + "00020001"));
            assertThat(server.untilGone()).isEmpty();
            blocked("no-dns", record(origin));
        }
    }

    /** Nor does HTTP in clear around it, asked through a tunnel or of the gateway. */
    @Test
    void policyMayForbidDnsInHttp() throws Exception {
        String path = "/dns-query?dns=AAABAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQAB";
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = tunnel(origin, "com.acme.nodns");
                TestingConnection server = origin.accept()) {
            client.send("GET " + path + " HTTP/1.1\r\nHost: doh.acme.example\r\n\r\n");
            assertThat(server.untilGone()).isEmpty();
            JsonNode line = record(origin);
            blocked("no-dns", line);
            assertThat(line.at("/unmapped/postern/carrier").asString()).isEqualTo("https");
        }
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(TestingClient.get(origin, path, "com.acme.nodns"));
            assertThat(client.head()).startsWith("HTTP/1.1 403 ");
            blocked("no-dns", record(origin));
        }
    }

    @Test
    void aWebsocketInATunnelIsOneFromItsAnswerOn() throws Exception {
        String masking = "postern_websocket_faults_total{reason=\"masking\"}";
        double before = gateway.metric(masking);
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.tunnel(gateway, origin.authority());
                TestingConnection server = origin.accept()) {
            client.send(REQUEST);
            assertThat(server.head()).isEqualTo(REQUEST);
            String answer = "HTTP/1.1 103 Early Hints\r\n\r\n" + SWITCHING;
            server.send((answer + text(FROM_SERVER)));
            assertThat(client.read(answer.length())).isEqualTo(answer);
            assertThat(bytes(client, FROM_SERVER.length)).isEqualTo(FROM_SERVER);
            client.send(FROM_CLIENT).send(FROM_SERVER);
            assertThat(bytes(server, FROM_CLIENT.length)).isEqualTo(FROM_CLIENT);
            assertThat(bytes(server, FROM_SERVER.length))
                    .as("told, not withheld")
                    .isEqualTo(FROM_SERVER);
            gateway.awaitMetric(masking, before + 1);
            end(client, server);
            JsonNode line = record(origin);
            expect("websocket", "bytes", line);
            assertThat(line.at("/unmapped/postern/http_host").asString()).isEqualTo("chat.acme.example");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            HTTP/1.1 426 Upgrade Required\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n\\r\\n
            HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: h2c\\r\\nConnection: Upgrade\\r\\n\\r\\n
            HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n\\r\\n
            +PONG\\r\\n\\r\\n
            """)
    void anUpgradeThatIsNotGrantedStaysHttp(String answer) throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.tunnel(gateway, origin.authority());
                TestingConnection server = origin.accept()) {
            client.send(REQUEST);
            assertThat(server.head()).isEqualTo(REQUEST);
            server.send(answer.translateEscapes());
            assertThat(client.head()).isEqualTo(answer.translateEscapes());
            end(client, server);
            expect("http", "bytes", record(origin));
        }
    }

    @Test
    void aWebsocketThatMayNotBeIsCutBeforeItsAnswer() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = tunnel(origin, "com.acme.noweb");
                TestingConnection server = origin.accept()) {
            client.send(REQUEST);
            assertThat(server.head()).isEqualTo(REQUEST);
            server.send(SWITCHING);
            assertThat(client.untilGone()).isEmpty();
            blocked("no-websocket", record(origin));
        }
    }

    @ParameterizedTest
    @CsvSource({"com.acme.chat, true", "com.acme.noweb, false"})
    void aWebsocketAskedOfTheGatewayIsOneToo(String app, boolean allowed) throws Exception {
        String masking = "postern_websocket_faults_total{reason=\"masking\"}";
        double before = gateway.metric(masking);
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(TestingClient.get(origin, "/chat", app).replace("\r\n\r\n", "\r\n" + UPGRADE + "\r\n"));
            try (TestingConnection server = origin.accept()) {
                assertThat(server.head()).startsWith("GET /chat ");
                // Wrongly masked, in the same segment as the answer.
                server.send(SWITCHING + text(FROM_CLIENT));
                if (allowed) {
                    assertThat(client.head()).startsWith("HTTP/1.1 101 ");
                    assertThat(bytes(client, FROM_CLIENT.length)).isEqualTo(FROM_CLIENT);
                    gateway.awaitMetric(masking, before + 1);
                    end(client, server);
                    expect("websocket", "bytes", record(origin));
                } else {
                    assertThat(client.untilGone()).isEmpty();
                    blocked("no-websocket", record(origin));
                }
            }
        }
    }

    private static byte[] bytes(TestingConnection from, int count) throws IOException {
        return from.read(count).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static TestingConnection tunnel(TestingOrigin origin, String app) throws IOException {
        return TestingClient.tunnel(gateway, origin.authority(), app);
    }

    private static void end(TestingConnection client, TestingConnection server) throws IOException {
        client.close();
        server.close();
    }

    private static JsonNode record(TestingOrigin origin) {
        return gateway.record(origin);
    }
}
