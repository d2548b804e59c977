package io.postern.wire.proxy;

import static io.postern.wire.proxy.Headers.IPV4;
import static io.postern.wire.proxy.Headers.IPV6;
import static io.postern.wire.proxy.Headers.SIGNATURE;
import static io.postern.wire.proxy.Headers.checked;
import static io.postern.wire.proxy.Headers.header;
import static io.postern.wire.proxy.Headers.hex;
import static io.postern.wire.proxy.Headers.tcp4;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.Parse;
import io.postern.wire.ParserContract;
import io.postern.wire.ip.HostText;
import io.postern.wire.proxy.ProxyHeader.Field;
import io.postern.wire.proxy.ProxyHeader.Local;
import io.postern.wire.proxy.ProxyHeader.Proxied;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderParserTest {

    private static final ProxyHeaderParser PARSER = new ProxyHeaderParser();
    private static final InetSocketAddress SOURCE = endpoint("198.51.100.7", 4660);
    private static final InetSocketAddress DESTINATION = endpoint("192.0.2.1", 443);

    @Test
    void keepsTheContract() {
        ParserContract.check(PARSER, tcp4(""), new Proxied(SOURCE, DESTINATION, List.of()));
        ParserContract.check(
                PARSER,
                header("21", "21", IPV6),
                new Proxied(endpoint("2001:db8::7", 4660), endpoint("2001:db8::1", 443), List.of()));
    }

    @Test
    void fieldsComeInTheirOrderWithoutPaddingAndTwiceWhereTheyAreTwice() {
        Proxied header = (Proxied)
                ParserContract.read(PARSER, tcp4("e10004 4c433031 04 0002 0000 ea 0000 e1 0001 ff 05 0003 616263"));

        assertThat(header.fields())
                .containsExactly(
                        new Field(0xE1, "LC01"),
                        new Field(0xEA, ""),
                        new Field(0xE1, "\u00ff"),
                        new Field(0x05, "abc"));
        assertThat(header.values(0xE1)).containsExactly("LC01", "\u00ff");
        assertThat(header.values(0xE2)).isEmpty();
    }

    @Test
    void theChecksumIsCheckedWhereverItStands() {
        byte[] first = checked(tcp4("03 0004 00000000 e1 0004 4c433031"), 16 + 12 + 3);
        byte[] last = checked(tcp4("e1 0004 4c433031 03 0004 00000000"), 16 + 12 + 7 + 3);
        Proxied expected = new Proxied(SOURCE, DESTINATION, List.of(new Field(0xE1, "LC01")));
        ParserContract.check(PARSER, first, expected);
        ParserContract.check(PARSER, last, expected);
        for (int at = 16; at < last.length; at++) {
            if (at == last.length - 7) {
                // Without its type it is no checksum.
                continue;
            }
            byte[] changed = last.clone();
            changed[at] ^= 0x10;
            assertThat(PARSER.parse(ByteBuffer.wrap(changed)))
                    .as("byte %s changed", at)
                    .isNotInstanceOf(Parse.Done.class);
        }
    }

    /** Of a real sender: HAProxy 2.6 with {@code send-proxy-v2 proxy-v2-options crc32c}. */
    @Test
    void aChecksumOfAnotherImplementationIsRight() {
        ParserContract.check(
                PARSER,
                header("21", "11", "7f000001 7f000001 e2d8 481d 03 0004 ff475028"),
                new Proxied(endpoint("127.0.0.1", 58072), endpoint("127.0.0.1", 18461), List.of()));
    }

    /** Whatever a health check carries is not looked at, its family included. */
    @ParameterizedTest
    @CsvSource({"00, ''", "00, 0400020000", "11, c6336407 c0000201 1234 01bb", "31, 2f746d70", "12, ffff"})
    void whoSpeaksForItselfIsLocal(String family, String block) {
        ParserContract.check(PARSER, header("20", family, block), new Local());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY TCP4 198.51.100.7 192.0.2.1 4660 443\r\n",
                "PROXY UNKNOWN\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "\r\n\r\n\0\r\nQUIX\n and more",
                "\r\nGET / HTTP/1.1\r\n",
                "\u0016\u0003\u0001\u0002\0"
            })
    void versionOneAndNoHeaderAreSomethingElse(String text) {
        ParserContract.refuses(PARSER, text.getBytes(StandardCharsets.ISO_8859_1), new Parse.NotThis<>());
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            11 | 11 | c6336407 c0000201 1234 01bb                    | not version 2, proxy-protocol.txt section 2.2
            31 | 11 | c6336407 c0000201 1234 01bb                    | not version 2, proxy-protocol.txt section 2.2
            22 | 11 | c6336407 c0000201 1234 01bb                    | neither LOCAL nor PROXY, proxy-protocol.txt section 2.2
            2f | 00 | ""                                             | neither LOCAL nor PROXY, proxy-protocol.txt section 2.2
            21 | 00 | ""                                             | not TCP over IPv4 or IPv6, proxy-protocol.txt section 2.2
            21 | 12 | c6336407 c0000201 1234 01bb                    | not TCP over IPv4 or IPv6, proxy-protocol.txt section 2.2
            21 | 22 | ""                                             | not TCP over IPv4 or IPv6, proxy-protocol.txt section 2.2
            21 | 31 | ""                                             | not TCP over IPv4 or IPv6, proxy-protocol.txt section 2.2
            21 | 10 | ""                                             | not TCP over IPv4 or IPv6, proxy-protocol.txt section 2.2
            21 | 11 | c6336407 c0000201 1234 01                      | length too short for the addresses, proxy-protocol.txt section 2.2
            21 | 21 | c6336407 c0000201 1234 01bb                    | length too short for the addresses, proxy-protocol.txt section 2.2
            21 | 11 | c6336407 c0000201 1234 0000                    | no destination port
            21 | 11 | c6336407 c0000201 1234 01bb e1                 | a field goes beyond the header, proxy-protocol.txt section 2.2.1
            21 | 11 | c6336407 c0000201 1234 01bb e1 00              | a field goes beyond the header, proxy-protocol.txt section 2.2.1
            21 | 11 | c6336407 c0000201 1234 01bb e1 0002 61         | a field goes beyond the header, proxy-protocol.txt section 2.2.1
            21 | 11 | c6336407 c0000201 1234 01bb e1 ffff 61         | a field goes beyond the header, proxy-protocol.txt section 2.2.1
            21 | 11 | c6336407 c0000201 1234 01bb 03 0004 deadbeef   | wrong checksum, proxy-protocol.txt section 2.2.3
            21 | 11 | c6336407 c0000201 1234 01bb 03 0003 000000     | wrong checksum, proxy-protocol.txt section 2.2.3
            21 | 11 | c6336407 c0000201 1234 01bb 03 0000            | wrong checksum, proxy-protocol.txt section 2.2.3
            """)
    void everyWrongByteIsRefused(String command, String family, String block, String rule) {
        ParserContract.refuses(PARSER, header(command, family, block), new Parse.Malformed<>(rule));
    }

    @Test
    void fieldsOf512BytesAreReadAndOneMoreIsRefusedUnread() {
        String most = "e1 01fd" + "61".repeat(509);
        ParserContract.check(
                PARSER, tcp4(most), new Proxied(SOURCE, DESTINATION, List.of(new Field(0xE1, "a".repeat(509)))));
        Parse<ProxyHeader> tooLong = new Parse.Malformed<>(ProxyHeaderParser.TOO_LONG);
        ParserContract.refuses(PARSER, hex(SIGNATURE + "21 11 020d"), tooLong);
        ParserContract.refuses(PARSER, hex(SIGNATURE + "21 21 0225"), tooLong);
        ParserContract.refuses(PARSER, hex(SIGNATURE + "20 00 02d9"), tooLong);
        ParserContract.refuses(PARSER, hex(SIGNATURE + "21 11 ffff" + IPV4), tooLong);
    }

    @Test
    void aSecondHeaderIsKnownByItsSignatureHoweverItIsCut() {
        byte[] second = tcp4("");
        for (int cut = 0; cut <= second.length; cut++) {
            int before = ProxyHeaderParser.signature(0, ByteBuffer.wrap(second, 0, cut));
            int after = ProxyHeaderParser.signature(before, ByteBuffer.wrap(second, cut, second.length - cut));
            assertThat(after).isEqualTo(ProxyHeaderParser.SIGNATURE_LENGTH);
        }
        assertThat(ProxyHeaderParser.signature(2, ByteBuffer.wrap(hex("0d0a00000d"))))
                .isEqualTo(5);
    }

    private static InetSocketAddress endpoint(String address, int port) {
        return new InetSocketAddress(((HostText.Literal) HostText.of(address)).address(), port);
    }
}
