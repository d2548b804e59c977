package io.postern.analytics.detect;

import io.postern.analytics.detect.Finding.Severity;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The connections of one app to one destination in a window of time: when each began and what it weighed. Bounded. */
final class Connections {

    /** What one may hold, 24 bytes each; beyond that the oldest goes. */
    static final int MOST = 4_096;

    private static final int FIRST = 8;

    private long[] times = new long[FIRST];
    private long[] out = new long[FIRST];
    private long[] in = new long[FIRST];
    private int size;

    /** Whether there is anything new since it was judged. */
    boolean changed;

    double score;

    @Nullable
    Severity told;

    void add(long atMillis, long bytesOut, long bytesIn) {
        if (size == MOST) {
            drop(1);
        }
        if (size == times.length) {
            times = Arrays.copyOf(times, 2 * size);
            out = Arrays.copyOf(out, 2 * size);
            in = Arrays.copyOf(in, 2 * size);
        }
        // They are told when they end, so about in order.
        int place = size;
        while (place > 0 && times[place - 1] > atMillis) {
            place--;
        }
        insert(times, place, atMillis);
        insert(out, place, bytesOut);
        insert(in, place, bytesIn);
        size++;
        changed = true;
    }

    private void insert(long[] values, int place, long value) {
        System.arraycopy(values, place, values, place + 1, size - place);
        values[place] = value;
    }

    void forgetBefore(long atMillis) {
        int old = 0;
        while (old < size && times[old] < atMillis) {
            old++;
        }
        if (old > 0) {
            drop(old);
        }
    }

    private void drop(int count) {
        size -= count;
        System.arraycopy(times, count, times, 0, size);
        System.arraycopy(out, count, out, 0, size);
        System.arraycopy(in, count, in, 0, size);
        changed = true;
    }

    int count() {
        return size;
    }

    long atMillis(int connection) {
        return times[connection];
    }

    long bytesOut(int connection) {
        return out[connection];
    }

    long bytesIn(int connection) {
        return in[connection];
    }

    long bytesOut() {
        long sum = 0;
        for (int i = 0; i < size; i++) {
            sum += out[i];
        }
        return sum;
    }
}
