package io.postern.wire.packet;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The fragments of one IP datagram so far: one array, and which parts of it have come. */
final class Datagram {

    private static final int MOST = 65_535;

    /** Parts apart from each other; more are not sent by anybody who wants to be understood. */
    private static final int MOST_PARTS = 64;

    /** What the headers of its first fragment said. */
    private final Walk said = new Walk();

    private byte[] bytes = new byte[0];
    private int total = -1;
    /** Where parts begin and end, in order: even and odd places. None touches the next. */
    private int[] parts = new int[4];

    private int edges;

    Datagram(Walk walk) {
        said.follow(walk);
    }

    /** When its first fragment came. */
    long since() {
        return said.micros;
    }

    int held() {
        return bytes.length;
    }

    byte[] bytes() {
        return bytes;
    }

    /** How many bytes there are from the first on. */
    int beginning() {
        return edges > 0 && parts[0] == 0 ? parts[1] : 0;
    }

    boolean whole() {
        return total >= 0 && beginning() == total;
    }

    /** Makes what it begins with what is left of a packet. */
    void beginning(Walk walk) {
        walk.bytes = ByteBuffer.wrap(bytes);
        walk.from = 0;
        walk.to = beginning();
        walk.missing = total < 0 ? 0 : total - beginning();
        walk.head = true;
        walk.follow(said);
    }

    /**
     * Puts in what has not come yet. What lies beyond the end, or is in too many parts, is of no use.
     *
     * @return whether some of it had come before
     */
    boolean put(Walk walk, int offset, boolean more) {
        int end = offset + walk.room();
        if (end > MOST || (total >= 0 && end > total) || edges >= 2 * MOST_PARTS) {
            return false;
        }
        if (!more && total < 0 && (edges == 0 || parts[edges - 1] <= end)) {
            total = end;
        }
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, total >= 0 ? total : Math.min(MOST, Math.max(end, 2 * bytes.length)));
        }
        int at = offset;
        boolean overlap = false;
        for (int i = 0; i < edges && at < end; i += 2) {
            if (parts[i + 1] <= at) {
                continue;
            }
            if (parts[i] >= end) {
                break;
            }
            overlap = true;
            copy(walk, offset, at, parts[i]);
            at = parts[i + 1];
        }
        copy(walk, offset, at, end);
        join(offset, end);
        return overlap;
    }

    private void copy(Walk walk, int offset, int from, int to) {
        if (from < to) {
            walk.bytes.get(walk.from + from - offset, bytes, from, to - from);
        }
    }

    /** Adds a part, which swallows those that it overlaps or touches. */
    private void join(int from, int to) {
        int first = 0;
        while (first < edges && parts[first + 1] < from) {
            first += 2;
        }
        int last = first;
        int start = from;
        int end = to;
        while (last < edges && parts[last] <= to) {
            start = Math.min(start, parts[last]);
            end = Math.max(end, parts[last + 1]);
            last += 2;
        }
        if (edges + 2 > parts.length) {
            parts = Arrays.copyOf(parts, 2 * parts.length);
        }
        System.arraycopy(parts, last, parts, first + 2, edges - last);
        parts[first] = start;
        parts[first + 1] = end;
        edges += first + 2 - last;
    }
}
