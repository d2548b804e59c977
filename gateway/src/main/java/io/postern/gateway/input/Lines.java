package io.postern.gateway.input;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The lines of a stream, one after another, without their ends. A line of more than {@link #LONGEST} bytes is passed over
 * without being held. Not for several threads.
 */
public final class Lines {

    /** In bytes; eight times what we write at most. */
    public static final int LONGEST = 1024 * 1024;

    private static final int FIRST = 256 * 1024;

    private final InputStream in;
    private byte[] bytes = new byte[FIRST];
    private int from;
    private int to;
    private int next;
    private int filled;
    private long number;
    private boolean cut;
    private boolean over;

    public Lines(InputStream in) {
        this.in = in;
    }

    /**
     * Goes to the next line.
     *
     * @return false when there is none
     */
    public boolean next() throws IOException {
        from = next;
        cut = false;
        int looked = next;
        while (true) {
            int end = end(looked);
            if (end >= 0) {
                next = end + 1;
                return found(end);
            }
            looked = filled;
            if (looked - from > LONGEST) {
                // Its beginning goes; what is told of it is that it was too long.
                cut = true;
                from = looked;
            }
            int moved = from;
            if (!more()) {
                next = filled;
                return (filled > from || cut) && found(filled);
            }
            looked -= moved - from;
        }
    }

    /** The bytes of the line are in this array, from {@link #from} to {@link #to}, until the next one. */
    public byte[] bytes() {
        return bytes;
    }

    public int from() {
        return from;
    }

    /** Exclusive. */
    public int to() {
        return to;
    }

    /** Of this line; the first is 1. */
    public long number() {
        return number;
    }

    /** Whether this line was too long, and is not to be read. */
    public boolean tooLong() {
        return cut || to - from > LONGEST;
    }

    private boolean found(int end) {
        number++;
        to = end > from && bytes[end - 1] == '\r' ? end - 1 : end;
        return true;
    }

    private int end(int looked) {
        for (int i = looked; i < filled; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** Makes room behind what is held of the line, and reads into it. */
    private boolean more() throws IOException {
        if (over) {
            return false;
        }
        if (from > 0) {
            System.arraycopy(bytes, from, bytes, 0, filled - from);
            filled -= from;
            from = 0;
        }
        if (filled == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * bytes.length);
        }
        int count = in.read(bytes, filled, bytes.length - filled);
        over = count < 0;
        filled += Math.max(0, count);
        return !over;
    }
}
