package io.postern.analytics.state;

import java.util.Arrays;

/**
 * About how many hosts of one domain one app has: two rows of small counters, of which the lesser is never too low. Not
 * written anywhere: whoever reads a table counts again.
 */
public final class Crowds {

    private static final int MOST = 255;

    private final byte[] counts;
    private final int mask;

    /** @param expected pairs of app and domain with a good answer */
    public Crowds(int expected) {
        int row = Integer.highestOneBit(Math.max(64, Math.min(4096, expected / 4)));
        counts = new byte[2 * row];
        mask = row - 1;
    }

    public int count(int hash) {
        return Math.min(counts[first(hash)] & 0xFF, counts[second(hash)] & 0xFF);
    }

    public void added(int hash) {
        more(first(hash));
        more(second(hash));
    }

    public void removed(int hash) {
        less(first(hash));
        less(second(hash));
    }

    public void clear() {
        Arrays.fill(counts, (byte) 0);
    }

    public long bytes() {
        return 16L + counts.length;
    }

    private void more(int i) {
        if ((counts[i] & 0xFF) < MOST) {
            counts[i]++;
        }
    }

    private void less(int i) {
        if (counts[i] != 0) {
            counts[i]--;
        }
    }

    private int first(int hash) {
        return ((hash * 0x85EBCA6B) >>> 9) & mask;
    }

    private int second(int hash) {
        return mask + 1 + (((hash * 0xC2B2AE35) >>> 9) & mask);
    }
}
