package io.postern.gateway.facts;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Packages by UID, as devices told when their processes started: the only way Android Management has to say whose a UID is.
 * Of {@value #MOST_DEVICES} devices the last heard, {@value #MOST_UIDS} UIDs each. Not thread-safe.
 */
public final class UidMap {

    private static final int MOST_DEVICES = 20_000;
    private static final int MOST_UIDS = 512;

    private final Map<String, Map<Integer, List<String>>> devices = bounded(MOST_DEVICES);

    void started(String device, int uid, List<String> packages) {
        devices.computeIfAbsent(device, fresh -> bounded(MOST_UIDS)).put(uid, List.copyOf(packages));
    }

    /** @return none where it never told */
    List<String> packages(String device, int uid) {
        return devices.getOrDefault(device, Map.of()).getOrDefault(uid, List.of());
    }

    private static <K, V> Map<K, V> bounded(int most) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }
}
