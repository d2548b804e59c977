package io.postern.gateway.flows;

import java.util.Arrays;

/**
 * The rhythm of one flow: each exchange is a burst up followed by a burst down. This is the relay's tap; it sees
 * sizes and times, never bytes.
 *
 * <p>Keeps the newest {@value #MAX} exchanges since they were last taken, 24 bytes each, and nothing until the first.
 */
public final class ExchangeLog {

    /** What one record line may carry. */
    public static final int MAX = 128;

    private static final int FIELDS = 3;
    private static final long[] NONE = {};

    /** Ring of (offset ms, bytes up, bytes down); grows from 1 exchange, which is all that many a session of UDP has, to {@link #MAX}. */
    private long[] ring = NONE;

    private int first;
    private int count;
    /** Of those kept, from the oldest on, that detection was told of. */
    private int told;

    private boolean answering = true;

    /** @param offsetMillis since the flow was opened */
    public void up(long bytes, long offsetMillis) {
        if (answering) {
            answering = false;
            begin(offsetMillis);
        }
        ring[last() + 1] += bytes;
    }

    /** @param offsetMillis since the flow was opened */
    public void down(long bytes, long offsetMillis) {
        if (count == 0) {
            // A server that speaks first: an exchange without its upper half.
            begin(offsetMillis);
        }
        answering = true;
        ring[last() + 2] += bytes;
    }

    /** The exchanges since the last call, oldest first, as (offset ms, bytes up, bytes down) triples. */
    public long[] take() {
        long[] taken = new long[count * FIELDS];
        for (int i = 0; i < count; i++) {
            System.arraycopy(ring, (first + i) * FIELDS % ring.length, taken, i * FIELDS, FIELDS);
        }
        first = 0;
        count = 0;
        told = 0;
        answering = true;
        return taken;
    }

    /**
     * The exchanges that detection was not told of, oldest first, as {@link #take} has them.
     *
     * @param over whether the newest is over too; it is as soon as another begins
     */
    public long[] untold(boolean over) {
        int until = over ? count : count - 1;
        long[] untold = new long[Math.max(0, until - told) * FIELDS];
        for (int i = 0; i < untold.length / FIELDS; i++) {
            System.arraycopy(ring, (first + told + i) * FIELDS % ring.length, untold, i * FIELDS, FIELDS);
        }
        return untold;
    }

    /** Whether {@link #untold} has any. */
    public boolean hasUntold(boolean over) {
        return told < (over ? count : count - 1);
    }

    /** Detection was told of so many more. What is added to one of them later is not told of before the flow's end. */
    public void told(int more) {
        told += more;
    }

    /** Of those that {@link #take} would have, from the oldest on, those that detection was told of. */
    public int told() {
        return told;
    }

    /** Whether the newest has both its halves. */
    public boolean answered() {
        return count > 0 && answering;
    }

    private void begin(long offsetMillis) {
        int capacity = ring.length / FIELDS;
        if (count == capacity && capacity < MAX) {
            ring = Arrays.copyOf(ring, (capacity == 1 ? 4 : Math.max(1, 2 * capacity)) * FIELDS);
            capacity = ring.length / FIELDS;
        }
        if (count == capacity) {
            first = (first + 1) % capacity;
            told = Math.max(0, told - 1);
        } else {
            count++;
        }
        int at = last();
        ring[at] = offsetMillis;
        ring[at + 1] = 0;
        ring[at + 2] = 0;
    }

    private int last() {
        return (first + count - 1) * FIELDS % ring.length;
    }
}
