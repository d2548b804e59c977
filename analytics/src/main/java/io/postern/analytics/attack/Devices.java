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

/**
 * The devices that are remembered, so many at most: the one that was silent longest makes room. So it does for keys, which several of
 * these share: first it keeps what came back alone, and the next time nothing.
 */
final class Devices {

    private final int most;
    private final StateLimits ofState;
    private final KeyRoom room;
    private final Map<String, Device> devices = new LinkedHashMap<>(64, 0.75f, true);
    /** Those that were told something that is not settled. */
    private final Set<Device> told = new LinkedHashSet<>();

    private long evicted;
    /** Of devices that are not remembered any more, less what those had that came back: what is counted is not taken back. */
    private long saturatedBefore;

    private long recentBefore;

    /** @param room of which each keeps what the device has that speaks, however full it is */
    Devices(int most, StateLimits ofState, KeyRoom room) {
        this.most = most;
        this.room = room;
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
        known.shed = false;
        return known;
    }

    /** Its keys may be more than they were. */
    void counted(Device device) {
        int keys = device.state.keys();
        if (keys != device.keys) {
            room.add(keys - device.keys);
            device.keys = keys;
            makeRoom(device);
        }
    }

    private void makeRoom(Device speaks) {
        while (room.exceeded() && devices.size() > 1) {
            Device eldest = devices.values().stream()
                    .filter(each -> each != speaks)
                    .findFirst()
                    .orElseThrow();
            boolean waits = told.contains(eldest);
            forget(eldest.id);
            int left = 0;
            if (eldest.shed) {
                evicted++;
            } else {
                // Behind the others: all lose what came once before any loses what came back.
                Device less = put(eldest.id, eldest.state.recurrent(speaks.state.reachedMillis()));
                less.pushMillis = eldest.pushMillis;
                less.shed = true;
                left = less.keys;
                if (waits) {
                    told.add(less);
                }
            }
            room.evicted(eldest.keys - left);
        }
    }

    private Device put(String id, DeviceState state) {
        Device made = new Device(id, state);
        made.keys = state.keys();
        room.add(made.keys);
        saturatedBefore -= state.saturated();
        recentBefore -= state.recentPushedOut();
        devices.put(id, made);
        return made;
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
        makeRoom(put(id, state));
    }

    void forget(String id) {
        Device known = devices.remove(id);
        if (known != null) {
            told.remove(known);
            room.add(-known.keys);
            saturatedBefore += known.state.saturated();
            recentBefore += known.state.recentPushedOut();
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

    /** What tables of devices had no room for, of all devices there were. */
    long saturated() {
        return saturatedBefore + sum(DeviceState::saturated);
    }

    /** Check-ins that went before their time, of all devices there were. */
    long recentPushedOut() {
        return recentBefore + sum(DeviceState::recentPushedOut);
    }

    /** How many had to make room. */
    long evicted() {
        return evicted;
    }
}
