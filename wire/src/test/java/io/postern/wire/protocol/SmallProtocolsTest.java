package io.postern.wire.protocol;

import io.postern.wire.Parse;
import io.postern.wire.ParserContract;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmallProtocolsTest {

    private static final RdpOpeningParser RDP = new RdpOpeningParser();
    private static final XmppStreamParser XMPP = new XmppStreamParser();
    private static final MtalkParser MTALK = new MtalkParser();

    @Test
    void bitTorrent() {
        ParserContract.check(new BitTorrentParser(), Hex.bytes("13 \"BitTorrent protocol\""), BitTorrent.HANDSHAKE);
        ParserContract.refuses(new BitTorrentParser(), Hex.bytes("13 \"BitTorrent protocoL\""), new Parse.NotThis<>());
        ParserContract.refuses(new BitTorrentParser(), Hex.bytes("13 00000000"), new Parse.NotThis<>());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
            0300 0013 0e e0 0000 0000 00 01 00 0800 03000000                                 | REQUEST | 3
            0300 0024 1f e0 0000 0000 00 "Cookie: mstshash=admin\\r\\n" 0d                     | REQUEST | 0
            0300 002c 27 e0 0000 0000 00 "Cookie: mstshash=admin123\\r\\n" 01 00 0800 01000000 | REQUEST | 1
            0300 0013 0e d0 0000 1234 00 02 1f 0800 02000000                                 | CONFIRM | 2
            0300 0013 0e d0 0000 1234 00 03 00 0800 05000000                                 | REFUSAL | 5
            """)
    void rdp(String message, RdpOpening.Kind kind, int protocols) {
        byte[] bytes = Hex.bytes(message);
        bytes[3] = (byte) bytes.length;
        bytes[4] = (byte) (bytes.length - 5);
        if (bytes.length == 36) {
            // One octet behind the cookie is neither nothing nor a negotiation.
            ParserContract.refuses(RDP, bytes, new Parse.NotThis<>());
        } else {
            ParserContract.check(RDP, bytes, new RdpOpening(kind, protocols));
        }
    }

    /** S7 and MMS ask by TPKT too; H.323 answers by it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0300 0016 11 e0 0000 0001 00 c1 02 0100 c2 02 0102 c0 01 0a",
                "0300 000b 06 e0 0000 0000 00",
                "0300 0013 0e d0 0001 1234 00 02 1f 0800 02000000",
                "0300 0013 0e e0 0000 0000 00 01 00 0801 03000000",
                "0300 0013 0e e0 0000 0000 00 01 00 0800 030000ff",
                "0300 0013 0f e0 0000 0000 00 01 00 0800 03000000",
                "0300 4013 0e e0",
                "0301 0013",
                "08 02 1234"
            })
    void noRdp(String message) {
        ParserContract.refuses(RDP, Hex.bytes(message), new Parse.NotThis<>());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            <?xml version='1.0' ?><stream:stream to='im.example' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'> | jabber:client | im.example
             <s:stream xmlns="jabber:server" id='a>b' xmlns:s="http://etherx.jabber.org/streams">  | jabber:server |
            <iq type='set' id='p1' to='im.example'>                                               |  | im.example
            <presence to='a@im.example/x'>                                                        |  | a@im.example/x
            <message to="a@im.example" type="chat">                                               |  | a@im.example
            <proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>                                    |  |
            <stream:features>                                                                     |  |
            """)
    void xmpp(String header, String content, String to) {
        ParserContract.check(
                XMPP,
                Hex.bytes('"' + header.replace("\"", "\\42") + '"'),
                new XmppStream(Optional.ofNullable(content), Optional.ofNullable(to)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE html>",
                "<html lang='en'>",
                "<?xml version='1.0'?><policy-file-request/>",
                "<?xml version='1.0'?><soap:Envelope xmlns:soap='http://schemas.xmlsoap.org/soap/envelope/'>",
                "<iq>",
                "<message to='a'>",
                "</stream:stream>",
                "  GET / HTTP/1.1",
                "<13>Oct 11 22:14:15 host su: failed>"
            })
    void noXmpp(String text) {
        ParserContract.refuses(XMPP, Hex.bytes('"' + text + '"'), new Parse.NotThis<>());
    }

    @Test
    void aTagWithoutAnEndIsNotWaitedForForEver() {
        byte[] bytes = Hex.bytes("\"<stream:stream to='" + "x".repeat(3000) + "\"");
        ParserContract.refuses(XMPP, bytes, new Parse.NotThis<>());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
            29 02 8f02 0a 0b "chrome-63.0" 12 0f "mcs.android.com"               | 41 | true
            26 02 20 0a 01 "x" 12 0f "mcs.android.com"                           | 38 | true
            29 03 10 0a 04 "a-63" 28 01 30 00 40 8080808001                      | 41 | false
            """)
    void mtalk(String message, int version, boolean fromClient) {
        ParserContract.check(MTALK, Hex.bytes(message), new MtalkLogin(version, fromClient));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "16 0301",
                "29 04 02 0801",
                "29 02 20 0a 03 \"a\\n\"",
                "29 02 20 0a 01 \"x\" 12 0f \"mcs.android.org\"",
                "29 02 ffffffffff",
                "29 03 0d 0a 04 \"a-63\" 28 01 30 00 38 01 01",
                "29 03 08 0a 04 \"a-63\" 28 01",
                "\"+OK ready\""
            })
    void noMtalk(String message) {
        ParserContract.refuses(MTALK, Hex.bytes(message), new Parse.NotThis<>());
    }
}
