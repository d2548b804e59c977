package io.postern.wire.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.http.Conformance.Grade;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The response half of the table in the package's description, row by row. */
class ResponseConformanceTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            HTTP/1.1 200 OK~Content-Length: 5                             | COMPLIANT |
            HTTP/1.1 200 OK~Transfer-Encoding: chunked                    | COMPLIANT |
            HTTP/1.0 200 OK                                               | COMPLIANT |
            HTTP/1.1 304 Not Modified~Content-Length: 5                   | COMPLIANT |
            HTTP/1.1 204 No Content                                       | COMPLIANT |
            HTTP/1.1 100 Continue                                         | COMPLIANT |
            HTTP/1.1 204 No Content~Content-Length: 0                     | AMBIGUOUS | framing field in a response
            HTTP/1.1 204 No Content~Content-Length: 5                     | AMBIGUOUS | framing field in a response
            HTTP/1.1 204 No Content~Transfer-Encoding: chunked            | AMBIGUOUS | framing field in a response
            HTTP/1.1 103 Early Hints~Content-Length: 5                    | AMBIGUOUS | framing field in a response
            HTTP/1.1 200 OK~Content_Length: 5                             | AMBIGUOUS | field name resembles
            HTTP/1.1 200 OK~Transfer-Encoding: , chunked                  | AMBIGUOUS | empty member
            HTTP/1.1 200 OK~Connection: transfer-encoding                 | AMBIGUOUS | Connection names
            HTTP/1.1 200 OK~Content-Length: 5~Content-Length: 5           | SEVERE    | more than one Content-Length
            HTTP/1.1 200 OK~Content-Length: 5~Transfer-Encoding: chunked  | SEVERE    | both Transfer-Encoding
            HTTP/1.1 200 OK~Transfer-Encoding: gzip                       | SEVERE    | transfer coding other
            HTTP/1.0 200 OK~Transfer-Encoding: chunked                    | SEVERE    | Transfer-Encoding in HTTP/1.0
            HTTP/1.1 204 No Content~Content-Length: x                     | SEVERE    | Content-Length is not one
            """)
    void grades(String lines, Grade grade, String rule) {
        Conformance conformance = Heads.response(lines.split("~ ?", -1)).conformance();
        assertThat(conformance.grade()).isEqualTo(grade);
        assertThat(conformance.rule()).startsWith(rule == null ? "" : rule);
    }
}
