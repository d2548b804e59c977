package io.postern.analytics.attack;

import io.postern.analytics.DeviceState;
import io.postern.analytics.StateLimits;
import io.postern.analytics.instrument.Usual;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/** The devices that are remembered, so many at most: the one that was silent longest makes room. */
final class Devices {

    private final int most;
    private final StateLimits ofState;
    private final Map<String, Device> devices = new LinkedHashMap<>(64, 0.75f, true);
    /** Those that were told something that is not settled. */
    private final Set<Device> told = new LinkedHashSet<>();

    private long evicted;

    Devices(int most, StateLimits ofState) {
        this.most = most;
        this.ofState = ofState;
    }

    /** A new one where it is not remembered. */
    Device of(String id) {
        Device known = devices.get(id);
        if (known == null) {
            if (devices.size() >= most) {
                forget(devices.keySet().iterator().next());
                evicted++;
            }
            known = new Device(id, new DeviceState(ofState, Usual.UNKNOWN));
            devices.put(id, known);
        }
        return known;
    }

    Optional<Device> find(String id) {
        return Optional.ofNullable(devices.get(id));
    }

    List<String> ids() {
        return List.copyOf(devices.keySet());
    }

    int size() {
        return devices.size();
    }

    /** In place of anything there is. */
    void restore(String id, DeviceState state) {
        forget(id);
        devices.put(id, new Device(id, state));
    }

    void forget(String id) {
        Device known = devices.remove(id);
        if (known != null) {
            told.remove(known);
        }
    }

    /** It was told something that must be put beside its check-ins. */
    void awaits(Device device) {
        told.add(device);
    }

    void settled(Device device) {
        told.remove(device);
    }

    List<Device> awaiting() {
        return List.copyOf(told);
    }

    void each(Consumer<Device> what) {
        devices.values().forEach(what);
    }

    long sum(ToLongFunction<DeviceState> what) {
        return devices.values().stream()
                .mapToLong(device -> what.applyAsLong(device.state))
                .sum();
    }

    /** How many had to make room. */
    long evicted() {
        return evicted;
    }
}
