package io.postern.wire.http;

import static io.postern.wire.http.Heads.bytes;
import static io.postern.wire.http.Heads.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.Cuts;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChunkedBodyTest {

    /** What a whole reading came to: the data joined, how it ended, how many bytes it used. */
    record Reading(String data, ChunkedBody.Piece end, int used) {}

    static Reading read(List<ByteBuffer> pieces, HttpLimits limits) {
        ChunkedBody body = new ChunkedBody(limits);
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        ChunkedBody.Piece piece = new ChunkedBody.Waiting();
        int used = 0;
        for (ByteBuffer bytes : pieces) {
            int from = bytes.position();
            do {
                piece = body.next(bytes);
                if (piece instanceof ChunkedBody.Data some) {
                    byte[] copy = new byte[some.slice().remaining()];
                    assertThat(copy).isNotEmpty();
                    some.slice().get(copy);
                    data.writeBytes(copy);
                }
            } while (piece instanceof ChunkedBody.Data);
            used += bytes.position() - from;
        }
        return new Reading(text(data.toByteArray()), piece, used);
    }

    private static Reading readEveryWay(String body) {
        return Cuts.check(bytes(body), pieces -> read(pieces, HttpLimits.DEFAULTS));
    }

    @Test
    void dataAndTrailersComeOutOfEveryCut() {
        String body = "5\r\nhello\r\n1;ext=\"a b\"\r\n \r\n00A\r\n0123456789\r\n0\r\nX-Sum: 1\r\nY: \r\n\r\n";
        assertThat(readEveryWay(body + "GET"))
                .isEqualTo(new Reading(
                        "hello 0123456789",
                        new ChunkedBody.End(List.of(new Field("X-Sum", "1"), new Field("Y", ""))),
                        body.length()));
    }

    @Test
    void anEmptyBodyIsItsEnd() {
        assertThat(readEveryWay("0\r\n\r\n")).isEqualTo(new Reading("", new ChunkedBody.End(List.of()), 5));
        assertThat(readEveryWay("000;a\r\n\r\n").end()).isEqualTo(new ChunkedBody.End(List.of()));
    }

    @Test
    void dataIsAViewThatEndsAtThePosition() {
        ByteBuffer bytes = ByteBuffer.wrap(bytes("..8\r\nabcde")).position(2);
        ChunkedBody.Piece piece = new ChunkedBody(HttpLimits.DEFAULTS).next(bytes);
        assertThat(bytes.hasRemaining()).isFalse();
        assertThat(piece).isInstanceOfSatisfying(ChunkedBody.Data.class, data -> {
            assertThat(data.slice().array()).isSameAs(bytes.array());
            assertThat(data.slice().arrayOffset()).isEqualTo(bytes.position() - 5);
        });
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            '\\r\\n'                                  | chunk size is not hexadecimal
            ';a\\r\\n'                                | chunk size is not hexadecimal
            ' 5\\r\\nhello'                           | chunk size is not hexadecimal
            '5 \\r\\nhello'                           | chunk size is not hexadecimal
            '5\\t;a\\r\\n'                            | chunk size is not hexadecimal
            '0x5\\r\\nhello'                          | chunk size is not hexadecimal
            '+5\\r\\nhello'                           | chunk size is not hexadecimal
            '-1\\r\\n'                                | chunk size is not hexadecimal
            '5\\nhello'                               | chunk size is not hexadecimal
            '5_\\r\\nhello'                           | chunk size is not hexadecimal
            'g\\r\\n'                                 | chunk size is not hexadecimal
            '\\265\\r\\n'                             | chunk size is not hexadecimal
            '1000000000000000\\r\\n'                  | chunk size is 2^60
            'FFFFFFFFFFFFFFFFF\\r\\n'                 | chunk size is 2^60
            '5;a\\nhello'                             | control byte in chunk extension
            '5;a\\0\\r\\nhello'                       | control byte in chunk extension
            '5;a\\rb\\r\\nhello'                      | CR without LF
            '5\\rhello'                               | CR without LF
            '5\\r\\nhello!\\r\\n'                     | chunk data not followed
            '5\\r\\nhello\\n'                         | chunk data not followed
            '5\\r\\nhello\\r0'                        | chunk data not followed
            '0\\r\\nContent-Length: 5\\r\\n\\r\\n'    | framing or routing field
            '0\\r\\nTransfer-Encoding: x\\r\\n\\r\\n' | framing or routing field
            '0\\r\\nhost: x\\r\\n\\r\\n'              | framing or routing field
            '0\\r\\nContent_Length: 5\\r\\n\\r\\n'    | framing or routing field
            '0\\r\\nA: b\\n\\r\\n'                    | LF without CR
            '0\\r\\n\\n'                              | LF without CR
            '0\\r\\nA: b\\rc\\r\\n\\r\\n'             | CR without LF
            '0\\r\\nA : b\\r\\n\\r\\n'                | field name is not a token
            '0\\r\\nA: b\\r\\n c\\r\\n\\r\\n'         | field line starts with whitespace
            '0\\r\\nA: b\\0\\r\\n\\r\\n'              | control byte in field value
            '0\\r\\nGET / HTTP/1.1\\r\\n\\r\\n'       | field name is not a token
            """)
    void breaks(String escaped, String rule) {
        assertThat(readEveryWay(escaped.translateEscapes()).end())
                .isInstanceOfSatisfying(
                        ChunkedBody.Broken.class,
                        broken -> assertThat(broken.rule()).startsWith(rule));
    }

    @Test
    void everyLimitIsKept() {
        HttpLimits small = new HttpLimits(64, 256, 2, 40, 16);
        assertThat(end("5;" + "a".repeat(14) + "\r\n", small)).isInstanceOf(ChunkedBody.Waiting.class);
        assertThat(end("5;" + "a".repeat(15), small)).isEqualTo(new ChunkedBody.Broken(ChunkedBody.LINE_TOO_LONG));
        assertThat(end("0".repeat(17), small)).isEqualTo(new ChunkedBody.Broken(ChunkedBody.LINE_TOO_LONG));
        assertThat(end("0\r\na: " + "b".repeat(33) + "\r\n\r\n", small)).isInstanceOf(ChunkedBody.End.class);
        assertThat(end("0\r\na: " + "b".repeat(34) + "\r\n\r\n", small))
                .isEqualTo(new ChunkedBody.Broken(ChunkedBody.TRAILERS_TOO_LARGE));
        assertThat(end("0\r\na:\r\nb:\r\nc:\r\n\r\n", small))
                .isEqualTo(new ChunkedBody.Broken(ChunkedBody.TRAILERS_TOO_LARGE));
    }

    @Test
    void sizesBeyondThirtyTwoBitsAreCounted() {
        ChunkedBody body = new ChunkedBody(HttpLimits.DEFAULTS);
        ByteBuffer bytes = ByteBuffer.wrap(bytes("fffffffffffffff\r\nabc"));
        assertThat(body.next(bytes)).isEqualTo(new ChunkedBody.Data(ByteBuffer.wrap(bytes("abc"))));
        assertThat(body.next(bytes)).isEqualTo(new ChunkedBody.Waiting());
    }

    @Test
    void whatIsWrittenReadsBack() {
        List<Field> trailers = List.of(new Field("X-Sum", "1"));
        String written = text(ChunkWriter.start(26))
                + "abcdefghijklmnopqrstuvwxyz"
                + text(ChunkWriter.end())
                + text(ChunkWriter.last(trailers));
        assertThat(written).startsWith("1a\r\n");
        assertThat(readEveryWay(written))
                .isEqualTo(new Reading("abcdefghijklmnopqrstuvwxyz", new ChunkedBody.End(trailers), written.length()));
    }

    private static ChunkedBody.Piece end(String body, HttpLimits limits) {
        return read(List.of(ByteBuffer.wrap(bytes(body))), limits).end();
    }
}
