package io.postern.wire.http;

import static io.postern.wire.http.Heads.REQUESTS;
import static io.postern.wire.http.Heads.bytes;
import static io.postern.wire.http.Heads.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.Parse;
import io.postern.wire.ParserContract;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestHeadParserTest {

    @Test
    void keepsTheContract() {
        ParserContract.check(
                REQUESTS,
                head("POST http://a.example/x?y HTTP/1.1", "Host: a.example", "X-Empty:", "x: \t b c\t "),
                new RequestHead(
                        "POST",
                        "http://a.example/x?y",
                        1,
                        List.of(new Field("Host", "a.example"), new Field("X-Empty", ""), new Field("x", "b c"))));
    }

    @Test
    void oneEmptyLineBeforeTheRequestIsForgiven() {
        ParserContract.check(REQUESTS, bytes("\r\nGET / HTTP/1.0\r\n\r\n"), new RequestHead("GET", "/", 0, List.of()));
        ParserContract.refuses(
                REQUESTS, bytes("\r\n\r\nGET / HTTP/1.0\r\n\r\n"), new Parse.Malformed<>(RequestHeadParser.METHOD));
    }

    /** Backslash escapes, so that a line shows every byte. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            ' GET / HTTP/1.1\\r\\n\\r\\n'                | method is not a token
            'G\\0T / HTTP/1.1\\r\\n\\r\\n'               | method is not a token
            'GET\\t/ HTTP/1.1\\r\\n\\r\\n'               | method is not a token
            '\\026\\003\\001\\002'                       | method is not a token
            'GET  / HTTP/1.1\\r\\n\\r\\n'                | request target is not visible
            'GET /\\0 HTTP/1.1\\r\\n\\r\\n'              | request target is not visible
            'GET /\\351 HTTP/1.1\\r\\n\\r\\n'            | request target is not visible
            'GET /\\tHTTP/1.1\\r\\n\\r\\n'               | request target is not visible
            'GET /\\r\\n\\r\\n'                          | request target is not visible
            'GET /  HTTP/1.1\\r\\n\\r\\n'                | version is not
            'GET / HTTP/2.0\\r\\n\\r\\n'                 | version is not
            'GET / HTTP/9.9\\r\\n\\r\\n'                 | version is not
            'GET / HTTP/1.2\\r\\n\\r\\n'                 | version is not
            'GET / HTTP/1.12\\r\\n\\r\\n'                | version is not
            'GET / HTTP/01.1\\r\\n\\r\\n'                | version is not
            'GET / http/1.1\\r\\n\\r\\n'                 | version is not
            'GET / HTTP/1.1 \\r\\n\\r\\n'                | version is not
            'PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n'   | version is not
            'GET / HTTP/1.1\\nHost: a\\n\\n'             | LF without CR
            'GET / HTTP/1.1\\rHost: a\\r\\n\\r\\n'       | CR without LF
            'GET / HTTP/1.1\\r\\nHost: a\\n\\r\\n'       | LF without CR
            'GET / HTTP/1.1\\r\\nHost: a\\rb\\r\\n\\r\\n' | CR without LF
            'GET / HTTP/1.1\\r\\n Host: a\\r\\n\\r\\n'   | field line starts with whitespace
            'GET / HTTP/1.1\\r\\nA: b\\r\\n c\\r\\n\\r\\n' | field line starts with whitespace
            'GET / HTTP/1.1\\r\\nA: b\\r\\n\\tc\\r\\n\\r\\n' | field line starts with whitespace
            'GET / HTTP/1.1\\r\\nA : b\\r\\n\\r\\n'      | field name is not a token
            'GET / HTTP/1.1\\r\\nA\\t: b\\r\\n\\r\\n'    | field name is not a token
            'GET / HTTP/1.1\\r\\n: b\\r\\n\\r\\n'        | field name is not a token
            'GET / HTTP/1.1\\r\\nA\\r\\n\\r\\n'          | field name is not a token
            'GET / HTTP/1.1\\r\\nA(b): c\\r\\n\\r\\n'    | field name is not a token
            'GET / HTTP/1.1\\r\\n\\177A: c\\r\\n\\r\\n'  | field name is not a token
            'GET / HTTP/1.1\\r\\nTran\\305\\277fer: c\\r\\n\\r\\n' | field name is not a token
            'GET / HTTP/1.1\\r\\nA: b\\0c\\r\\n\\r\\n'   | control byte in field value
            'GET / HTTP/1.1\\r\\nA: \\013chunked\\r\\n\\r\\n' | control byte in field value
            'GET / HTTP/1.1\\r\\nA: b\\177\\r\\n\\r\\n'  | control byte in field value
            """)
    void refuses(String escaped, String rule) {
        byte[] bytes = bytes(escaped.translateEscapes());
        Parse<RequestHead> parse = REQUESTS.parse(ByteBuffer.wrap(bytes));
        assertThat(parse).isInstanceOf(Parse.Malformed.class);
        assertThat(((Parse.Malformed<RequestHead>) parse).rule()).startsWith(rule);
        ParserContract.refuses(REQUESTS, bytes, parse);
    }

    @Test
    void everyLimitIsKeptAtItsLastByteAndNotBefore() {
        RequestHeadParser small = new RequestHeadParser(new HttpLimits(64, 256, 3, 64, 16));
        String line = "GET /" + "a".repeat(64 - 14) + " HTTP/1.1";
        assertThat(small.parse(ByteBuffer.wrap(head(line)))).isInstanceOf(Parse.Done.class);
        assertThat(small.parse(ByteBuffer.wrap(bytes("GET /" + "a".repeat(61)))))
                .isEqualTo(new Parse.Malformed<>(RequestHeadParser.LINE_TOO_LONG));
        ParserContract.refuses(
                small, head("GET /a" + line.substring(5)), new Parse.Malformed<>(RequestHeadParser.LINE_TOO_LONG));

        String field = "a: " + "b".repeat(256 - 2 - 2 - 3);
        assertThat(small.parse(ByteBuffer.wrap(head(line, field)))).isInstanceOf(Parse.Done.class);
        ParserContract.refuses(
                small, head(line, field + 'b'), new Parse.Malformed<>(RequestHeadParser.FIELDS_TOO_LARGE));

        assertThat(small.parse(ByteBuffer.wrap(head(line, "a:", "b:", "c:")))).isInstanceOf(Parse.Done.class);
        ParserContract.refuses(
                small, head(line, "a:", "b:", "c:", "d:"), new Parse.Malformed<>(RequestHeadParser.FIELDS_TOO_MANY));
    }

    @Test
    void isDecidedWhenTheRoomOfTheLimitsIsUsedUp() {
        HttpLimits limits = new HttpLimits(64, 256, 300, 64, 16);
        String line = "\r\nGET /" + "a".repeat(64 - 14) + " HTTP/1.1\r\n";
        byte[] endless = bytes(line + "a: " + "b".repeat(1000));
        ByteBuffer room = ByteBuffer.wrap(endless, 0, limits.head());
        assertThat(new RequestHeadParser(limits).parse(room))
                .isEqualTo(new Parse.Malformed<>(RequestHeadParser.FIELDS_TOO_LARGE));
    }
}
