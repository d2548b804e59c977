package io.postern.wire.socks;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.Parse;
import io.postern.wire.datagram.DatagramContract;
import io.postern.wire.ip.HostText;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SocksDatagramTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0000 00 01 c0000201 0035 aabb                          | 192.0.2.1    | 53    | 10
            0000 00 01 c0000201 0035                               | 192.0.2.1    | 53    | 10
            0000 00 04 20010db8000000000000000000000001 01bb 00    | 2001:db8::1  | 443   | 22
            0000 00 03 0c 61636d652e6578616d706c65 ffff 0102       | acme.example | 65535 | 19
            """)
    void saysWhereToAndWhereTheDataBegins(String hex, String host, int port, int header) {
        DatagramContract.check(
                SocksDatagram.PARSER, hex(hex), new Parse.Done<>(new SocksDatagram(HostText.of(host), port), header));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0000                              | shorter than its header, RFC 1928 section 7
            0000 00 01                        | shorter than its header, RFC 1928 section 7
            0000 00 01 c0000201 00            | shorter than its header, RFC 1928 section 7
            0000 00 03 0c 61                  | shorter than its header, RFC 1928 section 7
            0001 00 01 c0000201 0035 aa       | reserved bytes are not zero, RFC 1928 section 7
            0000 01 01 c0000201 0035 aa       | a fragment, RFC 1928 section 7
            0000 80 01 c0000201 0035 aa       | a fragment, RFC 1928 section 7
            0000 00 02 c0000201 0035 aa       | unknown address type, RFC 1928 section 5
            0000 00 01 c0000201 0000 aa       | no port to connect to
            """)
    void everyWrongByteIsRefused(String hex, String rule) {
        DatagramContract.check(SocksDatagram.PARSER, hex(hex), new Parse.Malformed<>(rule));
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000003 04312e3233 0035 aa", "00000003 04612e2e62 0035 aa", "00000003 022d61 0035 aa"})
    void aNameThatCouldBeReadAsAnotherIsRefused(String hex) {
        assertThat(SocksDatagram.PARSER.parse(ByteBuffer.wrap(hex(hex)))).isInstanceOf(Parse.Malformed.class);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }
}
