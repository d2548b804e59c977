package io.postern.wire.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.wire.http.BodyFraming.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyFramingTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            GET http://a/ HTTP/1.1~Host: a                             | NONE    | 0
            POST http://a/ HTTP/1.1~Host: a                            | NONE    | 0
            POST http://a/ HTTP/1.1~Host: a~Content-Length: 0          | NONE    | 0
            POST http://a/ HTTP/1.0~Content-Length: 999999999999999999 | LENGTH  | 999999999999999999
            GET http://a/ HTTP/1.1~Host: a~Content-Length: 7           | LENGTH  | 7
            PUT http://a/ HTTP/1.1~Host: a~Transfer-Encoding: chunked  | CHUNKED | 0
            PUT http://a/ HTTP/1.1~Host: a~Transfer-Encoding: ,chunked | CHUNKED | 0
            """)
    void ofRequests(String lines, Kind kind, long bytes) {
        assertThat(BodyFraming.of(Heads.request(lines.split("~ ?", -1)))).isEqualTo(new BodyFraming(kind, bytes));
    }

    @ParameterizedTest(name = "{1} to {0}")
    @CsvSource(delimiter = '|', textBlock = """
            GET     | HTTP/1.1 200 OK~Content-Length: 7             | LENGTH      | 7
            GET     | HTTP/1.1 200 OK~Content-Length: 0             | NONE        | 0
            GET     | HTTP/1.1 200 OK~Transfer-Encoding: chunked    | CHUNKED     | 0
            GET     | HTTP/1.1 200 OK                               | UNTIL_CLOSE | 0
            GET     | HTTP/1.0 404 No                               | UNTIL_CLOSE | 0
            HEAD    | HTTP/1.1 200 OK~Content-Length: 7             | NONE        | 0
            HEAD    | HTTP/1.1 200 OK~Transfer-Encoding: chunked    | NONE        | 0
            HEAD    | HTTP/1.1 200 OK                               | NONE        | 0
            GET     | HTTP/1.1 100 Continue                         | NONE        | 0
            GET     | HTTP/1.1 101 Switching Protocols              | NONE        | 0
            GET     | HTTP/1.1 204 No Content~Content-Length: 7     | NONE        | 0
            GET     | HTTP/1.1 304 Not Modified~Content-Length: 7   | NONE        | 0
            CONNECT | HTTP/1.1 200 OK~Content-Length: 7             | NONE        | 0
            CONNECT | HTTP/1.1 403 No~Content-Length: 7             | LENGTH      | 7
            """)
    void ofResponses(String method, String lines, Kind kind, long bytes) {
        assertThat(BodyFraming.of(method, Heads.response(lines.split("~ ?", -1))))
                .isEqualTo(new BodyFraming(kind, bytes));
    }

    @Test
    void whatIsSevereHasNoEndToBeFound() {
        RequestHead both =
                Heads.request("POST http://a/ HTTP/1.1", "Host: a", "Content-Length: 5", "Transfer-Encoding: chunked");
        assertThatThrownBy(() -> BodyFraming.of(both)).isInstanceOf(IllegalArgumentException.class);
        ResponseHead twice = Heads.response("HTTP/1.1 204 No", "Content-Length: 1", "Content-Length: 2");
        assertThatThrownBy(() -> BodyFraming.of("GET", twice)).isInstanceOf(IllegalArgumentException.class);
    }
}
