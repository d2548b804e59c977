package io.postern.wire.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postern.wire.FuzzedCuts;
import io.postern.wire.Parse;
import java.nio.ByteBuffer;

/** Certain stays certain at every cut, room is never exceeded, and the fields are within the header. */
class ProxyHeaderFuzzTest {

    private static final ProxyHeaderParser PARSER = new ProxyHeaderParser();
    private static final int ROOM = 16 + 216 + ProxyHeaderParser.MAX_FIELDS;

    @FuzzTest
    void readsAnything(byte[] bytes) {
        Parse<ProxyHeader> whole = PARSER.parse(ByteBuffer.wrap(bytes));
        FuzzedCuts.agree(PARSER, bytes, whole);
        if (whole instanceof Parse.NeedMore<ProxyHeader> more) {
            assertThat(more.total()).isLessThanOrEqualTo(ROOM);
        }
        if (whole instanceof Parse.Done<ProxyHeader> done) {
            assertThat(done.consumed()).isBetween(16, Math.min(bytes.length, ROOM));
            assertThat(ProxyHeaderParser.signature(0, ByteBuffer.wrap(bytes)))
                    .isEqualTo(ProxyHeaderParser.SIGNATURE_LENGTH);
            if (done.value() instanceof ProxyHeader.Proxied proxied) {
                int fields = proxied.fields().stream()
                        .mapToInt(field -> 3 + field.value().length())
                        .sum();
                assertThat(fields).isLessThanOrEqualTo(ProxyHeaderParser.MAX_FIELDS);
                assertThat(proxied.destination().getPort()).isBetween(1, 0xFFFF);
            }
        }
    }
}
