package io.postern.wire.capture;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postern.wire.FuzzedCuts;
import io.postern.wire.Parse;
import java.nio.ByteBuffer;

/** Whatever comes is answered, and what is read lies inside it. */
class CaptureFuzzTest {

    @FuzzTest
    void readsAnythingAsAHeader(byte[] bytes) {
        PcapHeaderParser parser = new PcapHeaderParser();
        FuzzedCuts.agree(parser, bytes, parser.parse(ByteBuffer.wrap(bytes)));
    }

    @FuzzTest
    void readsAnythingAsARecord(byte[] bytes) {
        PcapRecordParser parser = new PcapRecordParser(new PcapHeader(true, false, PcapHeader.ETHERNET));
        Parse<PcapRecord> parse = parser.parse(ByteBuffer.wrap(bytes));
        FuzzedCuts.agree(parser, bytes, parse);
        if (parse instanceof Parse.Done<PcapRecord> done) {
            assertThat(done.value().at() + done.value().length())
                    .isEqualTo(done.consumed())
                    .isLessThanOrEqualTo(bytes.length);
        }
    }

    @FuzzTest
    void readsAnythingAsAFrame(byte[] bytes) {
        assertThat(new OwnedPacketParser().parse(ByteBuffer.wrap(bytes))).isNotInstanceOf(Parse.NeedMore.class);
    }
}
