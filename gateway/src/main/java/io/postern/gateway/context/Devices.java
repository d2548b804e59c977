package io.postern.gateway.context;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which devices a source may speak for: ids, or beginnings of ids with {@code *} behind. */
final class Devices {

    private final Set<String> ids = new HashSet<>();
    private final List<String> beginnings;

    Devices(List<String> patterns) {
        patterns.stream().filter(pattern -> !pattern.endsWith("*")).forEach(ids::add);
        beginnings = patterns.stream()
                .filter(pattern -> pattern.endsWith("*"))
                .map(pattern -> pattern.substring(0, pattern.length() - 1))
                .toList();
    }

    boolean hold(String device) {
        if (ids.contains(device)) {
            return true;
        }
        for (String beginning : beginnings) {
            if (device.startsWith(beginning)) {
                return true;
            }
        }
        return false;
    }
}
