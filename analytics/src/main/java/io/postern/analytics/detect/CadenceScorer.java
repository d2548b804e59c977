package io.postern.analytics.detect;

import io.postern.analytics.DeviceState;
import io.postern.analytics.StateLimits;
import io.postern.analytics.Tracked;
import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.instrument.Cadence;
import io.postern.analytics.instrument.Usual;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How much like a clock every app's check-ins with every destination are: the cadence instrument by itself, without
 * findings. 70 is where it says clock, 100 where it is as sure as it gets.
 */
public final class CadenceScorer implements Detection {

    /** Name of the method in its scores. */
    public static final String NAME = "cadence";

    private static final double SURE = 30;
    private static final double CLOCK_SCORE = 70;
    private static final int DEVICES = 100_000;

    private final StateLimits limits;
    private final Map<String, DeviceState> devices;

    public CadenceScorer() {
        this(StateLimits.DEFAULTS, DEVICES);
    }

    /** @param most devices; the one that is silent for longest goes */
    public CadenceScorer(StateLimits limits, int most) {
        this.limits = limits;
        devices = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, DeviceState> eldest) {
                return size() > most;
            }
        };
    }

    @Override
    public void observe(FlowEvent event, Consumer<Finding> findings) {
        state(event.flow().tag().device()).observe(event);
    }

    @Override
    public void told(ContextEvent event, Consumer<Finding> findings) {
        state(event.device()).tell(event);
    }

    @Override
    public void reached(long atMillis, Consumer<Finding> findings) {}

    /** By the last check-in of each: what has stopped is not worth less for it. */
    @Override
    public void scores(Consumer<Score> scores) {
        devices.forEach((device, state) -> state.each(tracked -> scores.accept(score(device, tracked))));
    }

    private static Score score(String device, Tracked tracked) {
        double score = score(tracked.cadence(tracked.lastMillis()));
        return new Score(tracked.key(device), tracked.destination(), NAME, score, tracked.checkIns());
    }

    private static double score(double evidence) {
        if (evidence <= 0) {
            return 0;
        }
        return evidence < Cadence.CLOCK
                ? CLOCK_SCORE * evidence / Cadence.CLOCK
                : CLOCK_SCORE + (100 - CLOCK_SCORE) * Math.min(1, (evidence - Cadence.CLOCK) / (SURE - Cadence.CLOCK));
    }

    private DeviceState state(String device) {
        return devices.computeIfAbsent(device, unused -> new DeviceState(limits, Usual.UNKNOWN));
    }
}
