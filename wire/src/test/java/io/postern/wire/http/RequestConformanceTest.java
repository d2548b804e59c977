package io.postern.wire.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.http.Conformance.Grade;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The request half of the table in the package's description, row by row. */
class RequestConformanceTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            GET http://a/ HTTP/1.1~Host: a                                      | COMPLIANT |
            GET http://a/ HTTP/1.0                                              | COMPLIANT |
            GET http://A:80/ HTTP/1.1~Host: a                                   | COMPLIANT |
            GET http://a/ HTTP/1.1~Host: a:80                                   | COMPLIANT |
            GET http://[2001:db8::1]:8080/ HTTP/1.1~Host: [2001:DB8::1]:8080    | COMPLIANT |
            GET / HTTP/1.1~Host: a:8080                                         | COMPLIANT |
            OPTIONS * HTTP/1.1~Host: a                                          | COMPLIANT |
            CONNECT a:443 HTTP/1.1~Host: a:443                                  | COMPLIANT |
            CONNECT a:443 HTTP/1.1~Host: a                                      | COMPLIANT |
            CONNECT a:443 HTTP/1.0                                              | COMPLIANT |
            CONNECT a:443 HTTP/1.1~Host: a~Content-Length: 0                    | COMPLIANT |
            PURGE http://a/ HTTP/1.1~Host: a                                    | COMPLIANT |
            POST http://a/ HTTP/1.1~Host: a~Content-Length: 5                   | COMPLIANT |
            POST http://a/ HTTP/1.1~Host: a~Content-Length: 005                 | COMPLIANT |
            POST http://a/ HTTP/1.1~Host: a~Transfer-Encoding: Chunked          | COMPLIANT |
            GET http://a/ HTTP/1.1~Host: a~Content-Length: 0                    | COMPLIANT |
            DELETE http://a/ HTTP/1.1~Host: a~Content-Length: 5                 | COMPLIANT |
            GET http://a/ HTTP/1.1~Host: a~Connection: keep-alive, , x-y        | COMPLIANT |
            GET http://a/ HTTP/1.1                                              | SEVERE    | no Host in HTTP/1.1
            CONNECT a:443 HTTP/1.1                                              | SEVERE    | no Host in HTTP/1.1
            GET http://a/ HTTP/1.1~Host: a~Host: a                              | SEVERE    | more than one Host
            GET http://a/ HTTP/1.1~Host: a, a                                   | SEVERE    | Host is not host[:port]
            GET http://a/ HTTP/1.1~Host: u@a                                    | SEVERE    | Host is not host[:port]
            GET http://a/ HTTP/1.1~Host:                                        | SEVERE    | Host is not host[:port]
            GET http://a/ HTTP/1.1~Host: b                                      | SEVERE    | Host differs
            GET http://a/ HTTP/1.1~Host: a:8080                                 | SEVERE    | Host differs
            GET http://a:8080/ HTTP/1.1~Host: a                                 | SEVERE    | Host differs
            GET http://a/ HTTP/1.0~Host: b                                      | SEVERE    | Host differs
            CONNECT a:443 HTTP/1.1~Host: b:443                                  | SEVERE    | Host differs
            CONNECT a:443 HTTP/1.1~Host: a:80                                   | SEVERE    | Host differs
            CONNECT / HTTP/1.1~Host: a                                          | SEVERE    | CONNECT target
            connect a:443 HTTP/1.1~Host: a:443                                  | SEVERE    | request target has none
            GET https://a/ HTTP/1.1~Host: a                                     | SEVERE    | https in absolute-form
            POST http://a/ HTTP/1.1~Host: a~Content-Length: 5~Content-Length: 6 | SEVERE    | more than one Content-Length
            POST http://a/ HTTP/1.1~Host: a~Content-Length: 5~Content-Length: 5 | SEVERE    | more than one Content-Length
            POST http://a/ HTTP/1.1~Host: a~Content-Length: 5, 5                | SEVERE    | Content-Length is not one
            POST http://a/ HTTP/1.1~Host: a~Content-Length: +5                  | SEVERE    | Content-Length is not one
            POST http://a/ HTTP/1.1~Host: a~Content-Length: -5                  | SEVERE    | Content-Length is not one
            POST http://a/ HTTP/1.1~Host: a~Content-Length: 0x5                 | SEVERE    | Content-Length is not one
            POST http://a/ HTTP/1.1~Host: a~Content-Length: 5 5                 | SEVERE    | Content-Length is not one
            POST http://a/ HTTP/1.1~Host: a~Content-Length:                     | SEVERE    | Content-Length is not one
            POST http://a/ HTTP/1.1~Host: a~Content-Length: 18446744073709551616 | SEVERE   | Content-Length is not one
            POST http://a/ HTTP/1.1~Host: a~Content-Length: 5~Transfer-Encoding: chunked | SEVERE | both Transfer-Encoding
            POST http://a/ HTTP/1.1~Host: a~Transfer-Encoding: chunked, chunked | SEVERE    | transfer coding other
            POST http://a/ HTTP/1.1~Host: a~Transfer-Encoding: chunked~Transfer-Encoding: chunked | SEVERE | transfer coding other
            POST http://a/ HTTP/1.1~Host: a~Transfer-Encoding: identity, chunked | SEVERE   | transfer coding other
            POST http://a/ HTTP/1.1~Host: a~Transfer-Encoding: gzip, chunked    | SEVERE    | transfer coding other
            POST http://a/ HTTP/1.1~Host: a~Transfer-Encoding: chunked;q=1      | SEVERE    | transfer coding other
            POST http://a/ HTTP/1.1~Host: a~Transfer-Encoding: xchunked         | SEVERE    | transfer coding other
            POST http://a/ HTTP/1.1~Host: a~Transfer-Encoding: "chunked"        | SEVERE    | transfer coding other
            POST http://a/ HTTP/1.1~Host: a~Transfer-Encoding:                  | SEVERE    | transfer coding other
            POST http://a/ HTTP/1.0~Host: a~Transfer-Encoding: chunked          | SEVERE    | Transfer-Encoding in HTTP/1.0
            CONNECT a:443 HTTP/1.1~Host: a~Content-Length: 5                    | SEVERE    | content in CONNECT
            CONNECT a:443 HTTP/1.1~Host: a~Transfer-Encoding: chunked           | SEVERE    | content in CONNECT
            TRACE http://a/ HTTP/1.1~Host: a~Content-Length: 5                  | SEVERE    | content in TRACE
            POST http://a/ HTTP/1.1~Host: a~Transfer-Encoding: ,chunked         | AMBIGUOUS | empty member
            POST http://a/ HTTP/1.1~Host: a~Transfer-Encoding: chunked,         | AMBIGUOUS | empty member
            POST http://a/ HTTP/1.1~Host: a~Transfer-Encoding: chunked~Transfer-Encoding: | AMBIGUOUS | empty member
            GET http://a/ HTTP/1.1~Host: a~Content-Length: 5                    | AMBIGUOUS | content in GET or HEAD
            HEAD http://a/ HTTP/1.1~Host: a~Transfer-Encoding: chunked          | AMBIGUOUS | content in GET or HEAD
            POST http://a/ HTTP/1.1~Host: a~Content_Length: 5                   | AMBIGUOUS | field name resembles
            POST http://a/ HTTP/1.1~Host: a~ContentLength: 5                    | AMBIGUOUS | field name resembles
            POST http://a/ HTTP/1.1~Host: a~Transfer---Encoding: chunked        | AMBIGUOUS | field name resembles
            POST http://a/ HTTP/1.1~Host: a~Transfer.Encoding!: chunked         | AMBIGUOUS | field name resembles
            POST http://a/ HTTP/1.1~Host: a~_Host: b                            | AMBIGUOUS | field name resembles
            get http://a/ HTTP/1.1~Host: a                                      | AMBIGUOUS | known method in other case
            Post http://a/ HTTP/1.1~Host: a                                     | AMBIGUOUS | known method in other case
            GET http://a/ HTTP/1.1~Host: a~Connection: close, host              | AMBIGUOUS | Connection names
            GET http://a/ HTTP/1.1~Host: a~Connection: content-length           | AMBIGUOUS | Connection names
            GET http://a/ HTTP/1.1~Host: a~Connection: a b                      | AMBIGUOUS | Connection option
            """)
    void grades(String lines, Grade grade, String rule) {
        Conformance conformance = Heads.request(lines.split("~ ?", -1)).conformance();
        assertThat(conformance.grade()).isEqualTo(grade);
        assertThat(conformance.rule()).startsWith(rule == null ? "" : rule);
        assertThat(conformance.rule().isEmpty()).isEqualTo(grade == Grade.COMPLIANT);
    }

    @Test
    void theWorstOfSeveralFaultsIsTold() {
        Conformance conformance = Heads.request(
                        "get http://a/ HTTP/1.1", "Host: a", "Content_Length: 1", "Content-Length: x")
                .conformance();
        assertThat(conformance.grade()).isEqualTo(Grade.SEVERE);
        assertThat(conformance.rule()).startsWith("Content-Length is not one");
    }
}
