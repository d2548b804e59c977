package io.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.datagram.BitTorrentDatagramParser;
import io.postern.wire.datagram.DatagramParser;
import io.postern.wire.datagram.StunParser;
import io.postern.wire.datagram.StunStreamParser;
import io.postern.wire.datagram.WireGuardParser;
import io.postern.wire.dialogue.ClientLinesParser;
import io.postern.wire.dialogue.ServerLinesParser;
import io.postern.wire.dialogue.SshIdentificationParser;
import io.postern.wire.http.HttpAnswerParser;
import io.postern.wire.http.HttpOpeningParser;
import io.postern.wire.http2.SettingsParser;
import io.postern.wire.protocol.BitTorrentParser;
import io.postern.wire.protocol.DnsForm;
import io.postern.wire.protocol.Http2PrefaceParser;
import io.postern.wire.protocol.MqttConnackParser;
import io.postern.wire.protocol.MqttConnectParser;
import io.postern.wire.protocol.MtalkParser;
import io.postern.wire.protocol.RdpOpeningParser;
import io.postern.wire.protocol.XmppStreamParser;
import io.postern.wire.socks.SocksOpeningParser;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What nobody may take for his own, and what only one may. */
class LookAlikesTest {

    private static final List<Parser<?>> STREAMS = List.of(
            new HttpOpeningParser(4096),
            new HttpAnswerParser(),
            new Http2PrefaceParser(),
            new SettingsParser(),
            new SshIdentificationParser(),
            new ClientLinesParser(),
            new ServerLinesParser(),
            new XmppStreamParser(),
            new MqttConnectParser(),
            new MqttConnackParser(),
            new MtalkParser(),
            new SocksOpeningParser(),
            new RdpOpeningParser(),
            new StunStreamParser(),
            new BitTorrentParser());

    private static final List<DatagramParser<?>> DATAGRAMS =
            List.of(new StunParser(), new WireGuardParser(), new BitTorrentDatagramParser());

    private static List<String> known(byte[] bytes) {
        return STREAMS.stream()
                .filter(parser -> parser.parse(ByteBuffer.wrap(bytes)) instanceof Parse.Done)
                .map(parser -> parser.getClass().getSimpleName())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "OPTIONS rtsp://a.example/ RTSP/1.0\\r\\nCSeq: 1\\r\\n\\r\\n",
                "RTSP/1.0 200 OK\\r\\nCSeq: 1\\r\\n\\r\\n",
                "INVITE sip:a@b.example SIP/2.0\\r\\nVia: SIP/2.0/TCP x\\r\\n\\r\\n",
                "SIP/2.0 200 OK\\r\\n\\r\\n",
                "REQMOD icap://a.example/x ICAP/1.0\\r\\n\\r\\n",
                "ICAP/1.0 204 No Content\\r\\n\\r\\n",
                "ICY 200 OK\\r\\nicy-name: x\\r\\n\\r\\n",
                "GNUTELLA CONNECT/0.6\\r\\nUser-Agent: x\\r\\n\\r\\n",
                "GNUTELLA/0.6 200 OK\\r\\n\\r\\n",
                "NICK a\\r\\nUSER a 0 * :b\\r\\n",
                ":irc.example NOTICE AUTH :*** Checking\\r\\n",
                "200 news.example InterNetNews ready\\r\\n",
                "+OK\\r\\n+OK\\r\\n",
                "*2\\r\\n$4\\r\\nAUTH\\r\\n$1\\r\\nx\\r\\n",
                "INFO {\\42version\\42:\\0422\\42}\\r\\n",
                "RFB 003.008\\n",
                "@RSYNCD: 31.0\\n",
                "get a\\r\\n",
                "{\\42id\\42:1,\\42method\\42:\\42mining.subscribe\\42}\\n",
                "<?xml version=\\421.0\\42?><cross-domain-policy>",
                "J\\0\\0\\0\\n8.0.36\\0",
                "\\0\\0\\0\\010\\004\\322\\026\\057",
                "\\005\\0\\013\\003\\020\\0\\0\\0H\\0\\0\\0",
                "\\003\\0\\0\\026\\021\\340\\0\\0\\0\\1\\0\\301\\2\\1\\0\\302\\2\\1\\2\\300\\1\\n",
                "\\026\\003\\001\\002\\0\\001\\0\\1\\374\\003\\003"
            })
    void nobodyTakesThem(String escaped) {
        assertThat(known(bytes(escaped))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET / HTTP/1.1\\r\\n\\r\\n                                     | HttpOpeningParser
            USER / HTTP/1.1\\r\\n\\r\\n                                    | HttpOpeningParser
            HTTP/1.1 220 mx ESMTP\\r\\n                                   | HttpAnswerParser
            PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n\\0\\0\\0\\4\\0\\0\\0\\0\\0 | Http2PrefaceParser
            SSH-2.0-OpenSSH_9.2\\r\\n                                     | SshIdentificationParser
            EHLO HTTP/1.1\\r\\n                                           | ClientLinesParser
            220 HTTP/1.1 ESMTP\\r\\n                                      | ServerLinesParser
            """)
    void onlyOneDoes(String escaped, String parser) {
        assertThat(known(bytes(escaped))).containsExactly(parser);
    }

    @Test
    void chanceIsNothing() {
        Random random = new Random(10);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[1 + random.nextInt(300)];
            random.nextBytes(bytes);
            assertThat(known(bytes)).isEmpty();
            for (DatagramParser<?> parser : DATAGRAMS) {
                assertThat(parser.parse(ByteBuffer.wrap(bytes))).isEqualTo(new Parse.NotThis<>());
            }
        }
    }

    /** A read request of TFTP, SSDP, NTP, RTP, SNMP, a game's counters. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0001 626f6f742e696d67 00 6f6374657400",
                "4d2d534541524348202a20485454502f312e310d0a0d0a",
                "2300000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000e5",
                "8060 0001 00000001 12345678 00000000000000000000000000000000",
                "302602010104067075626c6963a019020400000000020100020100300b300906052b060102010500",
                "04000000 0000000000000000 00000001 00000000000000000000000000000000"
            })
    void datagramsOfOthers(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        for (DatagramParser<?> parser : DATAGRAMS) {
            assertThat(parser.parse(ByteBuffer.wrap(bytes))).isEqualTo(new Parse.NotThis<>());
        }
        assertThat(DnsForm.sound(ByteBuffer.wrap(bytes), 0, bytes.length)).isFalse();
        assertThat(DnsForm.asks(ByteBuffer.wrap(bytes), 0, bytes.length)).isFalse();
    }

    private static byte[] bytes(String escaped) {
        return escaped.translateEscapes().getBytes(StandardCharsets.ISO_8859_1);
    }
}
