package io.postern.gateway.analytics;

import java.time.Duration;

/**
 * How many bytes of a log and how many devices a round takes, so that it ends in time: by what the last one took. Not for several
 * threads.
 */
final class Pace {

    static final long LEAST_BYTES = 256L << 20;
    /** What is read in {@link LateFacts#SPEND} on a disk of 30 MB/s. */
    static final long FIRST_BYTES = 2L << 30;

    static final long MOST_BYTES = 64L << 30;

    static final int LEAST_DEVICES = 16;
    static final int FIRST_DEVICES = 64;

    static final int MOST_DEVICES = 1_024;

    private static final int SHARE = 8;
    /** While a round lasts, if all its tables are full; a phone's are some 100 KB. */
    private static final long BYTES_OF_DEVICE = 3_500_000;

    private final Duration spend;
    private final int mostDevices;
    private long bytes = FIRST_BYTES;
    private int devices;

    Pace(Duration spend, int mostDevices) {
        this.spend = spend;
        this.mostDevices = mostDevices;
        devices = Math.min(FIRST_DEVICES, mostDevices);
    }

    /** As many as an eighth of that has room for, whatever the devices did, within bounds. */
    static int mostDevices(long heapBytes) {
        return (int) Math.max(LEAST_DEVICES, Math.min(MOST_DEVICES, heapBytes / SHARE / BYTES_OF_DEVICE));
    }

    /** Of a log's newest files. */
    long bytes() {
        return bytes;
    }

    int devices() {
        return devices;
    }

    /** A round is over: half as many where it took longer than it may, twice as many where half of its time was left. */
    void took(Duration took, long read, int judged) {
        boolean slow = took.compareTo(spend) > 0;
        boolean fast = took.compareTo(spend.dividedBy(2)) < 0;
        if (slow) {
            devices = Math.max(LEAST_DEVICES, devices / 2);
            bytes = Math.max(LEAST_BYTES, bytes / 2);
        } else if (fast) {
            devices = judged < devices ? devices : Math.min(mostDevices, devices * 2);
            bytes = read < bytes ? bytes : Math.min(MOST_BYTES, bytes * 2);
        }
    }
}
