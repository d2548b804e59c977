package io.postern.analytics.attack;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Room for keys, which are pairs of app and destination, that several detections share: of so many devices with so many keys each as
 * their own bounds allow no memory has room. For several threads.
 */
public final class KeyRoom {

    /** What a key takes with its name, about. */
    public static final int BYTES_OF_KEY = 260;

    private static final int SHARE = 4;
    private static final long LEAST = 16_384;

    private final long most;
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong evicted = new AtomicLong();

    /** @param most keys */
    public KeyRoom(long most) {
        if (most < 1) {
            throw new IllegalArgumentException("room is for " + most + " keys, must be for 1 or more");
        }
        this.most = most;
    }

    /** A quarter of that: the rest is for flows, their records, facts and baselines, and for the collector to work in. */
    public static KeyRoom of(long heapBytes) {
        return new KeyRoom(Math.max(LEAST, heapBytes / SHARE / BYTES_OF_KEY));
    }

    /** What is not bounded in common. */
    public static KeyRoom unbounded() {
        return new KeyRoom(Long.MAX_VALUE);
    }

    void add(long keys) {
        held.addAndGet(keys);
    }

    void evicted(long keys) {
        evicted.addAndGet(keys);
    }

    boolean exceeded() {
        return held.get() > most;
    }

    public long most() {
        return most;
    }

    public long held() {
        return held.get();
    }

    /** Those that had to go. */
    public long evicted() {
        return evicted.get();
    }
}
