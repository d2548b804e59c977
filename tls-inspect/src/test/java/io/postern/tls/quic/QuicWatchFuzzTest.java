package io.postern.tls.quic;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postern.tls.Heard;
import io.postern.tls.TestingBudget;
import io.postern.tls.watch.Side;
import io.postern.wire.ByteCursor;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Nothing is thrown, no bound is passed, all is given back. */
class QuicWatchFuzzTest {

    private static final InitialCipher CIPHER = new InitialCipher();
    private static final QuicSettings SETTINGS = new QuicSettings(4096, 64);
    private static final int MOST_FRAMES = 1162;

    /** {@code (side8 | length16 | datagram)*}. */
    @FuzzTest
    void readsAnyDatagrams(byte[] bytes) {
        TestingBudget budget = new TestingBudget(1 << 16);
        QuicWatch watch = new QuicWatch(SETTINGS, budget, CIPHER, new Heard());
        ByteCursor datagrams = ByteCursor.over(ByteBuffer.wrap(bytes));
        while (!datagrams.isEmpty()) {
            Side by = (datagrams.u8() & 1) == 0 ? Side.CLIENT : Side.SERVER;
            int length = Math.min(datagrams.u16(), datagrams.remaining());
            watch.feed(by, ByteBuffer.wrap(bytes, bytes.length - datagrams.remaining(), length));
            datagrams.skip(length);
            keepsItsBounds(watch, budget);
        }
        givesBack(watch, budget);
    }

    /** The bytes are the frames of an Initial that opens; in one packet or two must not matter to what they say. */
    @FuzzTest
    void readsAnyFrames(byte[] bytes) {
        byte[] frames = Arrays.copyOf(bytes, Math.min(bytes.length, MOST_FRAMES));
        TestingBudget budget = new TestingBudget(1 << 16);
        QuicWatch watch = new QuicWatch(SETTINGS, budget, CIPHER, new Heard());
        watch.feed(Side.CLIENT, ByteBuffer.wrap(Initials.client(1, Initials.ID, 0, frames)));
        assertThat(watch.recognised()).isTrue();
        keepsItsBounds(watch, budget);
        watch.feed(Side.SERVER, ByteBuffer.wrap(Initials.server(1, Initials.ID, 0, frames)));
        keepsItsBounds(watch, budget);
        givesBack(watch, budget);
    }

    private static void keepsItsBounds(QuicWatch watch, TestingBudget budget) {
        assertThat(budget.taken()).isEqualTo(watch.held()).isLessThanOrEqualTo(2 * SETTINGS.maxHelloBytes());
    }

    private static void givesBack(QuicWatch watch, TestingBudget budget) {
        watch.close();
        assertThat(budget.taken()).isZero();
    }
}
