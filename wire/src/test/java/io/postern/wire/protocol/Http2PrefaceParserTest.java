package io.postern.wire.protocol;

import io.postern.wire.Parse;
import io.postern.wire.ParserContract;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Http2PrefaceParserTest {

    private static final Http2PrefaceParser PARSER = new Http2PrefaceParser();

    /** length | type | flags | stream */
    @ParameterizedTest
    @CsvSource({"000000 04 00 00000000, 0", "000012 04 00 00000000, 3", "000006 04 fe 80000000, 1"})
    void keepsTheContract(String frame, int settings) {
        ParserContract.check(PARSER, preface(frame), new Http2Preface(settings));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            000000 04 00 00000001 | preface without SETTINGS, RFC 9113 section 3.4
            000000 01 00 00000000 | preface without SETTINGS, RFC 9113 section 3.4
            000005 04 00 00000000 | SETTINGS of a wrong size, RFC 9113 section 6.5
            004002 04 00 00000000 | SETTINGS of a wrong size, RFC 9113 section 6.5
            """)
    void mustBeginWithItsSettings(String frame, String rule) {
        ParserContract.refuses(PARSER, preface(frame), new Parse.Malformed<>(rule));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PRI * HTTP/1.1\r\n", "pri * HTTP/2.0\r\n", "POST / HTTP/1.1\r\n", "P\0", "SSH-2.0-x\r\n"})
    void isNoneOfThese(String text) {
        ParserContract.refuses(PARSER, text.getBytes(StandardCharsets.ISO_8859_1), new Parse.NotThis<>());
    }

    @Test
    void aPrefaceThatIsWrongAtItsEndIsNone() {
        byte[] bytes = preface("000000 04 00 00000000");
        bytes[23] = ' ';
        ParserContract.refuses(PARSER, bytes, new Parse.NotThis<>());
    }

    private static byte[] preface(String frame) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(HexFormat.of().parseHex(frame.replace(" ", "")));
        return bytes.toByteArray();
    }
}
