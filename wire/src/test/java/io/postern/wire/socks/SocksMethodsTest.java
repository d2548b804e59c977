package io.postern.wire.socks;

import io.postern.wire.Parse;
import io.postern.wire.ParserContract;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SocksMethodsTest {

    @ParameterizedTest
    @CsvSource({
        "05 01 00, false, true",
        "05 01 02, true, false",
        "05 02 00 02, true, true",
        "05 03 02 01 00, true, true",
        "05 04 00 00 02 02, true, true",
        "05 02 01 80, false, false"
    })
    void whatIsOfferedIsSeenWhereverItStands(String hex, boolean password, boolean none) {
        ParserContract.check(SocksMethods.PARSER, bytes(hex), new SocksMethods(password, none));
    }

    @ParameterizedTest
    @ValueSource(strings = {"04 01 0050 7f000001 00", "00", "16 0301", "47 45 54 20", "ff 01 02"})
    void anotherVersionIsSomethingElse(String hex) {
        ParserContract.refuses(SocksMethods.PARSER, bytes(hex), new Parse.NotThis<>());
    }

    @Test
    void nothingOfferedIsRefused() {
        ParserContract.refuses(SocksMethods.PARSER, bytes("05 00"), new Parse.Malformed<>(SocksMethods.NO_METHOD));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
