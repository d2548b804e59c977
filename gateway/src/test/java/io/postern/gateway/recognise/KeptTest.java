package io.postern.gateway.recognise;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.flows.MemoryBudget;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class KeptTest {

    @Test
    void keepsWhatFitsAndNoMore() {
        MemoryBudget budget = new MemoryBudget(10_000, () -> {});
        Kept kept = new Kept(budget, 1000);
        assertThat(kept.add(ByteBuffer.wrap(new byte[] {1, 2}))).isTrue();
        assertThat(kept.add((byte) 3)).isTrue();
        assertThat(kept.all()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(kept.room()).isEqualTo(997);
        assertThat(kept.add(ByteBuffer.allocate(998))).isFalse();
        assertThat(kept.add(ByteBuffer.allocate(997))).isTrue();
        assertThat(kept.add((byte) 4)).isFalse();
        assertThat(budget.held()).isBetween(1000L, 1024L);
        kept.clear();
        assertThat(kept.length()).isZero();
        kept.release();
        kept.release();
        assertThat(budget.held()).isZero();
    }

    @Test
    void keepsNothingThatTheBudgetHasNoRoomFor() {
        MemoryBudget budget = new MemoryBudget(600, () -> {});
        Kept first = new Kept(budget, 10_000);
        assertThat(first.add(ByteBuffer.allocate(100))).isTrue();
        assertThat(new Kept(budget, 10_000).add((byte) 1)).isFalse();
        assertThat(first.add(ByteBuffer.allocate(1000))).isFalse();
        assertThat(first.length()).isEqualTo(100);
        first.release();
        assertThat(budget.held()).isZero();
    }
}
