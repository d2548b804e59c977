package io.postern.gateway.inventory;

import io.postern.analytics.flow.AppKey;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * When apps were removed, so that word of them from before, which comes late, does not bring them back. At most
 * {@value #MOST_OF_DEVICE} of a device and {@value #MOST} in all, some 200 bytes each: beyond that the one noted first is
 * forgotten, of that device or of the one that has had none for longest. Not for several threads.
 */
final class Removals {

    static final int MOST = 65_536;
    static final int MOST_OF_DEVICE = 256;

    /** By device, in the order in which they last had one. */
    private final Map<String, Map<AppKey, Long>> removed = new LinkedHashMap<>();

    private int size;
    private long forgotten;

    void note(AppKey key, long atMillis) {
        Map<AppKey, Long> ofDevice = removed.getOrDefault(key.device(), new LinkedHashMap<>());
        long latest = Math.max(atMillis, ofDevice.getOrDefault(key, Long.MIN_VALUE));
        drop(key);
        removed.remove(key.device());
        removed.put(key.device(), ofDevice);
        ofDevice.put(key, latest);
        size++;
        if (ofDevice.size() > MOST_OF_DEVICE) {
            forgetFirst(ofDevice);
        } else if (size > MOST) {
            forgetFirst(removed.values().iterator().next());
        }
    }

    private void forgetFirst(Map<AppKey, Long> ofDevice) {
        drop(ofDevice.keySet().iterator().next());
        forgotten++;
    }

    /** It is there again. */
    void drop(AppKey key) {
        Map<AppKey, Long> ofDevice = removed.get(key.device());
        if (ofDevice != null && ofDevice.remove(key) != null) {
            size--;
            if (ofDevice.isEmpty()) {
                removed.remove(key.device());
            }
        }
    }

    void forget(String device) {
        Map<AppKey, Long> ofDevice = removed.remove(device);
        size -= ofDevice == null ? 0 : ofDevice.size();
    }

    /** Whether it was removed after this time. */
    boolean after(AppKey key, long atMillis) {
        Map<AppKey, Long> ofDevice = removed.get(key.device());
        Long removal = ofDevice == null ? null : ofDevice.get(key);
        return removal != null && atMillis < removal;
    }

    int size() {
        return size;
    }

    long forgotten() {
        return forgotten;
    }
}
