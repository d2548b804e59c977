package io.postern.analytics.attack;

import io.postern.analytics.DeviceState;
import java.util.Map;

/** How full the tables of the five are, by the same names. */
final class Gauges {

    private Gauges() {}

    static Map<String, Long> held(Devices devices, OpenFindings open, Domains domains, Peers peers) {
        return Map.of(
                "devices",
                (long) devices.size(),
                "keys",
                devices.sum(DeviceState::keys),
                "check-ins",
                devices.sum(DeviceState::recent),
                "findings",
                (long) open.size(),
                "domains",
                (long) domains.size(),
                "peers",
                (long) peers.size());
    }

    /** What had to go. */
    static Map<String, Long> saturated(Devices devices, OpenFindings open, Domains domains, Peers peers) {
        return Map.of(
                "devices",
                devices.evicted(),
                "keys",
                devices.saturated(),
                "check-ins",
                devices.recentPushedOut(),
                "findings",
                open.pushedOut(),
                "domains",
                domains.evicted(),
                "peers",
                peers.evicted());
    }
}
