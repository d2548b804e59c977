package io.postern.wire.http;

import static io.postern.wire.http.Heads.RESPONSES;
import static io.postern.wire.http.Heads.bytes;
import static io.postern.wire.http.Heads.head;
import static io.postern.wire.http.Heads.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.Parse;
import io.postern.wire.ParserContract;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponseHeadParserTest {

    @Test
    void keepsTheContract() {
        ParserContract.check(
                RESPONSES,
                head("HTTP/1.1 404 Not \u00e9 there", "Server: x", "Content-Length: 0"),
                new ResponseHead(
                        1,
                        404,
                        "Not \u00e9 there",
                        List.of(new Field("Server", "x"), new Field("Content-Length", "0"))));
    }

    @Test
    void aMissingReasonMayMissItsSpaceAndGetsItBack() {
        ResponseHead head = ParserContract.read(RESPONSES, head("HTTP/1.0 200"));
        assertThat(head).isEqualTo(new ResponseHead(0, 200, "", List.of()));
        assertThat(text(head.bytes())).isEqualTo("HTTP/1.0 200 \r\n\r\n");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            'ICY 200 OK\\r\\n\\r\\n'                     | status line does not start
            '\\r\\nHTTP/1.1 200 OK\\r\\n\\r\\n'          | status line does not start
            'HTTP/2.0 200 OK\\r\\n\\r\\n'                | status line does not start
            'HTTP/1.1  200 OK\\r\\n\\r\\n'               | status is not three digits
            'HTTP/1.1 20 OK\\r\\n\\r\\n'                 | status is not three digits
            'HTTP/1.1 2000 OK\\r\\n\\r\\n'               | status is not three digits
            'HTTP/1.1 099 OK\\r\\n\\r\\n'                | status is not three digits
            'HTTP/1.1 600 OK\\r\\n\\r\\n'                | status is not three digits
            'HTTP/1.1 200 O\\0K\\r\\n\\r\\n'             | control byte in reason
            'HTTP/1.1 200 OK\\nA: b\\n\\n'               | LF without CR
            'HTTP/1.1 200 OK\\r\\r\\n'                   | CR without LF
            'HTTP/1.1 200 OK\\r\\nA: b\\r\\n c\\r\\n\\r\\n' | field line starts with whitespace
            'HTTP/1.1 200 OK\\r\\nA : b\\r\\n\\r\\n'     | field name is not a token
            """)
    void refuses(String escaped, String rule) {
        byte[] bytes = bytes(escaped.translateEscapes());
        Parse<ResponseHead> parse = RESPONSES.parse(ByteBuffer.wrap(bytes));
        assertThat(parse).isInstanceOf(Parse.Malformed.class);
        assertThat(((Parse.Malformed<ResponseHead>) parse).rule()).startsWith(rule);
        ParserContract.refuses(RESPONSES, bytes, parse);
    }
}
