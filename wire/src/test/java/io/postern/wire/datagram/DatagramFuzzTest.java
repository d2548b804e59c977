package io.postern.wire.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postern.wire.Parse;
import java.nio.ByteBuffer;
import java.util.List;

/** A datagram is answered at once, and belongs to its protocol as a whole. */
class DatagramFuzzTest {

    private static final List<DatagramParser<?>> PARSERS =
            List.of(new StunParser(), new WireGuardParser(), new BitTorrentDatagramParser());

    @FuzzTest
    void readsAnything(byte[] bytes) {
        for (DatagramParser<?> parser : PARSERS) {
            Parse<?> parse = parser.parse(ByteBuffer.wrap(bytes));
            assertThat(parse).isNotInstanceOf(Parse.NeedMore.class);
            if (parse instanceof Parse.Done<?> done) {
                assertThat(done.consumed()).isEqualTo(bytes.length);
            }
        }
    }
}
