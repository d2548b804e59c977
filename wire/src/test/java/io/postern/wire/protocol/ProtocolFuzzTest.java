package io.postern.wire.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postern.wire.FuzzedCuts;
import io.postern.wire.Parser;
import io.postern.wire.datagram.StunStreamParser;
import io.postern.wire.http2.SettingsParser;
import io.postern.wire.socks.SocksExchange;
import io.postern.wire.socks.SocksOpeningParser;
import java.nio.ByteBuffer;
import java.util.List;

/** Certain stays certain at every cut; nothing is thrown. */
class ProtocolFuzzTest {

    private static final List<Parser<?>> PARSERS = List.of(
            new DnsQueryParser(),
            new Http2PrefaceParser(),
            new SettingsParser(),
            new BitTorrentParser(),
            new MqttConnectParser(),
            new MqttConnackParser(),
            new MtalkParser(),
            new RdpOpeningParser(),
            new XmppStreamParser(),
            new StunStreamParser(),
            new SocksOpeningParser());

    @FuzzTest
    void readsAnything(byte[] bytes) {
        PARSERS.forEach(parser -> agree(parser, bytes));
        ByteBuffer whole = ByteBuffer.wrap(bytes);
        if (DnsForm.sound(whole, 0, bytes.length)) {
            assertThat(DnsForm.sound(whole, 0, bytes.length - 1)).isFalse();
        }
        DnsForm.asks(whole, 0, bytes.length);
        DnsForm.damaged(whole, 0, bytes.length);
        SocksExchange.of(whole, whole);
    }

    private static <T> void agree(Parser<T> parser, byte[] bytes) {
        FuzzedCuts.agree(parser, bytes, parser.parse(ByteBuffer.wrap(bytes)));
    }
}
