package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Requests that different servers end or read differently (facts of security 2.5, H1): dangerous ones are refused
 * undialled, doubtful ones go on rewritten and alone.
 *
 * <p>In the tables {@code |} is the end of a line, {@code ~} the authority of the origin.
 */
@ExtendWith(QuietLog.class)
class DesyncIT {

    private static final String ERRORS = "postern_client_errors_total{ingress=\"http-connect\",reason=\"malformed\"}";

    @TempDir
    static Path dir;

    private static TestingOrigin origin;
    private static TestingGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        origin = new TestingOrigin();
        gateway = TestingGateway.start(dir);
    }

    /** What is passed on re-written elsewhere, with whatever else there is. */
    @Test
    void aStrictListenerRefusesTheDoubtfulToo(@TempDir Path own) throws Exception {
        String settings = "listeners: [{name: apps, type: http-connect, bind: '127.0.0.1:0', strict: true}]\n";
        try (TestingGateway strict = TestingGateway.start(own, settings, "");
                TestingConnection client = TestingClient.to(strict)) {
            client.send("GET http://" + origin.authority() + "/ HTTP/1.1\r\nHost: " + origin.authority()
                    + "\r\nX-Folded: one\r\n two\r\n" + TestingClient.authorization(TestingClient.APP) + "\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 400 Bad Request\r\n");
            strict.awaitMetric(ERRORS, 1);
        }
    }

    /** A connection that is kept is no way round it. */
    @Test
    void aStrictListenerIsSoForEveryRequest(@TempDir Path own) throws Exception {
        String settings = "listeners: [{name: apps, type: http-connect, bind: '127.0.0.1:0', strict: true}]\n";
        try (TestingGateway strict = TestingGateway.start(own, settings, "");
                TestingOrigin here = new TestingOrigin();
                TestingConnection client = TestingClient.to(strict)) {
            String request = TestingClient.get(here, "/", TestingClient.APP);
            client.send(request);
            try (TestingConnection server = here.accept()) {
                server.head();
                server.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                assertThat(client.message()).endsWith("ok");
                client.send(request.replace("\r\n\r\n", "\r\nX-Folded: one\r\n two\r\n\r\n"));
                assertThat(client.head()).startsWith("HTTP/1.1 400 Bad Request\r\n");
                assertThat(server.untilGone()).isEmpty();
            }
        }
    }

    @AfterAll
    static void leavesNothing() throws Exception {
        gateway.awaitNothingLeft();
        assertThat(origin.untouched()).isTrue();
        gateway.close();
        origin.close();
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(delimiter = ';', quoteCharacter = '\'', textBlock = """
            two different lengths              ; 400 ; 'POST http://~/ HTTP/1.1|Host: ~|Content-Length: 5|Content-Length: 6||hello'
            two equal lengths                  ; 400 ; 'POST http://~/ HTTP/1.1|Host: ~|Content-Length: 5|Content-Length: 5||hello'
            a list of lengths                  ; 400 ; 'POST http://~/ HTTP/1.1|Host: ~|Content-Length: 5, 5||hello'
            a signed length                    ; 400 ; 'POST http://~/ HTTP/1.1|Host: ~|Content-Length: +5||hello'
            a negative length                  ; 400 ; 'POST http://~/ HTTP/1.1|Host: ~|Content-Length: -1||'
            a hexadecimal length               ; 400 ; 'POST http://~/ HTTP/1.1|Host: ~|Content-Length: 0x5||hello'
            an empty length                    ; 400 ; 'POST http://~/ HTTP/1.1|Host: ~|Content-Length:||hello'
            a length of many digits            ; 400 ; 'POST http://~/ HTTP/1.1|Host: ~|Content-Length: 99999999999999999999||hello'
            length and chunks                  ; 400 ; 'POST http://~/ HTTP/1.1|Host: ~|Content-Length: 5|Transfer-Encoding: chunked||0||'
            chunks and length                  ; 400 ; 'POST http://~/ HTTP/1.1|Host: ~|Transfer-Encoding: chunked|Content-Length: 5||0||'
            chunks in 1.0                      ; 400 ; 'POST http://~/ HTTP/1.0|Host: ~|Transfer-Encoding: chunked||0||'
            an unknown coding                  ; 400 ; 'POST http://~/ HTTP/1.1|Host: ~|Transfer-Encoding: xchunked||0||'
            chunked twice                      ; 400 ; 'POST http://~/ HTTP/1.1|Host: ~|Transfer-Encoding: chunked, chunked||0||'
            chunked not last                   ; 400 ; 'POST http://~/ HTTP/1.1|Host: ~|Transfer-Encoding: chunked, gzip||0||'
            identity before chunked            ; 400 ; 'POST http://~/ HTTP/1.1|Host: ~|Transfer-Encoding: identity, chunked||0||'
            two codings in two fields          ; 400 ; 'POST http://~/ HTTP/1.1|Host: ~|Transfer-Encoding: chunked|Transfer-Encoding: identity||0||'
            a coding with vertical tab         ; 400 ; 'POST http://~/ HTTP/1.1|Host: ~|Transfer-Encoding: \u000bchunked||0||'
            space before the colon             ; 400 ; 'POST http://~/ HTTP/1.1|Host: ~|Content-Length : 5||hello'
            space before the first field       ; 400 ; 'POST http://~/ HTTP/1.1| Host: ~|Content-Length: 5||hello'
            a folded field                     ; 400 ; 'GET http://~/ HTTP/1.1|Host: ~|X: a| b||'
            a folded coding                    ; 400 ; 'POST http://~/ HTTP/1.1|Host: ~|Transfer-Encoding:| chunked||0||'
            a field without colon              ; 400 ; 'GET http://~/ HTTP/1.1|Host: ~|nonsense||'
            a field without name               ; 400 ; 'GET http://~/ HTTP/1.1|Host: ~|: value||'
            NUL in a value                     ; 400 ; 'GET http://~/ HTTP/1.1|Host: ~|X: a\u0000b||'
            bare CR in a value                 ; 400 ; 'GET http://~/ HTTP/1.1|Host: ~|X: a\rb||'
            bare LF ends a line                ; 400 ; 'GET http://~/ HTTP/1.1\nHost: ~\n\n'
            bare LF in a value                 ; 400 ; 'GET http://~/ HTTP/1.1|Host: ~|X: a\nY: b||'
            no Host                            ; 400 ; 'GET http://~/ HTTP/1.1||'
            two Hosts                          ; 400 ; 'GET http://~/ HTTP/1.1|Host: ~|Host: ~||'
            another Host                       ; 400 ; 'GET http://~/ HTTP/1.1|Host: other.example||'
            another port in Host               ; 400 ; 'GET http://~/ HTTP/1.1|Host: 127.0.0.1:1||'
            a list of Hosts                    ; 400 ; 'GET http://~/ HTTP/1.1|Host: ~, other.example||'
            TAB in the request line            ; 400 ; 'GET\thttp://~/ HTTP/1.1|Host: ~||'
            two spaces in the request line     ; 400 ; 'GET  http://~/ HTTP/1.1|Host: ~||'
            a space in the target              ; 505 ; 'GET http://~/a b HTTP/1.1|Host: ~||'
            NUL in the target                  ; 400 ; 'GET http://~/\u0000 HTTP/1.1|Host: ~||'
            8 bit in the target                ; 400 ; 'GET http://~/\u00e9 HTTP/1.1|Host: ~||'
            a fragment in the target           ; 400 ; 'GET http://~/#a HTTP/1.1|Host: ~||'
            version 9.9                        ; 505 ; 'GET http://~/ HTTP/9.9|Host: ~||'
            version 1.2                        ; 505 ; 'GET http://~/ HTTP/1.2|Host: ~||'
            version 2.0                        ; 505 ; 'GET http://~/ HTTP/2.0|Host: ~||'
            version 1.1 in small letters       ; 505 ; 'GET http://~/ http/1.1|Host: ~||'
            a long minor version               ; 505 ; 'GET http://~/ HTTP/1.12|Host: ~||'
            no version                         ; 400 ; 'GET http://~/|Host: ~||'
            a preface of HTTP/2                ; 505 ; 'PRI * HTTP/2.0||SM||'
            content in CONNECT                 ; 400 ; 'CONNECT ~ HTTP/1.1|Host: ~|Content-Length: 5||hello'
            chunks in CONNECT                  ; 400 ; 'CONNECT ~ HTTP/1.1|Host: ~|Transfer-Encoding: chunked||0||'
            content in TRACE                   ; 400 ; 'TRACE http://~/ HTTP/1.1|Host: ~|Content-Length: 5||hello'
            an expectation we do not know      ; 417 ; 'POST http://~/ HTTP/1.1|Host: ~|Expect: 200-ok|Content-Length: 5||hello'
            Max-Forwards spent                 ; 501 ; 'OPTIONS http://~/ HTTP/1.1|Host: ~|Max-Forwards: 0||'
            seventeen hops                     ; 508 ; 'GET http://~/ HTTP/1.1|Host: ~|Via: 1.1 a,1.1 b,1.1 c,1.1 d,1.1 e,1.1 f,1.1 g,1.1 h,1.1 i,1.1 j,1.1 k,1.1 l,1.1 m,1.1 n,1.1 o,1.1 p,1.1 q||'
            """)
    void aDangerousRequestIsRefusedUndialled(String what, int status, String request) throws Exception {
        double before = gateway.metric(ERRORS);
        try (TestingConnection client = TestingClient.to(gateway)) {
            String answer = client.send(tagged(request)).rest();
            assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("\r\nConnection: close\r\n");
            // Nothing of what was sent is said back.
            assertThat(answer).doesNotContain("127.0.0.1");
        }
        gateway.awaitMetric(ERRORS, before + 1);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = ';', quoteCharacter = '\'', textBlock = """
            an empty list member               ; 'POST http://~/ HTTP/1.1|Host: ~|Transfer-Encoding: ,chunked||5|hello|0||'           ; 'Transfer-Encoding: chunked'
            a length that is none              ; 'POST http://~/ HTTP/1.1|Host: ~|Content_Length: 7|Content-Length: 5||hello'         ; 'Content-Length: 5'
            a coding that is none              ; 'POST http://~/ HTTP/1.1|Host: ~|Transfer_Encoding: chunked|Content-Length: 5||hello' ; 'Content-Length: 5'
            content in GET                     ; 'GET http://~/ HTTP/1.1|Host: ~|Content-Length: 5||hello'                            ; 'Content-Length: 5'
            a known method in small letters    ; 'get http://~/ HTTP/1.1|Host: ~||'                                                   ; 'get / HTTP/1.1'
            Connection takes the length away   ; 'POST http://~/ HTTP/1.1|Host: ~|Connection: content-length|Content-Length: 5||hello' ; 'Content-Length: 5'
            Connection takes Host away         ; 'GET http://~/ HTTP/1.1|Host: ~|Connection: host||'                                  ; 'Host: ~'
            """)
    void aDoubtfulRequestGoesOnRewrittenAndAlone(String what, String request, String kept) throws Exception {
        try (TestingConnection client = TestingClient.to(gateway)) {
            // Another request behind it, which must never be read as one.
            client.send(tagged(request) + tagged("GET http://~/second HTTP/1.1|Host: ~||"));
            try (TestingConnection server = origin.accept()) {
                String head = server.head();
                assertThat(head)
                        .contains(kept.replace("~", origin.authority()))
                        .contains("\r\nConnection: close\r\n")
                        .doesNotContain("_Length", "_Encoding", "Proxy-Authorization", "second");
                server.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                assertThat(client.rest()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nok");
                assertThat(server.untilGone()).doesNotContain("second");
            }
        }
        assertThat(origin.untouched()).isTrue();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = ';', quoteCharacter = '\'', textBlock = """
            a size that is no number           ; 'x|hello|0||'
            a size with a sign                 ; '+5|hello|0||'
            a size with 0x                     ; '0x5|hello|0||'
            a size with a space before         ; ' 5|hello|0||'
            a size too large to count          ; 'fffffffffffffffff|hello|0||'
            an empty size                      ; '|hello|0||'
            a bare LF behind the size          ; '5\nhello|0||'
            data without its CRLF              ; '5|hello0||'
            data longer than its size          ; '4|hello|0||'
            a length in the trailers           ; '5|hello|0|Content-Length: 7||'
            a coding in the trailers           ; '5|hello|0|Transfer-Encoding: chunked||'
            a Host in the trailers             ; '5|hello|0|Host: other.example||'
            control bytes in an extension      ; '5;a=\u0001|hello|0||'
            """)
    void aBrokenBodyCutsBothSides(String what, String body) throws Exception {
        try (TestingConnection client = TestingClient.to(gateway)) {
            client.send(tagged("POST http://~/ HTTP/1.1|Host: ~|Transfer-Encoding: chunked||" + body)
                    + tagged("GET http://~/second HTTP/1.1|Host: ~||"));
            try (TestingConnection server = origin.accept()) {
                assertThat(server.untilGone()).doesNotContain("second").doesNotEndWith("\r\n0\r\n\r\n");
            }
            assertThat(client.untilGone())
                    .startsWith("HTTP/1.1 400 Bad Request\r\nProxy-Status: postern; error=http_request_error\r\n");
        }
    }

    /** With lines ended, the origin named, and a tag where the first field begins. */
    private static String tagged(String request) {
        String text = request.replace("|", "\r\n")
                .replace("\\r", "\r")
                .replace("\\n", "\n")
                .replace("\\t", "\t")
                .replace("~", origin.authority());
        int line = text.indexOf("HTTP/1.1\r\n");
        return line < 0
                ? text
                : text.substring(0, line + 10)
                        + TestingClient.authorization(TestingClient.APP)
                        + text.substring(line + 10);
    }
}
