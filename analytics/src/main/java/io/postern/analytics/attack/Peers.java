package io.postern.analytics.attack;

import java.util.Arrays;
import java.util.LinkedHashMap;

/**
 * How often devices have an app go to a host while nobody looks, and how much is said there meanwhile: what one device does is
 * held against the others. Of each app and host {@value #KEPT} devices are kept, those of the smallest hashes, which is a fair
 * sample of all; some 500 bytes. The place that was told of longest ago makes room. Not for several threads.
 */
final class Peers {

    static final int KEPT = 32;
    /** Of fewer nobody can say what is usual. */
    static final int ENOUGH = 10;
    /** So many times as often as the usual device is unlike it. */
    static final double TIMES_AS_OFTEN = 2;
    /** So many times less to say is: keepalives of a device that is seldom used come to 2 times less than others. */
    static final double TIMES_SMALLER = 2.5;

    /** Of the others that may do the same before it is nothing unusual. */
    private static final double FEW = 0.1;
    /** What is within this factor is the same. */
    private static final double ALIKE = 1.2;

    private final int most;
    private final LinkedHashMap<Where, Sample> places = new LinkedHashMap<>(64, 0.75f, true);
    /** What is being compared, so that comparing leaves no garbage. */
    private final float[] others = new float[KEPT];

    private long evicted;

    private record Where(String app, String host) {}

    /** One value of each device. */
    private static final class Sample {
        final int[] devices = new int[KEPT];
        final float[] periods = new float[KEPT];
        final float[] sizes = new float[KEPT];
        int count;
    }

    /** @param most apps and hosts */
    Peers(int most) {
        this.most = most;
    }

    /**
     * A device does so now.
     *
     * @param periodMillis usual time between its connects unseen
     * @param bytes usual of an exchange unseen, both ways
     */
    void does(int device, String app, String host, double periodMillis, double bytes) {
        Sample sample = places.computeIfAbsent(new Where(app, host), where -> new Sample());
        if (places.size() > most) {
            var eldest = places.entrySet().iterator();
            eldest.next();
            eldest.remove();
            evicted++;
        }
        int place = place(sample, device);
        if (place >= 0) {
            sample.periods[place] = (float) periodMillis;
            sample.sizes[place] = (float) bytes;
        }
    }

    private static int place(Sample sample, int device) {
        for (int i = 0; i < sample.count; i++) {
            if (sample.devices[i] == device) {
                return i;
            }
        }
        int place = sample.count;
        if (place == KEPT) {
            place = 0;
            for (int i = 1; i < KEPT; i++) {
                place = spread(sample.devices[i]) > spread(sample.devices[place]) ? i : place;
            }
            if (spread(device) >= spread(sample.devices[place])) {
                return -1;
            }
        } else {
            sample.count++;
        }
        sample.devices[place] = device;
        return place;
    }

    private static int spread(int device) {
        int hash = device * 0x9E3779B9;
        return (hash ^ (hash >>> 16)) & Integer.MAX_VALUE;
    }

    /**
     * How a device compares.
     *
     * @param timesAsOften as the usual one of the others; 0 where too few are known, or too many do the same
     * @param timesSmaller the usual of an exchange is than theirs; 0 likewise
     */
    record Comparison(double timesAsOften, double timesSmaller) {
        static final Comparison NONE = new Comparison(0, 0);

        /**
         * Whether both are unlike what others do: often alone is a setting, and who uses an app much is sent more and not less.
         */
        boolean unlike() {
            return timesAsOften >= TIMES_AS_OFTEN && timesSmaller >= TIMES_SMALLER;
        }
    }

    Comparison compare(int device, String app, String host, double periodMillis, double bytes) {
        Sample sample = places.get(new Where(app, host));
        if (sample == null || periodMillis <= 0 || bytes <= 0) {
            return Comparison.NONE;
        }
        int count = others(sample, sample.periods, device);
        if (count < ENOUGH) {
            return Comparison.NONE;
        }
        double timesAsOften = times(count, periodMillis);
        return new Comparison(timesAsOften, times(others(sample, sample.sizes, device), bytes));
    }

    /** How many times less it is than the usual one of the others; 0 where more than few have as little. */
    private double times(int count, double mine) {
        int same = 0;
        for (int i = 0; i < count; i++) {
            same += others[i] <= mine * ALIKE ? 1 : 0;
        }
        return same <= FEW * count ? others[count / 2] / mine : 0;
    }

    /** Makes {@link #others} the values of the other devices, in order; how many. */
    private int others(Sample sample, float[] values, int device) {
        int count = 0;
        for (int i = 0; i < sample.count; i++) {
            if (sample.devices[i] != device) {
                others[count++] = values[i];
            }
        }
        Arrays.sort(others, 0, count);
        return count;
    }

    /** Apps and hosts that are held. */
    int size() {
        return places.size();
    }

    /** Places that had to go for want of room. */
    long evicted() {
        return evicted;
    }
}
