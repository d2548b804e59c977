package io.postern.analytics.state;

import java.util.function.LongPredicate;

/**
 * What the device sent in the last hours, by app and destination and by spans of {@value #SPAN_MILLIS} ms, so that it can be told
 * what went after something was done from what went before: {@value #MOST} spans at most, and none older than three hours. 24
 * bytes each, taken as they are needed. Not written anywhere.
 */
public final class Sent {

    /** Spans at most. */
    public static final int MOST = 256;

    /** The same of {@link #ofDays}. */
    static final int MOST_OF_DAYS = 8_192;

    static final long SPAN_MILLIS = 5_000;

    private static final long HOUR = 3_600_000L / SPAN_MILLIS;
    private static final long REACH = 3 * HOUR;
    /** Ten minutes. */
    private static final long SOON = 600_000L / SPAN_MILLIS;

    private static final int WORDS = 3;
    private static final int SMALLEST = 8;
    /** The last of them in which more of the same is looked for. */
    private static final int LATEST = 8;

    private final int most;
    private final long reach;

    /** Span's number; hash and slot; bytes. */
    private long[] words = new long[0];

    private int first;
    private int size;
    private long since = Long.MAX_VALUE;
    private long pushedOut;

    public Sent() {
        this(MOST, REACH);
    }

    private Sent(int most, long reach) {
        this.most = most;
        this.reach = reach;
    }

    /** For four days and {@value #MOST_OF_DAYS} spans: some 200 KB, where flows of days are told again. */
    public static Sent ofDays() {
        return new Sent(MOST_OF_DAYS, 96 * HOUR);
    }

    /** So many bytes more went from the device. */
    public void add(long timeMillis, int slot, int hash, long bytes) {
        long span = timeMillis / SPAN_MILLIS;
        since = Math.min(since, span);
        if (bytes <= 0) {
            return;
        }
        long whose = whose(slot, hash);
        for (int i = size - 1; i >= 0 && i >= size - LATEST; i--) {
            if (words[at(i)] == span && words[at(i) + 1] == whose) {
                words[at(i) + 2] += bytes;
                return;
            }
        }
        while (size > 0 && span - words[at(0)] > reach) {
            drop();
        }
        if (size == most) {
            pushedOut += span - words[at(0)] <= SOON ? 1 : 0;
            drop();
        }
        if (WORDS * size == words.length) {
            grow();
        }
        int at = at(size++);
        words[at] = span;
        words[at + 1] = whose;
        words[at + 2] = bytes;
    }

    /** Whether all that went from that time on is remembered. */
    public boolean reaches(long timeMillis) {
        return since <= timeMillis / SPAN_MILLIS;
    }

    /**
     * Bytes that went in some spans.
     *
     * @param counts asked of the last millisecond of each span whether it does
     */
    public long bytes(int slot, int hash, long fromMillis, long toMillis, LongPredicate counts) {
        long whose = whose(slot, hash);
        long bytes = 0;
        for (int i = 0; i < size; i++) {
            int at = at(i);
            long end = (words[at] + 1) * SPAN_MILLIS - 1;
            boolean asked = end >= fromMillis && words[at] * SPAN_MILLIS <= toMillis;
            if (asked && words[at + 1] == whose && counts.test(end)) {
                bytes += words[at + 2];
            }
        }
        return bytes;
    }

    private static long whose(int slot, int hash) {
        return ((long) hash << 32) | slot;
    }

    private void drop() {
        since = words[at(0)] + 1;
        first = (first + 1) % (words.length / WORDS);
        size--;
    }

    private void grow() {
        long[] grown = new long[Math.min(WORDS * most, Math.max(WORDS * SMALLEST, 2 * words.length))];
        for (int i = 0; i < size; i++) {
            System.arraycopy(words, at(i), grown, WORDS * i, WORDS);
        }
        words = grown;
        first = 0;
    }

    private int at(int number) {
        return WORDS * ((first + number) % (words.length / WORDS));
    }

    /** Spans that had to go within ten minutes, while something may yet ask for them. */
    public long pushedOut() {
        return pushedOut;
    }

    /** Bytes of memory. */
    public long memory() {
        return 40L + 8L * words.length;
    }
}
