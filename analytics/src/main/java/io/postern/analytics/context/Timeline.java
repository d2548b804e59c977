package io.postern.analytics.context;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * What happened when, in order of time whatever the order of telling; the same twice is once. When it is full the oldest
 * goes.
 *
 * <pre>
 * time, ms (44) | source (4) | what (16)
 * </pre>
 */
final class Timeline {

    private static final int TIME_SHIFT = 20;
    private static final int SOURCE_SHIFT = 16;
    private static final int SMALLEST = 4;
    private static final long STATE = (1L << TIME_SHIFT) - 1;

    private final int most;
    private long[] entries = new long[0];
    private int size;
    private int dropped;

    Timeline(int most) {
        this.most = most;
    }

    static long entry(long millis, int source, int what) {
        return (Math.max(0, millis) << TIME_SHIFT) | ((long) source << SOURCE_SHIFT) | (what & 0xFFFF);
    }

    static long millis(long entry) {
        return entry >>> TIME_SHIFT;
    }

    static int source(long entry) {
        return (int) (entry >>> SOURCE_SHIFT) & 0xF;
    }

    static int what(long entry) {
        return (int) entry & 0xFFFF;
    }

    /** @return whether anything is different now */
    boolean add(long entry) {
        int where = after(entry);
        if (where > 0 && entries[where - 1] == entry) {
            return false;
        }
        if (size == most) {
            dropped++;
            if (where == 0) {
                return false;
            }
            System.arraycopy(entries, 1, entries, 0, where - 1);
            entries[where - 1] = entry;
            return true;
        }
        if (size == entries.length) {
            entries = Arrays.copyOf(entries, Math.min(most, Math.max(SMALLEST, size * 2)));
        }
        System.arraycopy(entries, where, entries, where + 1, size - where);
        entries[where] = entry;
        size++;
        return true;
    }

    /**
     * The same of a state: when it is full, what stands between two that say the same goes first, so that what is told
     * every minute does not push out what changed.
     */
    boolean addState(long entry) {
        if (size == most) {
            dropRepeated();
        }
        return add(entry);
    }

    private void dropRepeated() {
        for (int i = 1; i + 1 < size; i++) {
            if (sameState(i - 1, i) && sameState(i, i + 1)) {
                remove(i);
                return;
            }
        }
    }

    /** The same of what holds until it changes, told by one source: only changes are kept. */
    void addChange(long entry) {
        int before = after(entry) - 1;
        if (before >= 0 && sameState(entries[before], entry)) {
            return;
        }
        add(entry);
        int next = after(entry);
        if (next < size && sameState(entries[next], entry)) {
            remove(next);
        }
    }

    private void remove(int i) {
        System.arraycopy(entries, i + 1, entries, i, size - i - 1);
        size--;
    }

    private static boolean sameState(long one, long other) {
        return (one & STATE) == (other & STATE);
    }

    private boolean sameState(int one, int other) {
        return sameState(entries[one], entries[other]);
    }

    /** Number of the last entry by that time, or -1. */
    int last(long millis) {
        return after(entry(millis, 0xF, 0xFFFF)) - 1;
    }

    long get(int i) {
        return entries[i];
    }

    /** Sources of its entries, by their numbers, a bit each. */
    int tellers() {
        int tellers = 0;
        for (int i = 0; i < size; i++) {
            tellers |= 1 << source(entries[i]);
        }
        return tellers;
    }

    int size() {
        return size;
    }

    /** Since when nothing was dropped; 0 if nothing ever was. */
    long completeSince() {
        return dropped == 0 ? 0 : millis(entries[0]);
    }

    int dropped() {
        return dropped;
    }

    private int after(long entry) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (entries[middle] <= entry) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** @param numbers that the other's sources have here, -1 for those there was no room for */
    void join(Timeline other, int[] numbers) {
        for (int i = 0; i < other.size; i++) {
            long entry = other.entries[i];
            int number = numbers[source(entry)];
            if (number >= 0) {
                add(entry(millis(entry), number, what(entry)));
            }
        }
        dropped = Math.max(dropped, other.dropped);
    }

    void writeTo(DataOutput out) throws IOException {
        out.writeInt(dropped);
        out.writeInt(size);
        for (int i = 0; i < size; i++) {
            out.writeLong(entries[i]);
        }
    }

    void readFrom(DataInput in, int sources) throws IOException {
        dropped = in.readInt();
        int written = in.readInt();
        if (written < 0 || written > most) {
            throw new IOException("a timeline of " + written + ", must be at most " + most);
        }
        entries = new long[written];
        for (int i = 0; i < written; i++) {
            entries[i] = in.readLong();
            if (source(entries[i]) >= sources || (i > 0 && entries[i] <= entries[i - 1])) {
                throw new IOException("a timeline is out of order, or of an unknown source");
            }
        }
        size = written;
    }
}
