package io.postern.analytics.detect;

import io.postern.analytics.DeviceState;
import io.postern.analytics.StateLimits;
import io.postern.analytics.Tracked;
import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.instrument.Cadence;
import io.postern.analytics.instrument.Usual;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * How much like a clock every app's check-ins with every destination are: the cadence instrument by itself, without
 * findings. 70 is where it says clock, 100 where it is as sure as it gets.
 */
public final class CadenceScorer implements ByDevice {

    /** Name of the method in its scores. */
    public static final String NAME = "cadence";

    private static final double SURE = 30;
    private static final double CLOCK_SCORE = 70;
    private static final int DEVICES = 100_000;

    private final StateLimits limits;
    private final Map<String, DeviceState> devices;
    private long gone;

    public CadenceScorer() {
        this(StateLimits.DEFAULTS, DEVICES);
    }

    /** @param most devices; the one that is silent for longest goes */
    public CadenceScorer(StateLimits limits, int most) {
        this.limits = limits;
        devices = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, DeviceState> eldest) {
                boolean full = size() > most;
                gone += full ? 1 : 0;
                return full;
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

    @Override
    public List<String> devices() {
        return List.copyOf(devices.keySet());
    }

    @Override
    public Map<String, Long> held() {
        return Map.of("devices", (long) devices.size(), "keys", sum(DeviceState::keys));
    }

    @Override
    public Map<String, Long> saturated() {
        return Map.of("devices", gone, "keys", sum(DeviceState::saturated));
    }

    private long sum(ToLongFunction<DeviceState> of) {
        return devices.values().stream().mapToLong(of).sum();
    }

    @Override
    public boolean write(String device, DataOutput out) throws IOException {
        DeviceState state = devices.get(device);
        if (state != null) {
            state.writeTo(out);
        }
        return state != null;
    }

    @Override
    public void read(String device, DataInput in) throws IOException {
        devices.put(device, DeviceState.readFrom(in, limits, Usual.UNKNOWN));
    }

    @Override
    public void forget(String device) {
        devices.remove(device);
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
