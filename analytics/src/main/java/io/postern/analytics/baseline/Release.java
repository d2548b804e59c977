package io.postern.analytics.baseline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A build of an app: when it was about, on how many devices, and what it was found to have brought. */
final class Release {

    /** Habits that are remembered of one; others have to be found again. */
    static final int MOST_BROUGHT = 64;

    final Build build;
    final DeviceCount devices;
    long firstMillis;
    long lastMillis;

    /** The devices that had it when the day began: those that have just got it have shown nothing yet. */
    private DeviceCount yesterday = new DeviceCount();

    /** Hashes of habits, see {@link Versions}. */
    private final Set<Long> brought = new LinkedHashSet<>();

    Release(Build build, long firstMillis, long lastMillis, DeviceCount devices) {
        this.build = build;
        this.firstMillis = firstMillis;
        this.lastMillis = lastMillis;
        this.devices = devices;
    }

    /** Whether that is more than that it is still about. */
    boolean see(long device, long atMillis) {
        boolean earlier = atMillis < firstMillis;
        firstMillis = Math.min(firstMillis, atMillis);
        lastMillis = Math.max(lastMillis, atMillis);
        return devices.add(device) || earlier;
    }

    void dayBegins() {
        yesterday = DeviceCount.of(devices.hashes());
    }

    /** Of its first day those that have it now. */
    DeviceCount sinceYesterday() {
        return yesterday.count() == 0 ? devices : yesterday;
    }

    /** Those of which {@link #sinceYesterday} speaks, once a day has begun. */
    DeviceCount yesterday() {
        return yesterday;
    }

    /** As read from what was stored. */
    void yesterday(DeviceCount stored) {
        yesterday = stored;
    }

    void bring(long habit) {
        if (brought.size() < MOST_BROUGHT) {
            brought.add(habit);
        }
    }

    int habits() {
        return brought.size();
    }

    boolean brought(long habit) {
        return brought.contains(habit);
    }

    long[] brought() {
        return brought.stream().mapToLong(Long::longValue).toArray();
    }

    void add(Release other) {
        firstMillis = Math.min(firstMillis, other.firstMillis);
        lastMillis = Math.max(lastMillis, other.lastMillis);
        devices.add(other.devices);
        yesterday.add(other.yesterday);
        other.brought.forEach(this::bring);
    }

    Release copy() {
        Release copy = new Release(build, firstMillis, lastMillis, DeviceCount.of(devices.hashes()));
        copy.yesterday = DeviceCount.of(yesterday.hashes());
        copy.brought.addAll(brought);
        return copy;
    }

    /**
     * The newest build that enough devices have, those with a newer one counted in: what a single device says of itself is
     * not the fleet's version. Of several of that version, the latest that enough devices have; else the one that most have.
     *
     * @return unknown if there is none
     */
    static Build newest(List<Release> all, int enough) {
        List<Release> newestFirst = new ArrayList<>(all);
        newestFirst.sort(
                Comparator.comparingLong((Release one) -> one.build.version()).reversed());
        DeviceCount devices = new DeviceCount();
        for (Release one : newestFirst) {
            devices.add(one.devices);
            if (devices.count() >= enough) {
                return of(all, one.build.version(), enough);
            }
        }
        return Build.UNKNOWN;
    }

    private static Build of(List<Release> all, long version, int enough) {
        return all.stream()
                .filter(one -> one.build.version() == version)
                .max(Comparator.comparingInt((Release one) -> Math.min(enough, one.devices.count()))
                        .thenComparingLong(one -> one.firstMillis))
                .map(one -> one.build)
                .orElse(Build.UNKNOWN);
    }
}
