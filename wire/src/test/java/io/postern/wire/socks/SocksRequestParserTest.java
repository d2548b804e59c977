package io.postern.wire.socks;

import io.postern.wire.Parse;
import io.postern.wire.ParserContract;
import io.postern.wire.ip.HostText;
import io.postern.wire.socks.SocksRequest.Command;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SocksRequestParserTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            05 01 00 01 c0000201 01bb                              | CONNECT       | 192.0.2.1       | 443
            05 01 00 04 20010db8000000000000000000000001 ffff      | CONNECT       | 2001:db8::1     | 65535
            05 01 00 04 00000000000000000000ffffc0000201 0001      | CONNECT       | 192.0.2.1       | 1
            05 01 00 03 01 61 0050                                 | CONNECT       | a               | 80
            05 01 00 03 0d 4d61696c2e4578616d706c652e 0050         | CONNECT       | mail.example    | 80
            05 01 00 03 09 3139322e302e322e31 01bb                 | CONNECT       | 192.0.2.1       | 443
            05 01 00 03 0b 323030313a6462383a3a31 01bb             | CONNECT       | 2001:db8::1     | 443
            05 02 00 01 00000000 0000                              | BIND          | 0.0.0.0         | 0
            05 03 00 01 00000000 0000                              | UDP_ASSOCIATE | 0.0.0.0         | 0
            05 03 00 04 00000000000000000000000000000000 1000      | UDP_ASSOCIATE | ::              | 4096
            """)
    void keepsTheContract(String hex, Command command, String host, int port) {
        ParserContract.check(SocksRequest.PARSER, hex(hex), new SocksRequest(command, HostText.of(host), port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"04 01 01bb c0000201 00", "00", "16 0301 0200", "47 45 54 20 2f"})
    void anotherVersionIsSomethingElse(String hex) {
        ParserContract.refuses(SocksRequest.PARSER, hex(hex), new Parse.NotThis<>());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            05 00                     | unknown command, RFC 1928 section 4
            05 04 00 01 c0000201 01bb | unknown command, RFC 1928 section 4
            05 ff                     | unknown command, RFC 1928 section 4
            05 01 01 01 c0000201 01bb | reserved byte is not zero, RFC 1928 section 4
            05 01 ff                  | reserved byte is not zero, RFC 1928 section 4
            05 01 00 00               | unknown address type, RFC 1928 section 5
            05 01 00 02 c0000201 01bb | unknown address type, RFC 1928 section 5
            05 01 00 05 c0000201 01bb | unknown address type, RFC 1928 section 5
            05 03 00 ff               | unknown address type, RFC 1928 section 5
            05 01 00 03 00            | empty name, RFC 1928 section 5
            05 01 00 03 00 01bb       | empty name, RFC 1928 section 5
            05 01 00 01 c0000201 0000 | no port to connect to
            05 01 00 03 01 61 0000    | no port to connect to
            """)
    void everyWrongByteIsRefusedAtOnce(String hex, String rule) {
        ParserContract.refuses(SocksRequest.PARSER, hex(hex), new Parse.Malformed<>(rule));
    }

    /** Facts of egress E4: each could be read as another destination by somebody. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.1",
                "0177.0.0.1",
                "0x7f.0.0.1",
                "2130706433",
                "[::1]",
                "[acme.example]",
                "fe80::1%eth0",
                "user@acme.example",
                "acme.example\0.evil.example",
                "acme..example",
                ".acme.example",
                "acme_host",
                "acme.example:443",
                "acm\u00e9.example",
                " acme.example",
                "acme.example/",
                "-a.example"
            })
    void aNameThatIsNotOneHostIsRefused(String name) {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(new byte[] {5, 1, 0, 3, (byte) name.length()});
        request.writeBytes(name.getBytes(StandardCharsets.ISO_8859_1));
        request.writeBytes(new byte[] {1, (byte) 0xBB});
        HostText.Refused refused = (HostText.Refused) HostText.of(name);
        ParserContract.refuses(SocksRequest.PARSER, request.toByteArray(), new Parse.Malformed<>(refused.rule()));
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
