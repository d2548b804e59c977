package io.postern.gateway.flows;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Flows of one throttle. */
class HeldTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private int told;

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void aFlowThatBeginsWaitsForWhatOthersOwe() {
        channel.freezeTime();
        LoopClock clock = new LoopClock(channel.eventLoop());
        Throttle throttle = new Throttle(1_000, clock.now());
        Held first = new Held(clock, () -> {});
        first.by(throttle);
        assertThat(first.out()).isFalse();
        first.sent(3_000);
        assertThat(first.out()).isTrue();

        Held next = new Held(clock, () -> told++);
        next.by(throttle);
        assertThat(next.out()).isTrue();
        assertThat(next.in()).isFalse();
        assertThat(told).isEqualTo(1);
        channel.advanceTimeBy(2_200, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(next.out()).isFalse();
        assertThat(told).isEqualTo(2);
        first.end();
        next.end();
    }

    @Test
    void nobodyOwesMoreThanAMinutesWorth() {
        Throttle throttle = new Throttle(1_000, 0);
        assertThat(throttle.out().take(1_000_000, 0)).isEqualTo(60 * SECOND);
        assertThat(throttle.out().take(1_000_000, 0)).isEqualTo(60 * SECOND);
        assertThat(throttle.out().owed(59 * SECOND)).isEqualTo(SECOND);
    }
}
