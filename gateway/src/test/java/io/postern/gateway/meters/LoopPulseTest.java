package io.postern.gateway.meters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.util.concurrent.DefaultEventExecutorGroup;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // Nobody waits for the loops to end.
class LoopPulseTest {
    private static final Duration LATE = Duration.ofMillis(1_500);

    @Test
    void aStuckLoopMissesItsBeatAndItsLagIsCounted() {
        DefaultEventExecutorGroup loops = new DefaultEventExecutorGroup(2);
        CountDownLatch stuck = new CountDownLatch(1);
        try (Meters meters = new Meters();
                LoopPulse pulse = new LoopPulse(loops, meters)) {
            assertThat(pulse.beating(Duration.ofHours(1))).isTrue();

            loops.next().execute(() -> awaitUninterruptibly(stuck));
            await().until(() -> !pulse.beating(LATE));
            stuck.countDown();

            await().until(() -> pulse.beating(LATE));
            Scrape scrape = new Scrape(meters.scrape(ScrapeFormat.PROMETHEUS));
            assertThat(scrape.value("postern_event_loop_lag_seconds_count"))
                    .isGreaterThan(scrape.value("postern_event_loop_lag_seconds_bucket{le=\"0.25\"}"));
        } finally {
            stuck.countDown();
            loops.shutdownGracefully();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
