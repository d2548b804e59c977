package io.postern.analytics.baseline;

import java.util.Arrays;

/**
 * How many different devices: exact up to {@value #KEPT}, beyond an estimate from the {@value #KEPT} smallest of their
 * hashes (k minimum values), off by less than a fifth in two of three cases. The union of two counts is the count of the
 * union, in any order and however often. 16 bytes and 8 for each hash kept.
 */
final class DeviceCount {

    static final int KEPT = 32;

    /** Ascending as unsigned numbers, without gaps and without twins. */
    private long[] smallest;

    DeviceCount() {
        this(new long[0]);
    }

    private DeviceCount(long[] smallest) {
        this.smallest = smallest;
    }

    /** @param device see {@link Hash#of(CharSequence)} */
    boolean add(long device) {
        if (smallest.length == KEPT && Long.compareUnsigned(device, smallest[KEPT - 1]) > 0) {
            return false;
        }
        int at = place(device);
        if (at == KEPT || (at < smallest.length && smallest[at] == device)) {
            return false;
        }
        long[] more = Arrays.copyOf(smallest, Math.min(KEPT, smallest.length + 1));
        System.arraycopy(smallest, at, more, at + 1, more.length - at - 1);
        more[at] = device;
        smallest = more;
        return true;
    }

    /** The first that is not smaller; flipping the highest bit makes signed order unsigned. */
    private int place(long device) {
        int from = 0;
        int to = smallest.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if ((smallest[middle] ^ Long.MIN_VALUE) < (device ^ Long.MIN_VALUE)) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    boolean add(DeviceCount other) {
        if (other.smallest.length == 0 || Arrays.equals(smallest, other.smallest)) {
            return false;
        }
        long[] union = new long[Math.min(KEPT, smallest.length + other.smallest.length)];
        int mine = 0;
        int theirs = 0;
        int count = 0;
        while (count < union.length && (mine < smallest.length || theirs < other.smallest.length)) {
            int order = mine == smallest.length
                    ? 1
                    : theirs == other.smallest.length
                            ? -1
                            : Long.compareUnsigned(smallest[mine], other.smallest[theirs]);
            union[count++] = order <= 0 ? smallest[mine] : other.smallest[theirs];
            mine += order <= 0 ? 1 : 0;
            theirs += order >= 0 ? 1 : 0;
        }
        boolean more = count != smallest.length || !Arrays.equals(smallest, 0, count, union, 0, count);
        smallest = count == union.length ? union : Arrays.copyOf(union, count);
        return more;
    }

    /**
     * Whether half of these, by those of which it can be told, are among others too.
     *
     * @param enough so many must be
     */
    boolean mostAreIn(DeviceCount others, int enough) {
        Common common = in(others);
        return common.both >= enough && 2 * common.both >= common.told;
    }

    /**
     * How likely it is that as many of these as it is, or more, are among others by chance, where each is with the same
     * probability: of a binomial distribution, by those of these of which it can be told. 1 where none is.
     *
     * @param share the probability, 0 to 1
     */
    double chanceIn(DeviceCount others, double share) {
        Common common = in(others);
        double chance = 0;
        double ways = 1;
        for (int in = common.told; in >= common.both; in--) {
            int out = common.told - in;
            chance += ways * Math.pow(share, in) * Math.pow(1 - share, out);
            ways = ways * in / (out + 1);
        }
        return Math.min(1, chance);
    }

    /** Those of which it can be told whether they are among others, and those that are. */
    private record Common(int told, int both) {}

    private Common in(DeviceCount others) {
        int told = 0;
        int both = 0;
        for (long one : smallest) {
            if (others.tells(one)) {
                told++;
                both += others.has(one) ? 1 : 0;
            }
        }
        return new Common(told, both);
    }

    /** Beyond the largest hash that is kept nobody knows. */
    private boolean tells(long device) {
        return smallest.length < KEPT || place(device) < KEPT;
    }

    private boolean has(long device) {
        int at = place(device);
        return at < smallest.length && smallest[at] == device;
    }

    /** Whether it is this device and no other. */
    boolean only(long device) {
        return smallest.length == 1 && smallest[0] == device;
    }

    int count() {
        if (smallest.length < KEPT) {
            return smallest.length;
        }
        double share = (smallest[KEPT - 1] >>> 11) * 0x1p-53;
        return (int) Math.max(KEPT, Math.min(Integer.MAX_VALUE, Math.round((KEPT - 1) / share)));
    }

    long[] hashes() {
        return smallest.clone();
    }

    /** Of what {@link #hashes} gave. */
    static DeviceCount of(long[] hashes) {
        DeviceCount count = new DeviceCount();
        for (long hash : hashes) {
            count.add(hash);
        }
        return count;
    }
}
