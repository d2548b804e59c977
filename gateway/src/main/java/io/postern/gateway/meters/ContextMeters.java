package io.postern.gateway.meters;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What is counted of what others tell of devices and flows, and of how much was known when flows began. Call each of these once, at
 * start.
 */
public final class ContextMeters {

    private final MeterRegistry registry;

    ContextMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** {@code postern_context_events_total} of one source of the settings. */
    public <E extends Enum<E>, R extends Enum<R>> BiConsumer<E, R> events(
            String source,
            Class<E> events,
            Function<? super E, String> event,
            Class<R> results,
            Function<? super R, String> result) {
        CounterGrid counts = new CounterGrid(
                registry,
                "postern.context.events",
                "Events that sources told, by what became of them",
                Tags.of("source", source),
                new Axis<>("event", events, event),
                new Axis<>("result", results, result));
        return counts::increment;
    }

    /** {@code postern_context_lag_seconds} of one source of the settings. */
    public void lag(String source, Supplier<Number> seconds) {
        Gauge.builder("postern.context.lag.seconds", seconds)
                .description("How late the last event of a source came")
                .tag("source", source)
                .register(registry);
    }

    /** {@code postern_context_evicted_total}: what of one source of the settings a table forgot for want of room. */
    public void evicted(String source, String table, Supplier<Number> evicted) {
        HeldCounter.register(
                registry,
                "postern.context.evicted",
                "What sources told that was forgotten for want of room, by whose room it took",
                Tags.of("source", source, "table", table),
                evicted);
    }

    /** {@code postern_visibility_total}: what was known when flows began. */
    public <F extends Enum<F>, S extends Enum<S>> BiConsumer<F, S> visibility(
            Class<F> facts, Function<? super F, String> fact, Class<S> states, Function<? super S, String> state) {
        CounterGrid counts = grid(
                "postern.visibility",
                "Flows, by whether a fact was known when they began",
                new Axis<>("fact", facts, fact),
                new Axis<>("state", states, state));
        return counts::increment;
    }

    /** {@code postern_collector_packets_total}, by what became of packets of devices' captures. */
    public <E extends Enum<E>> Counters<E> collectorPackets(Class<E> results, Function<? super E, String> label) {
        return new Counters<>(grid(
                "postern.collector.packets", "Packets of devices' captures", new Axis<>("result", results, label)));
    }

    /** {@code postern_owner_reports_total}, by who reports which app has a flow, and what became of it. */
    public <S extends Enum<S>, R extends Enum<R>> BiConsumer<S, R> ownerReports(
            Class<S> sources,
            Function<? super S, String> source,
            Class<R> results,
            Function<? super R, String> result) {
        CounterGrid counts = grid(
                "postern.owner.reports",
                "Reports of which app has a flow",
                new Axis<>("source", sources, source),
                new Axis<>("result", results, result));
        return counts::increment;
    }

    private CounterGrid grid(String name, String help, Axis<?>... axes) {
        return new CounterGrid(registry, name, help, Tags.empty(), axes);
    }
}
