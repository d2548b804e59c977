package io.postern.wire.socks;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postern.wire.FuzzedCuts;
import io.postern.wire.Parse;
import io.postern.wire.Parser;
import io.postern.wire.ip.HostText;
import io.postern.wire.socks.SocksRequest.Command;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A negotiation read as the gateway does: what is certain stays so at every cut, and no host is one that is refused. */
class SocksFuzzTest {

    /** No message is longer than two lengths of a byte allow. */
    private static final int LONGEST = 3 + 2 * 255;

    @FuzzTest
    void readsAnything(byte[] bytes) {
        int at = read(SocksMethods.PARSER, bytes, 0);
        int password = at == 0 ? 0 : read(SocksPassword.PARSER, bytes, at);
        // Without a password, as a client without a tag does.
        read(SocksRequest.PARSER, bytes, password == 0 ? at : password);
        read(SocksRequest.PARSER, bytes, 0);
    }

    @FuzzTest
    void readsAnyDatagram(byte[] bytes) {
        Parse<SocksDatagram> parse = SocksDatagram.PARSER.parse(ByteBuffer.wrap(bytes));
        assertThat(parse).isNotInstanceOf(Parse.NeedMore.class);
        if (parse instanceof Parse.Done<SocksDatagram> done) {
            assertThat(done.consumed()).isBetween(10, bytes.length);
            assertThat(done.value().host()).isNotInstanceOf(HostText.Refused.class);
            assertThat(done.value().port()).isBetween(1, 0xFFFF);
        }
    }

    /** Where the next message begins, 0 when there is none. */
    private static int read(Parser<?> parser, byte[] bytes, int from) {
        byte[] left = Arrays.copyOfRange(bytes, from, bytes.length);
        Parse<?> parse = agreed(parser, left);
        if (parse instanceof Parse.NeedMore<?> more) {
            assertThat(more.total()).isLessThanOrEqualTo(LONGEST);
        }
        if (!(parse instanceof Parse.Done<?> done)) {
            return 0;
        }
        assertThat(done.consumed()).isBetween(3, Math.min(left.length, LONGEST));
        if (done.value() instanceof SocksRequest request) {
            assertThat(request.host()).isNotInstanceOf(HostText.Refused.class);
            assertThat(request.port()).isBetween(request.command() == Command.CONNECT ? 1 : 0, 0xFFFF);
        }
        return from + done.consumed();
    }

    private static <T> Parse<T> agreed(Parser<T> parser, byte[] bytes) {
        Parse<T> whole = parser.parse(ByteBuffer.wrap(bytes));
        FuzzedCuts.agree(parser, bytes, whole);
        return whole;
    }
}
