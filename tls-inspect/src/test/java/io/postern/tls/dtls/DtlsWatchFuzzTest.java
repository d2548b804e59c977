package io.postern.tls.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postern.tls.Heard;
import io.postern.tls.TestingBudget;
import io.postern.tls.hello.TlsSettings;
import io.postern.tls.watch.Side;
import io.postern.wire.ByteCursor;
import java.nio.ByteBuffer;

/** Nothing is thrown, no bound is passed, all is given back. */
class DtlsWatchFuzzTest {

    private static final TlsSettings SETTINGS = new TlsSettings(4096, 64);
    private static final int MOST_HELD = 2 * 3 * 4096;

    /** {@code (side8 | length16 | datagram)*}. */
    @FuzzTest
    void readsAnyDatagrams(byte[] bytes) {
        TestingBudget budget = new TestingBudget(1 << 16);
        DtlsWatch watch = new DtlsWatch(SETTINGS, budget, new Heard());
        ByteCursor datagrams = ByteCursor.over(ByteBuffer.wrap(bytes));
        while (!datagrams.isEmpty()) {
            Side by = (datagrams.u8() & 1) == 0 ? Side.CLIENT : Side.SERVER;
            int length = Math.min(datagrams.u16(), datagrams.remaining());
            watch.feed(by, ByteBuffer.wrap(bytes, bytes.length - datagrams.remaining(), length));
            datagrams.skip(length);
            assertThat(budget.taken()).isEqualTo(watch.held()).isLessThanOrEqualTo(MOST_HELD);
        }
        watch.close();
        assertThat(budget.taken()).isZero();
    }
}
