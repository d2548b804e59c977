package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The last exchange of a connection, whatever makes it the last: all of it arrives, and then the end. */
@ExtendWith(QuietLog.class)
class PlainHttpLastIT {

    private static final String SWITCHING =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

    @RegisterExtension
    static final SharedGateway SHARED = new SharedGateway();

    private final TestingGateway gateway = SHARED.gateway();

    /** It arrives whole although the client is still sending, and then the connection ends. */
    @Test
    void anEarlyFinalResponseArrivesAndEndsTheConnection() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(TestingClient.post(origin, "/", "Content-Length: 1000000\r\n\r\n" + "x".repeat(1000)));
            try (TestingConnection server = origin.accept()) {
                server.head();
                server.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nno!");
                client.send("x".repeat(100_000));
                assertThat(client.message()).startsWith("HTTP/1.1 413 ").endsWith("\r\n\r\nno!");
                client.send("x".repeat(100_000));
                assertThat(client.rest()).isEmpty();
            }
        }
    }

    @Test
    void anEarlyFinalResponseArrivesOverTlsToo(@TempDir Path own) throws Exception {
        try (TestingGateway over = TestingGateway.start(own, TestingGateway.tls(own), "");
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.tlsTo(over)) {
            client.send(TestingClient.post(origin, "/", "Content-Length: 1000000\r\n\r\n" + "x".repeat(1000)));
            try (TestingConnection server = origin.accept()) {
                server.head();
                server.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nno!");
                client.send("x".repeat(200_000));
                assertThat(client.message()).startsWith("HTTP/1.1 413 ").endsWith("\r\n\r\nno!");
            }
            client.close();
            over.awaitNothingLeft();
        }
    }

    @Test
    void aBodyThatEndsWithTheConnectionEndsOverTlsToo(@TempDir Path own) throws Exception {
        try (TestingGateway over = TestingGateway.start(own, TestingGateway.tls(own), "");
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.tlsTo(over)) {
            client.send(TestingClient.get(origin, "/", TestingClient.APP));
            try (TestingConnection server = origin.accept()) {
                server.head();
                server.send("HTTP/1.1 200 OK\r\n\r\nall of it").close();
                assertThat(client.rest()).endsWith("\r\n\r\nall of it");
            }
        }
    }

    /** After 101 no HTTP is spoken, and each side may end on its own. */
    @Test
    void anUpgradeToWebsocketBecomesATunnel() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(TestingClient.get(origin, "/chat", "com.acme.chat")
                    .replace(
                            "\r\n\r\n",
                            "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
            try (TestingConnection server = origin.accept()) {
                assertThat(server.head()).contains("\r\nConnection: Upgrade\r\n", "\r\nUpgrade: websocket\r\n");
                server.send(SWITCHING + "first");
                assertThat(client.head()).startsWith("HTTP/1.1 101 ").contains("Sec-WebSocket-Accept");
                assertThat(client.read(5)).isEqualTo("first");
                client.send("GET not http\r\n\r\n").finish();
                assertThat(server.rest()).isEqualTo("GET not http\r\n\r\n");
                server.send("last").close();
                assertThat(client.rest()).isEqualTo("last");
            }
            assertThat(gateway.record(
                                    line -> line.at("/actor/app_uid").asString().equals("com.acme.chat"))
                            .at("/traffic/bytes_in")
                            .asInt())
                    .isEqualTo(SWITCHING.length() + "firstlast".length());
        }
    }

    @Test
    void aClientOf10GetsNoChunksNoInterimAndAnEnd() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send("GET http://" + origin.authority() + "/ HTTP/1.0\r\n"
                    + TestingClient.authorization(TestingClient.APP) + "\r\n");
            client.finish();
            try (TestingConnection server = origin.accept()) {
                assertThat(server.head())
                        .startsWith("GET / HTTP/1.1\r\nHost: " + origin.authority() + "\r\n")
                        .contains("\r\nVia: 1.0 postern-");
                server.send("HTTP/1.1 103 Early Hints\r\n\r\n"
                        + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
                assertThat(client.rest())
                        .startsWith("HTTP/1.1 200 OK\r\n")
                        .endsWith("\r\n\r\nhello")
                        .doesNotContain("chunked", "103");
            }
        }
    }
}
