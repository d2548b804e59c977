package io.postern.gateway.meters;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.stream.LongStream;

/**
 * Histograms of durations with fixed bounds, so that series can be added over gateways. The bounds bracket the aims: a
 * judgement within 3 µs, a set-up within a round trip or two, a loop that is never late.
 */
final class Buckets {
    static final Buckets FLOW_SETUP = ofMicros(
            500,
            1_000,
            2_500,
            5_000,
            10_000,
            25_000,
            50_000,
            100_000,
            250_000,
            500_000,
            1_000_000,
            2_500_000,
            5_000_000,
            10_000_000);
    static final Buckets VERDICT = ofMicros(1, 2, 3, 5, 10, 25, 50, 100, 250, 1_000, 10_000);
    static final Buckets LOOP_LAG =
            ofMicros(1_000, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 5_000_000);

    private final Duration[] bounds;

    private Buckets(Duration[] bounds) {
        this.bounds = bounds;
    }

    private static Buckets ofMicros(long... bounds) {
        return new Buckets(LongStream.of(bounds)
                .mapToObj(micros -> Duration.ofNanos(micros * 1_000))
                .toArray(Duration[]::new));
    }

    Timer register(MeterRegistry registry, String name, String help, Tags tags) {
        return Timer.builder(name)
                .description(help)
                .tags(tags)
                .serviceLevelObjectives(bounds)
                .register(registry);
    }
}
