package io.postern.gateway.facts;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Packages by UID, as devices told when their processes started: the only way Android Management has to say whose a UID is.
 * Android gives the UID of an app that was removed to another: what started last has it, in whatever order it is told.
 * Of {@value #MOST_DEVICES} devices the last heard, {@value #MOST_UIDS} UIDs each, {@value #MOST_IN_ALL} of all. Not
 * thread-safe.
 */
public final class UidMap {

    private static final int MOST_DEVICES = 20_000;
    private static final int MOST_UIDS = 512;
    private static final int MOST_IN_ALL = 500_000;
    private static final Started NOBODY = new Started(List.of(), 0);

    private final Map<String, Map<Integer, Started>> devices = new LinkedHashMap<>(16, 0.75f, true);
    private int inAll;

    private record Started(List<String> packages, long atMillis) {}

    void started(String device, int uid, List<String> packages, long atMillis) {
        Map<Integer, Started> uids = devices.computeIfAbsent(device, fresh -> bounded(MOST_UIDS));
        int before = uids.size();
        uids.merge(
                uid,
                new Started(List.copyOf(packages), atMillis),
                (known, now) -> now.atMillis < known.atMillis ? known : now);
        inAll += uids.size() - before;
        Iterator<Map<Integer, Started>> eldest = devices.values().iterator();
        while (devices.size() > MOST_DEVICES || inAll > MOST_IN_ALL) {
            inAll -= eldest.next().size();
            eldest.remove();
        }
    }

    /** @return none where it never told */
    List<String> packages(String device, int uid) {
        return devices.getOrDefault(device, Map.of()).getOrDefault(uid, NOBODY).packages;
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
