package io.postern.tls.hello;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.Parse;
import io.postern.wire.ParserContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Ssl2HelloParserTest {

    private static final Ssl2HelloParser PARSER = new Ssl2HelloParser();

    /** RFC 5246 appendix E.2: length, type, version, three lengths, specs, challenge. */
    @Test
    void readsEveryField() {
        ParserContract.check(
                PARSER,
                Hellos.hex("80 22 | 01 | 0301 | 0009 0000 0010 | 00002f 010080 000005 |" + "33".repeat(16)),
                new Ssl2Hello(0x0301, Codes.of(0x2F, 5), 1));
    }

    @Test
    void ssl2ItselfMayResume() {
        Ssl2Hello hello = ParserContract.read(
                PARSER, Hellos.hex("80 2c | 01 | 0002 | 0003 0010 0010 | 0700c0 |" + "44".repeat(32)));
        assertThat(hello.highestVersion()).isEqualTo("SSLv2");
        assertThat(hello.cipherSuites()).isEqualTo(Codes.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "16 0301",
                "00 22 01 0301",
                "ff 22 01 0301",
                "80 01 01 0301",
                "80 22 02 0301",
                "80 22 01 0201",
                "80 22 01 0001",
                "80 22 01 0305",
                "80 22 01 0301 0009 0000 0011",
                "80 22 01 0301 0008 0001 0010",
                "80 1a 01 0301 0000 0000 0011",
                "80 22 01 0301 0012 0000 0007"
            })
    void refusesAllElse(String hex) {
        ParserContract.refuses(PARSER, Hellos.hex(hex), new Parse.NotThis<>());
    }
}
