package io.postern.wire.http2;

import io.postern.wire.Parse;
import io.postern.wire.ParserContract;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsParserTest {

    private static final SettingsParser PARSER = new SettingsParser();

    @ParameterizedTest
    @CsvSource({
        "000006 04 00 00000000 000300000064, 1",
        "00000c 04 00 00000000 000400010000 1a2a00000000, 2",
        "000000 04 00 00000000 000000 04 01 00000000, 0",
        "000000 04 00 00000000 000004 08 00 00000000, 0"
    })
    void serversBeginWithThem(String hex, int settings) {
        ParserContract.check(PARSER, bytes(hex), settings);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "000007 04 00 00000000",
                "000006 04 01 00000000",
                "000006 04 00 00000001",
                "000006 04 00 00000000 001100000064",
                "000000 04 00 00000000 000000 00 00 00000000",
                "000000 00",
                "00007e 04",
                "01"
            })
    void othersDoNot(String hex) {
        ParserContract.refuses(PARSER, bytes(hex), new Parse.NotThis<>());
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
