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

    void add(String device) {
        add(Hash.of(device));
    }

    void add(DeviceCount other) {
        for (long hash : other.smallest) {
            add(hash);
        }
    }

    private void add(long hash) {
        int at = 0;
        while (at < smallest.length && Long.compareUnsigned(smallest[at], hash) < 0) {
            at++;
        }
        if (at == KEPT || (at < smallest.length && smallest[at] == hash)) {
            return;
        }
        long[] more = Arrays.copyOf(smallest, Math.min(KEPT, smallest.length + 1));
        System.arraycopy(smallest, at, more, at + 1, more.length - at - 1);
        more[at] = hash;
        smallest = more;
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
