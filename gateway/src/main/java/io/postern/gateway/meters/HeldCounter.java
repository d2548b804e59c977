package io.postern.gateway.meters;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.function.Supplier;

/**
 * Counters that read what somebody else counts. Micrometer's refers to what it reads weakly and stands still once that is
 * collected, which a supplier made for it is with the first collection; here the registry is what it refers to, and its
 * function holds the supplier.
 */
final class HeldCounter {

    private HeldCounter() {}

    static Meter register(
            MeterRegistry registry, String name, String help, Tags tags, Supplier<? extends Number> count) {
        return FunctionCounter.builder(name, registry, any -> count.get().doubleValue())
                .description(help)
                .tags(tags)
                .register(registry);
    }
}
