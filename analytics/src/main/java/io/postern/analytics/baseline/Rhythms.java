package io.postern.analytics.baseline;

/**
 * When (device, profile, app) last went to a destination, how long after the time before, and how often in this hour: what
 * rates and cadences are learnt from. 24 bytes a key in sets of {@value #WAYS}; the least lately seen of a full set makes
 * room, which is counted.
 */
final class Rhythms {

    private static final int WAYS = 4;
    private static final double ALIKE = 1.4;

    private final long[] keys;
    private final int[] lastSeconds;
    private final int[] intervals;
    private final int[] hours;
    private final int[] counts;
    private long evicted;

    /** @param size a power of two */
    Rhythms(int size) {
        keys = new long[size];
        lastSeconds = new int[size];
        intervals = new int[size];
        hours = new int[size];
        counts = new int[size];
    }

    /**
     * What one more flow tells.
     *
     * @param interval in seconds, like the one before it; negative if it is not, or the first
     * @param lastHour flows of the last hour that had any and is over; 0 while it goes on
     */
    record Beat(long interval, int lastHour) {}

    Beat beat(long key, long atMillis) {
        long wanted = key == 0 ? 1 : key;
        int second = (int) (atMillis / 1_000);
        int hour = second / 3_600;
        int at = place(wanted);
        if (keys[at] != wanted) {
            evicted += keys[at] == 0 ? 0 : 1;
            keys[at] = wanted;
            lastSeconds[at] = second;
            intervals[at] = -1;
            hours[at] = hour;
            counts[at] = 1;
            return new Beat(-1, 0);
        }
        // A flow that began before one seen already is one more and tells no interval.
        int interval = second - lastSeconds[at];
        boolean repeats = interval >= 0 && intervals[at] > 0 && alike(interval, intervals[at]);
        intervals[at] = interval > 0 ? interval : intervals[at];
        lastSeconds[at] = Math.max(lastSeconds[at], second);
        int over = hour > hours[at] ? counts[at] : 0;
        counts[at] = over > 0 ? 1 : counts[at] + 1;
        hours[at] = Math.max(hours[at], hour);
        return new Beat(repeats ? interval : -1, over);
    }

    private static boolean alike(int one, int other) {
        return one <= other * ALIKE && other <= one * ALIKE;
    }

    private int place(long key) {
        int set = (int) Hash.spread(key) & (keys.length - 1) & -WAYS;
        int oldest = set;
        for (int at = set; at < set + WAYS; at++) {
            if (keys[at] == key) {
                return at;
            }
            if (keys[at] == 0 || (keys[oldest] != 0 && lastSeconds[at] < lastSeconds[oldest])) {
                oldest = keys[oldest] == 0 ? oldest : at;
            }
        }
        return oldest;
    }

    long evicted() {
        return evicted;
    }
}
