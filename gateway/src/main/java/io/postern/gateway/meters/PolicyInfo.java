package io.postern.gateway.meters;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;

/** Which policy is in force: one series whose label is its version and whose value is 1. */
final class PolicyInfo {
    private final MultiGauge gauge;

    PolicyInfo(MeterRegistry registry) {
        gauge = MultiGauge.builder("postern.policy.info")
                .description("The policy in force")
                .register(registry);
    }

    synchronized void inForce(String version) {
        gauge.register(List.of(MultiGauge.Row.of(Tags.of("version", version), 1)), true);
    }
}
