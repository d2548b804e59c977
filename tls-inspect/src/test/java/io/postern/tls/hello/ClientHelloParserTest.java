package io.postern.tls.hello;

import static io.postern.tls.hello.Hellos.PARSER;
import static io.postern.tls.hello.Hellos.hello;
import static io.postern.tls.hello.Hellos.message;
import static io.postern.tls.hello.Hellos.records;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.tls.hello.ServerName.Form;
import io.postern.wire.Parse;
import io.postern.wire.ParserContract;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientHelloParserTest {

    private static final String NAME = "0000 | 0009 00 0006 612e422e6364"; // a.B.cd

    @Test
    void readsEveryField() {
        ParserContract.check(
                PARSER,
                hello(
                        "1a1a | ",
                        NAME,
                        "0010 | 000c 02 6832 08 687474702f312e31",
                        "000a | 0004 2a2a 001d",
                        "000b | 01 00",
                        "000d | 0004 0403 0804",
                        "002b | 06 4a4a 0304 0303",
                        "0033 | 000b 2a2a 0001 00 11ec 0002 0102",
                        "fe0d | 00 0001 0003 7f 0001 01 0001 02",
                        "9999 | 0102"),
                new ClientHello(
                        0x0303,
                        Optional.of(new ServerName("a.b.cd", Form.NAME)),
                        List.of("h2", "http/1.1"),
                        Codes.of(0x1301, 0xC02F),
                        Codes.of(0x1A1A, 0, 0x10, 0x0A, 0x0B, 0x0D, 0x2B, 0x33, 0xFE0D, 0x9999),
                        Codes.of(0x4A4A, 0x0304, 0x0303),
                        Codes.of(0x2A2A, 0x001D),
                        Codes.of(0x2A2A, 0x11EC),
                        Codes.of(0),
                        Codes.of(0x0403, 0x0804),
                        Optional.of(new EncryptedHello(EncryptedHello.Kind.OUTER, 0x7F))));
    }

    @Test
    void extensionsMayBeLeftOut() {
        ClientHello hello = ParserContract.read(
                PARSER,
                records(Hellos.handshake(Hellos.hex("0301" + "11".repeat(32) + "00 | 0002 0035 | 01 00")), 100));
        assertThat(hello.serverName()).isEmpty();
        assertThat(hello.highestVersion()).isEqualTo("1.0");
        assertThat(hello.extensions()).isEqualTo(Codes.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"openssl-3-default", "openssl-3-tls12-no-name", "curl-default", "python-ssl", "chromium-like"})
    void readsWhatClientsReallySay(String name) {
        byte[] recorded = Hellos.recorded(name);
        ClientHello whole = ParserContract.read(PARSER, recorded);
        assertThat(whole.cipherSuites().size()).isPositive();
        byte[] message = new byte[recorded.length - 5];
        System.arraycopy(recorded, 5, message, 0, message.length);
        ParserContract.check(PARSER, records(message, 64), whole);
        ParserContract.check(PARSER, records(message, 3), whole);
    }

    @ParameterizedTest(name = "{0} offers {1}")
    @CsvSource({
        "openssl-3-default, 1.3, origin.example, 'h2,http/1.1', false",
        "openssl-3-tls12-no-name, 1.2, '', '', false",
        "openssl-3-odd-alpn, 1.3, 192.0.2.1, \u00c3\u00a9x, false",
        "curl-default, 1.3, origin.example, 'h2,http/1.1', false",
        "python-ssl, 1.3, origin.example, http/1.1, false",
        "chromium-like, 1.3, bench.example.com, 'h2,http/1.1', true"
    })
    void saysWhatAGatewayAsks(String name, String version, String serverName, String alpn, boolean encrypted) {
        ClientHello hello = parsed(Hellos.recorded(name));
        assertThat(hello.highestVersion()).isEqualTo(version);
        assertThat(hello.serverName().map(ServerName::text).orElse("")).isEqualTo(serverName);
        assertThat(String.join(",", hello.alpn())).isEqualTo(alpn);
        assertThat(hello.encrypted()).isEqualTo(encrypted);
    }

    /** How many bytes it takes to know. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "15 0301 0002 0100, 1",
        "'47455420', 1",
        "16 0201 0100, 2",
        "16 fe fd 0100, 2",
        "16 03 05 0100, 3",
        "16 0301 0000 160301, 5",
        "16 0301 4001 01, 5",
        "16 0301 0100 02 000001, 6",
        "16 0301 0001 00 16, 6"
    })
    void refusesWhatIsNoHelloAsSoonAsItCan(String hex, int needed) {
        byte[] bytes = Hellos.hex(hex);
        ParserContract.refuses(PARSER, bytes, new Parse.NotThis<>());
        assertThat(PARSER.parse(ByteBuffer.wrap(bytes, 0, needed))).isEqualTo(new Parse.NotThis<>());
        assertThat(PARSER.parse(ByteBuffer.wrap(bytes, 0, needed - 1))).isInstanceOf(Parse.NeedMore.class);
    }

    @ParameterizedTest(name = "{1}: {0}")
    @CsvSource(delimiter = '|', textBlock = """
            16 0301 0002 0100 15 0301 0002 0128                  | no handshake record
            16 0301 0002 0100 16 0301 0000                       | no handshake record
            16 0301 0002 0100 16 0201 0002 0028                  | no handshake record
            16 0301 0002 0100 16 0301 4001                       | no handshake record
            16 0301 000a 01000005 0000000000 00                  | more in the record
            16 0301 0005 01000001 03                             | ClientHello ends inside a field
            16 0301 0004 01010000                                | ClientHello longer than the limit
            16 0301 4000 01ffffff                                | ClientHello longer than the limit
            """)
    void saysWhichRuleOfFramingIsBroken(String hex, String rule) {
        broken(Hellos.hex(hex), rule);
    }

    @ParameterizedTest(name = "{1}: {0}")
    @CsvSource(delimiter = '|', textBlock = """
            0403R 00 0002 1301 01 00                   | ClientHello version
            0303R 21                                   | ClientHello ends inside a field
            0303R 21 S21 0002 1301 01 00               | session id longer
            0303R 00 0000 01 00                        | cipher suites empty
            0303R 00 0003 130113 01 00                 | cipher suites empty
            0303R 00 0002 1301 00                      | no compression method
            0303R 00 0002 1301 01                      | ClientHello ends inside a field
            0303R 00 0002 1301 01 00 00                | ClientHello ends inside a field
            0303R 00 0002 1301 01 00 0001              | ClientHello ends inside a field
            0303R 00 0002 1301 01 00 0000 00           | bytes after the extensions
            0303R 00 0002 1301 01 00 0003 000000       | extension longer
            0303R 00 0002 1301 01 00 0004 00170001     | extension longer
            """)
    void saysWhichRuleOfTheMessageIsBroken(String body, String rule) {
        String hex = body.replace("R", "22".repeat(32)).replace("S21", "33".repeat(33));
        broken(records(Hellos.handshake(Hellos.hex(hex)), 1 << 14), rule);
    }

    @ParameterizedTest(name = "{1}: {0}")
    @CsvSource(delimiter = '/', textBlock = """
            0017 |                                     / extension sent twice
            0000 |                                     / server_name
            0000 | 0000                                / server_name
            0000 | 0004 00 0001 61 00                  / server_name
            0000 | 0003 00 0000                        / server_name
            0000 | 0005 00 0003 6161                   / server_name
            0000 | 0008 00 0001 61 00 0001 62          / server_name
            0010 | 0000                                / ALPN
            0010 | 0001 00                             / ALPN
            0010 | 0003 03 6832                        / ALPN
            0010 | 0003 02 6832 00                     / ALPN
            000a | 0000                                / supported_groups
            000a | 0003 001d00                         / supported_groups
            000a | 0004 001d                           / supported_groups
            000b | 00                                  / ec_point_formats
            000b | 01 00 00                            / ec_point_formats
            000d | 0002 0403 00                        / signature_algorithms
            000d | 0001 04                             / signature_algorithms
            002b | 03 030403                           / supported_versions
            002b | 00                                  / supported_versions
            0029 | 00                                  / pre_shared_key is not the last
            """)
    void saysWhichRuleOfAnExtensionIsBroken(String extension, String rule) {
        broken(hello(extension, "0017 |"), rule);
    }

    @ParameterizedTest
    @CsvSource({
        "612e6578616d706c65, a.example, NAME",
        "5f6d782e41, _mx.a, NAME",
        "786e2d2d622e63, xn--b.c, NAME",
        "3139322e302e322e31, 192.0.2.1, ADDRESS",
        "612e3078376621, a.0x7f!, INVALID",
        "612e30583746, a.0x7f, ADDRESS",
        "3a3a31, ::1, ADDRESS",
        "5b3a3a315d, [::1], ADDRESS",
        "612e62653a38, a.be:8, INVALID",
        "612e, a., INVALID",
        "2e61, .a, INVALID",
        "612e2e62, a..b, INVALID",
        "612062, a b, INVALID",
        "c4c3, \u00c4\u00c3, INVALID",
        "2a2e61, *.a, INVALID"
    })
    void namesAreKeptAndFlagged(String bytes, String text, Form form) {
        String length = String.format("%04x", bytes.length() / 2);
        String list = String.format("%04x", bytes.length() / 2 + 3);
        ClientHello hello = parsed(hello("0000 |" + list + "00" + length + bytes));
        assertThat(hello.serverName()).contains(new ServerName(text, form));
    }

    @Test
    void endlessNamesAreCut() {
        ClientHello hello = parsed(hello("0000 | 1003 00 1000" + "61".repeat(0x1000)));
        assertThat(hello.serverName()).contains(new ServerName("a".repeat(255), Form.INVALID));
    }

    @Test
    void namesOfOtherTypesAreReadOver() {
        assertThat(parsed(hello("0000 | 0008 07 0001 61 00 0001 62")).serverName())
                .contains(new ServerName("b", Form.NAME));
    }

    @Test
    void theHighestVersionIsNoGreaseAndMayBeUnknown() {
        assertThat(parsed(hello("002b | 04 fafa 0303")).highestVersion()).isEqualTo("1.2");
        assertThat(parsed(hello("002b | 04 7f1c 0303")).highestVersion()).isEqualTo("0x7f1c");
    }

    @Test
    void preSharedKeyMayBeLast() {
        assertThat(parsed(hello("0017 |", "0029 | 00")).extensions()).isEqualTo(Codes.of(0x17, 0x29));
    }

    @Test
    void limitsAreKeptAtTheirLastByteAndNotBefore() {
        byte[] message = message("0015 | " + "00".repeat(2000));
        ClientHelloParser exact = new ClientHelloParser(new TlsSettings(message.length, 10));
        ParserContract.read(exact, records(message, message.length));
        ClientHelloParser less = new ClientHelloParser(new TlsSettings(message.length - 1, 10));
        ParserContract.refuses(
                less, records(message, message.length), new Parse.Malformed<>(ClientHelloParser.TOO_LONG));
        int tenth = (message.length + 9) / 10;
        ParserContract.read(exact, records(message, tenth));
        ParserContract.refuses(
                exact, records(message, tenth - 5), new Parse.Malformed<>(ClientHelloParser.TOO_MANY_RECORDS));
    }

    @Test
    void neverAsksForMoreThanTheSettingsSay() {
        TlsSettings settings = new TlsSettings(2048, 100);
        byte[] endless = records(Hellos.handshake(new byte[2044]), 21);
        for (int shown = 0; shown < endless.length; shown++) {
            Parse<ClientHello> parse = new ClientHelloParser(settings).parse(ByteBuffer.wrap(endless, 0, shown));
            if (parse instanceof Parse.NeedMore<ClientHello> more) {
                assertThat(more.total()).isBetween(shown + 1, settings.maxHeldBytes());
            }
        }
    }

    /** Asked only when it said so, a message of n bytes in one-byte records is read O(log n) times. */
    @Test
    void aHelloInOneByteRecordsIsReadFewTimes() {
        byte[] wire = records(message("0015 | " + "00".repeat(950)), 1);
        int readings = 0;
        int shown = 0;
        Parse<ClientHello> parse = new Parse.NeedMore<>(1);
        while (parse instanceof Parse.NeedMore<ClientHello> more) {
            shown = more.total();
            parse = PARSER.parse(ByteBuffer.wrap(wire, 0, shown));
            readings++;
        }
        assertThat(parse).isInstanceOf(Parse.Done.class);
        assertThat(shown).isEqualTo(wire.length);
        // Each reading gets a sixth of the rest at least: log(1000) / log(6/5) is 38, and a few for the header.
        assertThat(readings).isLessThan(45);
    }

    private static void broken(byte[] bytes, String rule) {
        Parse<ClientHello> parse = PARSER.parse(ByteBuffer.wrap(bytes));
        assertThat(parse)
                .isInstanceOfSatisfying(
                        Parse.Malformed.class,
                        malformed -> assertThat(malformed.rule()).startsWith(rule));
        ParserContract.refuses(PARSER, bytes, parse);
    }

    private static ClientHello parsed(byte[] bytes) {
        Parse<ClientHello> parse = PARSER.parse(ByteBuffer.wrap(bytes));
        assertThat(parse).isInstanceOf(Parse.Done.class);
        return ((Parse.Done<ClientHello>) parse).value();
    }
}
