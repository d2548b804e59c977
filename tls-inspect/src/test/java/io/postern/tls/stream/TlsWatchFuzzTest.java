package io.postern.tls.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postern.tls.Heard;
import io.postern.tls.TestingBudget;
import io.postern.tls.hello.TlsSettings;
import io.postern.tls.stream.TlsWatch.Start;
import io.postern.tls.watch.Side;
import java.nio.ByteBuffer;

/** However the bytes are cut, the same is heard; no bound is passed and all is given back. */
class TlsWatchFuzzTest {

    private static final TlsSettings SETTINGS = new TlsSettings(4096, 64);

    @FuzzTest
    void readsAnyClient(byte[] bytes) {
        cutsDoNotMatter(Side.CLIENT, bytes);
    }

    @FuzzTest
    void readsAnyServer(byte[] bytes) {
        cutsDoNotMatter(Side.SERVER, bytes);
    }

    /** Where a search begins depends on the cuts. */
    @FuzzTest
    void readsAnythingFromTheMiddle(byte[] bytes) {
        for (int most : new int[] {1, 7, 1 << 16}) {
            hear(Side.SERVER, bytes, most, Start.MIDDLE);
        }
    }

    private static void cutsDoNotMatter(Side side, byte[] bytes) {
        Heard whole = hear(side, bytes, 1 << 16, Start.BEGINNING);
        for (int most : new int[] {1, 3, 100}) {
            assertThat(hear(side, bytes, most, Start.BEGINNING).lines).isEqualTo(whole.lines);
        }
    }

    private static Heard hear(Side side, byte[] bytes, int most, Start start) {
        Heard heard = new Heard();
        TestingBudget budget = new TestingBudget(1 << 16);
        TlsWatch watch = new TlsWatch(SETTINGS, budget, heard, start);
        for (int at = 0; at < bytes.length; at += most) {
            watch.feed(side, ByteBuffer.wrap(bytes, at, Math.min(most, bytes.length - at)));
            assertThat(budget.taken()).isEqualTo(watch.held()).isLessThanOrEqualTo(SETTINGS.maxHelloBytes());
        }
        watch.close();
        assertThat(budget.taken()).isZero();
        return heard;
    }
}
