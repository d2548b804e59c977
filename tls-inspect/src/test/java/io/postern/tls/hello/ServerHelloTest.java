package io.postern.tls.hello;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.tls.fingerprint.Ja3;
import io.postern.wire.ByteCursor;
import io.postern.wire.Parse;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerHelloTest {

    private static final String RANDOM = "22".repeat(32);

    @Test
    void readsEveryField() {
        assertThat(read("0303 R 02 0102 c02f 00 | 0014 | ff01 0001 00 | 0010 0005 0003 02 6832 | 000b 0002 0100"))
                .isEqualTo(
                        new ServerHello(0x0303, 0, 0xC02F, Optional.of("h2"), Codes.of(0xFF01, 0x10, 0x0B), 0, false));
    }

    @ParameterizedTest(name = "{1}: {0}")
    @CsvSource({
        "0303 R 00 1301 00 0010 002b 0002 0304 0033 0006 001d 0002 0102, 1.3, 1d",
        "0303 R 00 1301 00 000c 0033 0002 0017 002b 0002 0304, 1.3, 17",
        "0302 R 00 0035 00, 1.1, 0",
        "fefd R 00 0035 00 0000, DTLS 1.2, 0",
        "7f12 R 1301 0006 0028 0002 0017, 0x7f12, 0",
        "0304 R 1301 0000, 1.3, 0"
    })
    void theVersionIsWhatBothWillSpeak(String body, String version, String group) {
        ServerHello hello = read(body);
        assertThat(hello.version()).isEqualTo(version);
        assertThat(Integer.toHexString(hello.group())).isEqualTo(group);
    }

    @Test
    void aRetryRequestIsKnownByItsRandom() {
        String retry = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c";
        assertThat(read("0303" + retry + "00 1301 00 0006 002b 0002 0304").retry())
                .isTrue();
    }

    /** MD5 of "771,49199,65281-16-11" by another program. */
    @Test
    void ja3sIsOfVersionSuiteAndExtensions() {
        ServerHello hello = read("0303 R 00 c02f 00 0014 ff01 0001 00 0010 0005 0003 02 6832 000b 0002 0100");
        assertThat(Ja3.text(hello)).isEqualTo("771,49199,65281-16-11");
        assertThat(new Ja3().hash(hello)).isEqualTo("2de81c22ea32a57162df5cb08d4a2795");
        assertThat(Ja3.text(read("0301 R 00 002f 00"))).isEqualTo("769,47,");
    }

    @ParameterizedTest(name = "{1}: {0}")
    @CsvSource(delimiter = '|', textBlock = """
            0303 R 21                                  | ServerHello ends inside a field
            0303 R 00 c02f                             | ServerHello ends inside a field
            0403 R 00 c02f 00                          | ServerHello version
            0303 R 00 c02f 00 00                       | ServerHello ends inside a field
            0303 R 00 c02f 00 0000 00                  | bytes after the extensions
            0303 R 00 c02f 00 0003 000000              | extension longer
            0303 R 00 c02f 00 0006 0010 0002 0000      | ALPN is not
            0303 R 00 c02f 00 0005 002b 0001 03        | supported_versions
            0303 R 00 c02f 00 0005 0033 0001 03        | key_share
            """)
    void saysWhichRuleIsBroken(String body, String rule) {
        assertThat(parse(body))
                .isInstanceOfSatisfying(
                        Parse.Malformed.class,
                        malformed -> assertThat(malformed.rule()).startsWith(rule));
    }

    @ParameterizedTest
    @CsvSource({
        "fe0d | 00 0001 0001 2a 0001 01 0001 02, OUTER, 42",
        "fe0d | 01, INNER, -1",
        "fe0d | 01 00, UNREADABLE, -1",
        "fe0d | 00 0001 0001 2a 0000 0000, UNREADABLE, -1",
        "fe0d | , UNREADABLE, -1"
    })
    void anEncryptedHelloShowsItsKind(String extension, EncryptedHello.Kind kind, int configId) {
        ClientHello hello = hello(extension);
        assertThat(hello.encryptedHello()).contains(new EncryptedHello(kind, configId));
        assertThat(hello.encrypted()).isTrue();
        assertThat(hello.encryptedName()).isFalse();
    }

    @Test
    void anEncryptedNameOfOldIsAFactToo() {
        assertThat(hello("ffce | 0102").encryptedName()).isTrue();
        assertThat(hello("ffce | 0102").encrypted()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0033 | 0005 11ec 0001 00, true",
        "0033 | 000a 2a2a 0001 00 6399 0001 00, true",
        "0033 | 0005 001d 0001 00, false",
        "0033 | 0000, false",
        "0033 | 0005 11ec 0002 00, false",
        "000a | 0002 11ec, false"
    })
    void postQuantumIsWhoseKeyShareIs(String extension, boolean expected) {
        assertThat(hello(extension).postQuantum()).isEqualTo(expected);
    }

    private static ClientHello hello(String extension) {
        Parse<ClientHello> parse = Hellos.PARSER.parse(ByteBuffer.wrap(Hellos.hello(extension)));
        assertThat(parse).isInstanceOf(Parse.Done.class);
        return ((Parse.Done<ClientHello>) parse).value();
    }

    private static Parse<ServerHello> parse(String body) {
        byte[] bytes = Hellos.hex(body.replace("R", RANDOM));
        return HandshakeBodies.serverHello(ByteCursor.over(ByteBuffer.wrap(bytes)));
    }

    private static ServerHello read(String body) {
        Parse<ServerHello> parse = parse(body);
        assertThat(parse).isInstanceOf(Parse.Done.class);
        return ((Parse.Done<ServerHello>) parse).value();
    }
}
