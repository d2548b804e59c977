package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingOrigin.behind;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Origins of plain HTTP that leave, break off or lie: the client gets the whole truth or an error (H6). */
@ExtendWith(QuietLog.class)
class PlainHttpOriginIT {

    @RegisterExtension
    static final SharedGateway SHARED =
            new SharedGateway("upstream: {allow-networks: ['127.0.0.0/8'], idle-timeout: 2s, half-closed-timeout: 1s}\n"
                    + "limits: {flows: 200, request-timeout: 2s}\n");

    private final TestingGateway gateway = SHARED.gateway();

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', quoteCharacter = '\'', textBlock = """
            nothing                      ; ''
            half a head                  ; 'HTTP/1.1 200 OK|Content-Le'
            no HTTP                      ; 'SSH-2.0-OpenSSH_9.2|||'
            a bare LF                    ; 'HTTP/1.1 200 OK\nX: y\n\n'
            two lengths                  ; 'HTTP/1.1 200 OK|Content-Length: 1|Content-Length: 2||ab'
            length and chunks            ; 'HTTP/1.1 200 OK|Content-Length: 1|Transfer-Encoding: chunked||0||'
            an unknown coding            ; 'HTTP/1.1 200 OK|Transfer-Encoding: gzip||'
            a folded field               ; 'HTTP/1.1 200 OK|X: y| z||'
            NUL in a field               ; 'HTTP/1.1 200 OK|X: y\u0000z||'
            a CR in a field              ; 'HTTP/1.1 200 OK|X: y\rSet-Cookie: a=b||'
            version 2.0                  ; 'HTTP/2.0 200 OK||'
            a status of two digits       ; 'HTTP/1.1 20 OK||'
            101 nobody asked for         ; 'HTTP/1.1 101 Switching Protocols|Connection: Upgrade|Upgrade: websocket||'
            """)
    void whatIsNoResponseIs502(String what, String response) throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(get(origin, "/"));
            try (TestingConnection server = origin.accept()) {
                server.head();
                server.send(lines(response)).finish();
                assertThat(client.rest())
                        .startsWith("HTTP/1.1 502 Bad Gateway\r\nProxy-Status: postern; error=")
                        .doesNotContain("SSH", "Set-Cookie", "X: y");
            }
        }
    }

    @Test
    void aFloodOfInterimResponsesIs502() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(get(origin, "/"));
            try (TestingConnection server = origin.accept()) {
                server.head();
                server.send("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(1000));
                String answer = client.rest();
                assertThat(answer).contains("HTTP/1.1 502 Bad Gateway\r\n");
                assertThat(answer.split("HTTP/1.1 103", -1)).hasSizeLessThanOrEqualTo(17);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', quoteCharacter = '\'', textBlock = """
            in a body of known length    ; 'HTTP/1.1 200 OK|Content-Length: 10||hello'
            in a body of chunks          ; 'HTTP/1.1 200 OK|Transfer-Encoding: chunked||5|hello|'
            by a chunk that is none      ; 'HTTP/1.1 200 OK|Transfer-Encoding: chunked||5|hello|zz|'
            by a framing field at last   ; 'HTTP/1.1 200 OK|Transfer-Encoding: chunked||5|hello|0|Content-Length: 3||'
            """)
    void aResponseThatBreaksOffIsNotTakenForAWhole(String what, String response) throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(get(origin, "/"));
            try (TestingConnection server = origin.accept()) {
                server.head();
                server.send(lines(response)).finish();
                assertThat(client.untilGone()).doesNotContain("\r\n0\r\n", "HTTP/1.1 502");
            }
        }
    }

    /** An end in order would pass for the end of this body, which has no other. */
    @Test
    void aResponseThatFallsSilentIsNotTakenForAWhole() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(get(origin, "/"));
            try (TestingConnection server = origin.accept()) {
                server.head();
                server.send("HTTP/1.1 200 OK\r\n\r\nhalf");
                assertThat(client.head()).startsWith("HTTP/1.1 200 ");
                assertThat(client.read(4)).isEqualTo("half");
                assertThatThrownBy(client::rest).isInstanceOf(IOException.class).hasMessageContaining("reset");
                assertThat(gateway.record(origin)
                                .at("/unmapped/postern/close_reason")
                                .asString())
                        .isEqualTo("idle");
            }
        }
    }

    @Test
    void aBodyThatEndsWithTheConnectionArrivesWhole() throws Exception {
        long bulk = 5 << 20;
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(get(origin, "/"));
            try (TestingConnection server = origin.accept()) {
                server.head();
                server.send("HTTP/1.1 200 OK\r\nX: y\r\n\r\n");
                CompletableFuture<Void> sent = behind(() -> TestingBulk.send(server, bulk, 5));
                assertThat(client.head()).contains("\r\nConnection: close\r\n");
                TestingBulk.expect(client, bulk, 5);
                sent.join();
            }
        }
    }

    /** The answer to a question nobody asked is nobody's answer: H1, a queue of responses cannot be poisoned. */
    @Test
    void aSecondResponseIsNeverTheAnswerToTheNextRequest() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(get(origin, "/1") + get(origin, "/2"));
            try (TestingConnection server = origin.accept()) {
                assertThat(server.head()).startsWith("GET /1 ");
                server.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none"
                        + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison");
                assertThat(client.untilGone()).contains("\r\n\r\none").doesNotContain("poison");
            }
        }
    }

    /** What some servers say to a silent connection before they leave it: not an answer to anything. */
    @Test
    void aResponseBetweenRequestsIsDroppedAndTheClientServedAnew() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(get(origin, "/1"));
            TestingConnection server = answered(origin, client, "/1");
            server.send("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            assertThat(server.untilGone()).isEmpty();
            client.send(get(origin, "/2"));
            answered(origin, client, "/2").close();
        }
    }

    @Test
    void anOriginMayLeaveBetweenRequests() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(get(origin, "/1"));
            TestingConnection server = answered(origin, client, "/1");
            server.close();
            client.send(get(origin, "/2"));
            answered(origin, client, "/2").close();
        }
    }

    /** And the next request is already half here when it does. */
    @Test
    void anOriginMayLeaveWhileTheNextRequestIsBeingSent() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            String second = get(origin, "/2");
            client.send(get(origin, "/1") + second.substring(0, 20));
            TestingConnection server = answered(origin, client, "/1");
            server.finish();
            assertThat(server.untilGone()).isEmpty();
            client.send(second.substring(20));
            answered(origin, client, "/2").close();
        }
    }

    /** Its origin has left; it holds a connection and asks nothing. */
    @Test
    void aClientWhoseOriginLeftIsNotKeptForEver() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(get(origin, "/1"));
            TestingConnection server = answered(origin, client, "/1");
            server.close();
            assertThat(client.rest()).isEmpty();
        }
    }

    /** A client that never reads what it asked for holds its connection for the half-closed timeout and no longer. */
    @Test
    void aClientThatDoesNotReadItsLastResponseIsCut() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(get(origin, "/1"));
            try (TestingConnection server = origin.accept()) {
                server.head();
                CompletableFuture<Void> sent = behind(() -> {
                    server.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
                    TestingBulk.send(server, 64 << 20, 6);
                });
                assertThat(sent).failsWithin(java.time.Duration.ofSeconds(20));
                gateway.awaitNothingLeft();
            }
        }
    }

    /** One read of the client's a response, however many requests it sends ahead. */
    @Test
    void requestsSentAheadAreNotPiledUp() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            String request = get(origin, "/");
            CompletableFuture<Void> asked = behind(() -> {
                String some = request.repeat(500);
                while (true) {
                    client.send(some);
                }
            });
            try (TestingConnection server = origin.accept()) {
                CompletableFuture<Void> read = behind(
                        () -> client.socket().getInputStream().transferTo(java.io.OutputStream.nullOutputStream()));
                for (int i = 0; i < 2_000; i++) {
                    assertThat(server.head()).startsWith("GET / ");
                    server.send("HTTP/1.1 204 No Content\r\n\r\n");
                }
                assertThat(TestingMemory.used()).isLessThan(64L << 20);
                client.close();
                assertThat(asked).failsWithin(java.time.Duration.ofSeconds(10));
                read.handle((done, failed) -> true).join();
            }
        }
    }

    /** The origin has a request on a connection of its own and answers it; its end is the caller's. */
    private static TestingConnection answered(TestingOrigin origin, TestingConnection client, String path)
            throws IOException {
        TestingConnection server = origin.accept();
        assertThat(server.head()).startsWith("GET " + path + " ");
        server.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + path);
        assertThat(client.message()).endsWith("\r\n\r\n" + path);
        return server;
    }

    private static String lines(String text) {
        return text.replace("|", "\r\n").replace("\\r", "\r").replace("\\n", "\n");
    }

    private static String get(TestingOrigin origin, String path) {
        return TestingClient.get(origin, path, TestingClient.APP);
    }
}
