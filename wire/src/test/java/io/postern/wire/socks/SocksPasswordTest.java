package io.postern.wire.socks;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.Parse;
import io.postern.wire.ParserContract;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SocksPasswordTest {

    @Test
    void keepsTheContract() {
        ParserContract.check(
                SocksPassword.PARSER, latin1("\1\4user\10p\u00e4ss\0:~x"), new SocksPassword("user", "p\u00e4ss\0:~x"));
        String longest = "x".repeat(255);
        ParserContract.check(
                SocksPassword.PARSER,
                latin1("\1\u00ff" + longest + "\u00ff" + longest),
                new SocksPassword(longest, longest));
        ParserContract.check(SocksPassword.PARSER, latin1("\1\1u\1p"), new SocksPassword("u", "p"));
    }

    /** The sub-negotiation has a version of its own, and it is not that of SOCKS. */
    @ParameterizedTest
    @ValueSource(strings = {"05 01 75 01 70", "00", "02 01 75 01 70"})
    void anotherVersionIsSomethingElse(String hex) {
        ParserContract.refuses(SocksPassword.PARSER, hex(hex), new Parse.NotThis<>());
    }

    @ParameterizedTest
    @ValueSource(strings = {"01 00", "01 00 01 70", "01 01 75 00"})
    void emptyHalvesAreRefused(String hex) {
        ParserContract.refuses(SocksPassword.PARSER, hex(hex), new Parse.Malformed<>(SocksPassword.EMPTY));
    }

    @Test
    void doesNotPrintThePassword() {
        assertThat(new SocksPassword("user", "secret")).hasToString("user");
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
