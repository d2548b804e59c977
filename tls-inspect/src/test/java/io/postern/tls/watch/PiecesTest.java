package io.postern.tls.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.tls.TestingBudget;
import io.postern.tls.watch.Pieces.Put;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PiecesTest {

    private final TestingBudget budget = new TestingBudget(1 << 20);

    /** Against a bit for each byte. */
    @Test
    void anyOrderGivesTheSameBytes() {
        Random random = new Random(2);
        byte[] whole = new byte[3000];
        random.nextBytes(whole);
        for (int i = 0; i < 300; i++) {
            Pieces pieces = new Pieces(budget, whole.length);
            BitSet there = new BitSet();
            for (int put = 0; put < 60; put++) {
                int offset = random.nextInt(whole.length);
                int length = random.nextInt(Math.min(400, whole.length - offset) + 1);
                assertThat(pieces.put(offset, ByteBuffer.wrap(whole), offset, length))
                        .isEqualTo(Put.TAKEN);
                there.set(offset, offset + length);
                assertThat(pieces.ready()).isEqualTo(there.nextClearBit(0));
                assertThat(pieces.view()).isEqualTo(ByteBuffer.wrap(whole, 0, pieces.ready()));
                assertThat(pieces.held()).isEqualTo(budget.taken());
            }
            pieces.clear();
            assertThat(budget.taken()).isZero();
        }
    }

    @Test
    void whatCameFirstStays() {
        Pieces pieces = new Pieces(budget, 10);
        pieces.put(2, ByteBuffer.wrap(new byte[] {1, 1}), 0, 2);
        pieces.put(0, ByteBuffer.wrap(new byte[] {2, 2, 2, 2, 2}), 0, 5);
        assertThat(pieces.view()).isEqualTo(ByteBuffer.wrap(new byte[] {2, 2, 1, 1, 2}));
    }

    @Test
    void boundsAreKept() {
        ByteBuffer bytes = ByteBuffer.allocate(1000);
        Pieces pieces = new Pieces(budget, 500);
        assertThat(pieces.put(499, bytes, 0, 1)).isEqualTo(Put.TAKEN);
        assertThat(pieces.held()).isEqualTo(500);
        assertThat(pieces.put(499, bytes, 0, 2)).isEqualTo(Put.TOO_LONG);
        assertThat(pieces.put(-1, bytes, 0, 2)).isEqualTo(Put.TOO_LONG);
        assertThat(pieces.put(1L << 60, bytes, 0, 1)).isEqualTo(Put.TOO_LONG);
        assertThat(new Pieces(new TestingBudget(99), 500).put(0, bytes, 0, 100)).isEqualTo(Put.NO_ROOM);
    }

    @Test
    void holesAreCounted() {
        Pieces pieces = new Pieces(budget, 500);
        ByteBuffer one = ByteBuffer.allocate(1);
        for (int run = 0; run < Pieces.MOST_RUNS; run++) {
            assertThat(pieces.put(2L * run, one, 0, 1)).isEqualTo(Put.TAKEN);
        }
        assertThat(pieces.put(400, one, 0, 1)).isEqualTo(Put.TOO_SCATTERED);
        assertThat(pieces.put(1, one, 0, 1)).isEqualTo(Put.TAKEN);
        assertThat(pieces.put(400, one, 0, 1)).isEqualTo(Put.TAKEN);
    }
}
