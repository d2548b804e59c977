package io.postern.gateway.meters;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoopPulseTest {
    private static final Duration LATE = Duration.ofSeconds(3);

    private final EmbeddedChannel turning = new EmbeddedChannel();
    private final EmbeddedChannel stuck = new EmbeddedChannel();

    @BeforeEach
    void freeze() {
        turning.freezeTime();
        stuck.freezeTime();
    }

    @AfterEach
    void close() {
        turning.finishAndReleaseAll();
        stuck.finishAndReleaseAll();
    }

    @Test
    void aStuckLoopMissesItsBeatAndItsLagIsCounted() {
        try (Meters meters = new Meters();
                LoopPulse pulse = new LoopPulse(List.of(turning.eventLoop(), stuck.eventLoop()), meters)) {
            second(turning, stuck);
            second(turning, stuck);
            assertThat(lags(meters, "")).isEqualTo(4);
            assertThat(lags(meters, "{le=\"0.25\"}")).isEqualTo(4);

            for (int i = 0; i < 3; i++) {
                second(turning);
                stuck.advanceTimeBy(1, TimeUnit.SECONDS);
            }
            assertThat(pulse.beating(LATE)).isTrue();
            second(turning);
            stuck.advanceTimeBy(1, TimeUnit.SECONDS);
            assertThat(pulse.beating(LATE)).isFalse();

            stuck.runScheduledPendingTasks();
            assertThat(pulse.beating(LATE)).isTrue();
            assertThat(lags(meters, "")).isEqualTo(9);
            assertThat(lags(meters, "{le=\"0.25\"}")).isEqualTo(8);
        }
    }

    private static void second(EmbeddedChannel... loops) {
        for (EmbeddedChannel loop : loops) {
            loop.advanceTimeBy(1, TimeUnit.SECONDS);
            loop.runScheduledPendingTasks();
        }
    }

    private static double lags(Meters meters, String upTo) {
        String series = upTo.isEmpty() ? "_count" : "_bucket" + upTo;
        return new Scrape(meters.scrape(ScrapeFormat.PROMETHEUS)).value("postern_event_loop_lag_seconds" + series);
    }
}
