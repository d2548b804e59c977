package io.postern.analytics.state;

import io.postern.analytics.context.Truth;

/**
 * The last check-ins of a device, so that what is told late can still be put beside them: {@value #MOST} at most, and none
 * older than three hours. 16 bytes each, taken as they are needed.
 */
public final class Recent {

    /** Check-ins at most. */
    public static final int MOST = 512;

    private static final long REACH_MILLIS = 3 * 3_600_000L;
    private static final int SMALLEST = 16;
    private static final int TIME_SHIFT = 8;
    private static final int MARKS = 0xF;
    private static final int TRUTH_SHIFT = 4;
    private static final int EXCHANGE_SHIFT = 6;

    private long[] words = new long[0];
    private int first;
    private int size;
    private long pushedOut;

    /**
     * One more.
     *
     * @param marks what it came soon after, four bits
     * @param quiet whether it was in the background or on a locked device
     * @param exchange rather than a connect
     */
    public void add(long timeMillis, int slot, int hash, int marks, Truth quiet, boolean exchange) {
        while (size > 0 && timeMillis - timeMillis(0) > REACH_MILLIS) {
            drop();
        }
        if (size == MOST) {
            drop();
            pushedOut++;
        }
        if (2 * size == words.length) {
            grow();
        }
        int at = at(size);
        words[at] = (timeMillis << TIME_SHIFT)
                | ((exchange ? 1L : 0L) << EXCHANGE_SHIFT)
                | (code(quiet) << TRUTH_SHIFT)
                | (marks & MARKS);
        words[at + 1] = ((long) hash << 32) | slot;
        size++;
    }

    private void drop() {
        first = (first + 1) % (words.length / 2);
        size--;
    }

    private void grow() {
        long[] grown = new long[Math.min(2 * MOST, Math.max(2 * SMALLEST, 2 * words.length))];
        for (int i = 0; i < size; i++) {
            int at = at(i);
            grown[2 * i] = words[at];
            grown[2 * i + 1] = words[at + 1];
        }
        words = grown;
        first = 0;
    }

    private int at(int number) {
        return 2 * ((first + number) % (words.length / 2));
    }

    public int size() {
        return size;
    }

    /** The first one that is not earlier, or {@link #size}; they are about in order. */
    public int from(long timeMillis) {
        int number = size;
        while (number > 0 && timeMillis(number - 1) >= timeMillis) {
            number--;
        }
        return number;
    }

    public long timeMillis(int number) {
        return words[at(number)] >>> TIME_SHIFT;
    }

    public int slot(int number) {
        return (int) words[at(number) + 1];
    }

    public int hash(int number) {
        return (int) (words[at(number) + 1] >>> 32);
    }

    public int marks(int number) {
        return (int) words[at(number)] & MARKS;
    }

    public Truth quiet(int number) {
        return switch ((int) (words[at(number)] >>> TRUTH_SHIFT) & 3) {
            case 0 -> Truth.TRUE;
            case 1 -> Truth.FALSE;
            default -> Truth.UNKNOWN;
        };
    }

    public boolean exchange(int number) {
        return ((words[at(number)] >>> EXCHANGE_SHIFT) & 1) == 1;
    }

    /** What is known of it now. */
    public void now(int number, int marks, Truth quiet) {
        int at = at(number);
        words[at] = (words[at] & ~0x3FL) | (code(quiet) << TRUTH_SHIFT) | (marks & MARKS);
    }

    private static long code(Truth truth) {
        return switch (truth) {
            case TRUE -> 0;
            case FALSE -> 1;
            case UNKNOWN -> 2;
        };
    }

    /** Check-ins that had to go within the three hours. */
    public long pushedOut() {
        return pushedOut;
    }

    public long bytes() {
        return 40L + 8L * words.length;
    }
}
