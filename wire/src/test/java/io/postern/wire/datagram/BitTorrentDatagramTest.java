package io.postern.wire.datagram;

import io.postern.wire.Parse;
import io.postern.wire.protocol.BitTorrent;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BitTorrentDatagramTest {

    private static final BitTorrentDatagramParser PARSER = new BitTorrentDatagramParser();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe           | DHT
            d1:rd2:id20:mnopqrstuvwxyz123456e1:t2:aa1:y1:re                    | DHT
            d2:ip6:abcdef1:rd2:id20:mnopqrstuvwxyz123456e1:t2:aa1:y1:re        | DHT
            d2:ip18:abcdefghijklmnopqr1:rd2:id20:mnopqrstuvwxyz123456e1:y1:re  | DHT
            d1:eli201e23:A Generic Error Ocurrede1:t2:aa1:y1:ee                | DHT
            BT-SEARCH * HTTP/1.1\\r\\nHost: 239.192.152.143:6771\\r\\n\\r\\n       | DISCOVERY
            """)
    void textSpeaksForItself(String text, BitTorrent form) {
        known(text.translateEscapes().getBytes(StandardCharsets.ISO_8859_1), form);
    }

    @ParameterizedTest
    @CsvSource({
        "4100 1234 00000001 00000000 00038000 0001 0000, UTP",
        "4102 1234 00000001 00000000 00038000 8a01 0000 00 08 0000000000000000, UTP",
        "0100 1234 00000001 00000001 00038000 0002 0001 13426974546f7272656e742070726f746f636f6c00, HANDSHAKE",
        "0000041727101980 00000000 5dcd1ef0, TRACKER"
    })
    void bytesDoToo(String hex, BitTorrent form) {
        known(bytes(hex), form);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "4100 1234 00000001 00000005 00038000 0001 0000",
                "4100 1234 00000001 00000000 00038000 0001 0007",
                "4103 1234 00000001 00000000 00038000 0001 0000 00 00",
                "4100 1234 00000001 00000000 00038000 0001 0000 00",
                "0100 1234 00000001 00000001 00038000 0002 0001 13426974546f7272656e742070726f746f636f4c",
                "0000041727101980 00000001 5dcd1ef0",
                "64313a6164323a696432303a00000000000000",
                "64323a697039393a"
            })
    void othersAreNot(String hex) {
        DatagramContract.check(PARSER, bytes(hex), new Parse.NotThis<>());
    }

    /** SSDP looks like discovery and like HTTP, and is neither. */
    @ParameterizedTest
    @ValueSource(strings = {"M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n\r\n", "NOTIFY * HTTP/1.1\r\n\r\n"})
    void ssdpIsNot(String text) {
        DatagramContract.check(PARSER, text.getBytes(StandardCharsets.ISO_8859_1), new Parse.NotThis<>());
    }

    private static void known(byte[] datagram, BitTorrent form) {
        DatagramContract.check(PARSER, datagram, new Parse.Done<>(form, datagram.length));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
