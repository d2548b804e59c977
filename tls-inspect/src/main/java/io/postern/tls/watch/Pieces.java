package io.postern.tls.watch;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A stream or message that arrives in pieces: in any order, overlapping, repeated. What came first stays. Memory grows
 * with the bytes that came, is charged to the budget and bounded; what a peer only announces costs nothing. Not
 * thread-safe.
 */
public final class Pieces {

    /** Whether a piece was taken in. */
    public enum Put {
        TAKEN,
        /** It ends beyond the bound. */
        TOO_LONG,
        /** It would leave too many holes. */
        TOO_SCATTERED,
        /** The budget has no room. */
        NO_ROOM
    }

    /** Chromium cuts a hello into a dozen pieces; a packet has room for hundreds. */
    static final int MOST_RUNS = 64;

    /** A hello seldom has more: up to here memory grows in small steps, then by half. */
    private static final int USUAL = 4096;

    private static final int STEP = 256;

    private final Budget budget;
    private final int most;
    private byte[] bytes = new byte[0];

    /** Runs of bytes that are there, ascending, apart from each other: begin, end, begin, end … */
    private int[] runs = new int[4];

    private int edges;

    /** @param most bytes of the stream or message, counted from its first one */
    public Pieces(Budget budget, int most) {
        this.budget = budget;
        this.most = most;
    }

    /** Takes {@code length} bytes from the absolute index {@code from} in; does not move the buffer's position. */
    public Put put(long offset, ByteBuffer source, int from, int length) {
        if (offset < 0 || offset + length > most) {
            return Put.TOO_LONG;
        }
        int begin = (int) offset;
        int end = begin + length;
        int first = 0;
        while (first < edges && runs[first + 1] < begin) {
            first += 2;
        }
        int last = first;
        while (last < edges && runs[last] <= end) {
            last += 2;
        }
        if (length == 0) {
            return Put.TAKEN;
        }
        if (first == last && edges == 2 * MOST_RUNS) {
            return Put.TOO_SCATTERED;
        }
        if (!room(end)) {
            return Put.NO_ROOM;
        }
        int at = begin;
        for (int run = first; run < last; run += 2) {
            copy(source, from - begin, at, runs[run]);
            at = Math.max(at, runs[run + 1]);
        }
        copy(source, from - begin, at, end);
        join(first, last, begin, end);
        return Put.TAKEN;
    }

    /** How many bytes are there from the first one without a hole. */
    public int ready() {
        return edges > 0 && runs[0] == 0 ? runs[1] : 0;
    }

    /** Those bytes; a view that is good until the next call. */
    public ByteBuffer view() {
        return ByteBuffer.wrap(bytes, 0, ready());
    }

    /** Bytes charged to the budget. */
    public int held() {
        return bytes.length;
    }

    /** Forgets all and gives it back. */
    public void clear() {
        budget.giveBack(bytes.length);
        bytes = new byte[0];
        edges = 0;
    }

    private void copy(ByteBuffer source, int shift, int begin, int end) {
        if (begin < end) {
            source.get(begin + shift, bytes, begin, end - begin);
        }
    }

    /** Puts one run in the place of those from {@code first} to {@code last} and what joins them. */
    private void join(int first, int last, int begin, int end) {
        int joinedBegin = first < last ? Math.min(begin, runs[first]) : begin;
        int joinedEnd = first < last ? Math.max(end, runs[last - 1]) : end;
        int moved = first + 2 - last;
        if (edges + moved > runs.length) {
            runs = Arrays.copyOf(runs, 2 * runs.length);
        }
        System.arraycopy(runs, last, runs, first + 2, edges - last);
        edges += moved;
        runs[first] = joinedBegin;
        runs[first + 1] = joinedEnd;
    }

    private boolean room(int end) {
        if (end <= bytes.length) {
            return true;
        }
        int step = bytes.length < USUAL ? STEP : bytes.length / 2;
        int grown = Math.min(most, Math.max((end + STEP - 1) / STEP * STEP, bytes.length + step));
        if (!budget.take(grown - bytes.length)) {
            return false;
        }
        bytes = Arrays.copyOf(bytes, grown);
        return true;
    }
}
