package io.postern.wire.http;

import static io.postern.wire.http.Heads.bytes;
import static io.postern.wire.http.Heads.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.Parse;
import io.postern.wire.ParserContract;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpOpeningParserTest {

    private static final HttpOpeningParser PARSER = new HttpOpeningParser(16 * 1024);

    private static HttpOpening opening(String method, String host, String userAgent, boolean websocket) {
        return new HttpOpening(
                method,
                Optional.ofNullable(host.isEmpty() ? null : host),
                Optional.ofNullable(userAgent.isEmpty() ? null : userAgent),
                websocket,
                true);
    }

    @Test
    void keepsTheContract() {
        ParserContract.check(
                PARSER,
                head("GET /x HTTP/1.1", "HOST:a.example:80", "user-agent: curl/8 (x)", "Host: second"),
                opening("GET", "a.example:80", "curl/8 (x)", false));
        ParserContract.check(PARSER, bytes("\r\nOPTIONS * HTTP/1.0\r\n\r\n"), opening("OPTIONS", "", "", false));
        ParserContract.check(
                PARSER, bytes("\r\n\n\r\n\r\nOPTIONS * HTTP/1.0\r\n\r\n"), opening("OPTIONS", "", "", false));
    }

    @Test
    void isLenientAboutWhatItDoesNotJudge() {
        ParserContract.check(
                PARSER,
                bytes("M-SEARCH /a b\u00e9 HTTP/1.9\nhost : x\nnonsense\n folded\nHost:  \0 \n\n"),
                opening("M-SEARCH", "\0", "", false));
    }

    @Test
    void theTargetsHostGoesBeforeTheField() {
        ParserContract.check(
                PARSER,
                head("GET Http://b.example:81?q HTTP/1.1", "Host: a"),
                opening("GET", "b.example:81", "", false));
        ParserContract.check(PARSER, head("GET http:///x HTTP/1.1", "Host: a"), opening("GET", "a", "", false));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Connection: keep-alive, Upgrade~Upgrade: WebSocket | 13 | k  | true
            Upgrade: h2c, websocket~Connection: upgrade        | 13 | k  | true
            Upgrade: websocket                                 | 13 | k  | false
            Connection: upgrade~Upgrade: websockets            | 13 | k  | false
            Upgrade: websocket~Connection: upgrade             | 8  | k  | false
            Upgrade: websocket~Connection: upgrade             | 13 | '' | false
            """)
    void websocketsAreSeen(String fields, String version, String key, boolean websocket) {
        String all = "GET /ws HTTP/1.1~" + fields + "~Sec-WebSocket-Version: " + version + "~sec-websocket-key: " + key;
        ParserContract.check(PARSER, head(all.split("~")), opening("GET", "", "", websocket));
    }

    /** How many bytes it takes to know. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            '\\026\\003\\001\\002\\000'                 | 1
            '\\0'                                       | 1
            ' GET / HTTP/1.1\\r\\n'                     | 1
            '\\n\\0'                                    | 2
            '\\rG'                                      | 2
            '\\023BitTorrent protocol'                  | 1
            'SSH-2.0-OpenSSH_9.2\\r\\n'                 | 20
            'EHLO mail.example\\r\\n'                   | 19
            'USER x\\r\\n'                              | 8
            'GET /\\r\\n'                               | 7
            'GET  HTTP/1.1\\r\\n'                       | 15
            'GET /\\0 HTTP/1.1\\r\\n'                   | 6
            'GET / HTTP/1.1\\rX'                        | 16
            'GET / HTTP/2.0\\r\\n'                      | 16
            'GET / HTTP/1.x\\r\\n'                      | 16
            'PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n'  | 16
            'OPTIONS rtsp://a RTSP/1.0\\r\\n'           | 27
            'INVITE sip:a SIP/2.0\\r\\n'                | 22
            'A23456789012345678901234567890123 / HTTP/1.1' | 33
            """)
    void refusesAsSoonAsItCan(String escaped, int needed) {
        byte[] bytes = bytes(escaped.translateEscapes());
        ParserContract.refuses(PARSER, bytes, new Parse.NotThis<>());
        assertThat(PARSER.parse(ByteBuffer.wrap(bytes, 0, needed))).isEqualTo(new Parse.NotThis<>());
        assertThat(PARSER.parse(ByteBuffer.wrap(bytes, 0, needed - 1))).isEqualTo(new Parse.NeedMore<>(needed));
    }

    @Test
    void aHeadLongerThanTheRoomIsKnownByItsLine() {
        HttpOpeningParser small = new HttpOpeningParser(64);
        byte[] bytes = head("GET /x HTTP/1.1", "Host: a", "User-Agent: " + "x".repeat(100), "Upgrade: websocket");
        assertThat(small.parse(ByteBuffer.wrap(bytes, 0, 63))).isEqualTo(new Parse.NeedMore<>(64));
        Parse<HttpOpening> cut =
                new Parse.Done<>(new HttpOpening("GET", Optional.of("a"), Optional.empty(), false, false), 64);
        for (int shown = 64; shown <= bytes.length; shown++) {
            assertThat(small.parse(ByteBuffer.wrap(bytes, 0, shown))).isEqualTo(cut);
        }
    }

    @Test
    void aLineLongerThanTheRoomIsNotCertainlyThis() {
        byte[] bytes = head("GET /" + "x".repeat(64) + " HTTP/1.1");
        ParserContract.refuses(new HttpOpeningParser(64), bytes, new Parse.NotThis<>());
    }
}
