package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Who ends its half of a plain HTTP connection still gets what it asked for, and an end is told from a break. */
@ExtendWith(QuietLog.class)
class PlainHttpEndsIT {

    @RegisterExtension
    static final SharedGateway SHARED = new SharedGateway();

    private final TestingGateway gateway = SHARED.gateway();

    @Test
    void aRequestSentAheadToElsewhereIsAnsweredToo() throws Exception {
        try (TestingOrigin first = new TestingOrigin();
                TestingOrigin second = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(TestingClient.get(first, "/1", TestingClient.APP)
                            + TestingClient.get(second, "/2", TestingClient.APP))
                    .finish();
            try (TestingConnection server = first.accept()) {
                server.head();
                server.send(response(1));
            }
            try (TestingConnection server = second.accept()) {
                assertThat(server.head()).startsWith("GET /2 ");
                server.send(response(2));
            }
            assertThat(client.rest()).endsWith("\r\n\r\nxx").contains("\r\n\r\nxHTTP/1.1 200 OK\r\n");
        }
    }

    /** As some old clients end a body; nothing can come of it. */
    @Test
    void anEmptyLineBeforeTheEndIsNoRequest() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(TestingClient.get(origin, "/", TestingClient.APP) + "\r\n")
                    .finish();
            try (TestingConnection server = origin.accept()) {
                server.head();
                server.send(response(5));
                assertThat(client.rest()).endsWith("\r\n\r\nxxxxx");
                assertThat(server.rest()).isEmpty();
            }
        }
    }

    @Test
    void anEndBeforeAnUpgradeReachesTheServer() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(TestingClient.get(origin, "/", TestingClient.APP)
                            .replace(
                                    "\r\n\r\n",
                                    "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"))
                    .finish();
            try (TestingConnection server = origin.accept()) {
                server.head();
                server.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
                assertThat(server.rest()).isEmpty();
                server.send("late");
            }
            assertThat(client.rest()).endsWith("\r\n\r\nlate");
        }
    }

    /** A kept connection that its origin closes just as it is used again: the client need not know. */
    @Test
    void aRequestThatMetAClosingConnectionIsAskedAnew() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(TestingClient.get(origin, "/1", TestingClient.APP));
            try (TestingConnection server = origin.accept()) {
                server.head();
                server.send(response(1));
                assertThat(client.message()).endsWith("\r\n\r\nx");
                client.send(TestingClient.get(origin, "/2", TestingClient.APP));
                assertThat(server.head()).startsWith("GET /2 ");
            }
            try (TestingConnection server = origin.accept()) {
                assertThat(server.head()).startsWith("GET /2 ");
                server.send(response(2));
                assertThat(client.message()).endsWith("\r\n\r\nxx");
            }
            // The first request of a connection is not asked twice: its origin means it.
            try (TestingConnection another = TestingClient.to(gateway)) {
                another.send(TestingClient.get(origin, "/3", TestingClient.APP));
                origin.accept().close();
                assertThat(another.head()).startsWith("HTTP/1.1 502 ");
            }
        }
    }

    /** What changes something is not done twice. */
    @Test
    void aPostIsNotAskedAnew() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(TestingClient.get(origin, "/1", TestingClient.APP));
            try (TestingConnection server = origin.accept()) {
                server.head();
                server.send(response(1));
                assertThat(client.message()).endsWith("\r\n\r\nx");
                client.send(TestingClient.post(origin, "/2", "Content-Length: 0\r\n\r\n"));
                assertThat(server.head()).startsWith("POST /2 ");
            }
            assertThat(client.head()).startsWith("HTTP/1.1 502 ");
            assertThat(origin.untouched()).isTrue();
        }
    }

    /** Over TLS too a response that breaks off must not pass for a whole one. */
    @Test
    void aBrokenResponseDoesNotEndInOrderOverTls(@TempDir Path own) throws Exception {
        try (TestingGateway over = TestingGateway.start(own, TestingGateway.tls(own), "");
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.tlsTo(over)) {
            client.send(TestingClient.get(origin, "/", TestingClient.APP));
            try (TestingConnection server = origin.accept()) {
                server.head();
                server.send("HTTP/1.1 200 OK\r\n\r\nhalf of it");
                assertThat(client.head()).startsWith("HTTP/1.1 200 OK\r\n");
                server.reset();
            }
            assertThatThrownBy(client::rest).isInstanceOf(IOException.class);
            over.awaitNothingLeft();
        }
    }

    private static String response(int length) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n" + "x".repeat(length);
    }
}
