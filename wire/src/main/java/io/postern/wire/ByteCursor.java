package io.postern.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads the big-endian fields of one vector, front to back, and cannot leave it.
 *
 * <p>A read past the end answers zero or nothing and sets {@link #ranShort()} for good, so a parser reads a whole
 * structure and asks once, and a short message costs no exception. Reads are absolute: position, limit and byte order
 * of the buffer are neither used after construction nor changed. Not thread-safe.
 */
public final class ByteCursor {

    private final ByteBuffer bytes;
    private final int end;
    private int at;
    private boolean ranShort;

    private ByteCursor(ByteBuffer bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    /** Over what lies between position and limit. */
    public static ByteCursor over(ByteBuffer bytes) {
        return new ByteCursor(bytes, bytes.position(), bytes.limit());
    }

    /**
     * Over {@code length} bytes from the absolute index {@code from}.
     *
     * @throws IndexOutOfBoundsException when that is not inside the buffer's limit
     */
    public static ByteCursor over(ByteBuffer bytes, int from, int length) {
        if (from < 0 || length < 0 || length > bytes.limit() - from) {
            throw new IndexOutOfBoundsException(
                    "bytes " + from + " to " + from + "+" + length + " of " + bytes.limit());
        }
        return new ByteCursor(bytes, from, from + length);
    }

    public int u8() {
        int from = take(1);
        return from < 0 ? 0 : octet(from);
    }

    public int u16() {
        int from = take(2);
        return from < 0 ? 0 : (octet(from) << 8) | octet(from + 1);
    }

    public int u24() {
        int from = take(3);
        return from < 0 ? 0 : (octet(from) << 16) | (octet(from + 1) << 8) | octet(from + 2);
    }

    public long u32() {
        return (long) u16() << 16 | u16();
    }

    /** The vector behind a one-byte length; empty when this cursor is too short for it. */
    public ByteCursor vector8() {
        return slice(u8());
    }

    /** The vector behind a two-byte length; empty when this cursor is too short for it. */
    public ByteCursor vector16() {
        return slice(u16());
    }

    /** The next {@code length} bytes as a cursor of their own; empty when they are not all there. */
    public ByteCursor slice(int length) {
        int from = take(length);
        return from < 0 ? new ByteCursor(bytes, at, at) : new ByteCursor(bytes, from, at);
    }

    public void skip(int length) {
        take(length);
    }

    /** What is left, one char per byte; this cursor is then empty. */
    public String latin1() {
        int from = at;
        at = end;
        return latin1(bytes, from, end);
    }

    /** What is left, at most {@code most} bytes of it, one char per byte; this cursor is then empty. */
    public String latin1(int most) {
        int from = at;
        at = end;
        return latin1(bytes, from, Math.min(end, from + most));
    }

    public int remaining() {
        return end - at;
    }

    public boolean isEmpty() {
        return at == end;
    }

    /** Whether some read asked for more than was left. Says nothing about cursors cut from this one. */
    public boolean ranShort() {
        return ranShort;
    }

    /** Bytes {@code from} to {@code to} by absolute index, one char per byte; neither position nor limit moves. */
    public static String latin1(ByteBuffer bytes, int from, int to) {
        if (bytes.hasArray()) {
            return new String(bytes.array(), bytes.arrayOffset() + from, to - from, StandardCharsets.ISO_8859_1);
        }
        byte[] copy = new byte[to - from];
        bytes.get(from, copy);
        return new String(copy, StandardCharsets.ISO_8859_1);
    }

    private int take(int length) {
        if (ranShort || length < 0 || length > end - at) {
            ranShort = true;
            at = end;
            return -1;
        }
        int from = at;
        at += length;
        return from;
    }

    private int octet(int index) {
        return bytes.get(index) & 0xFF;
    }
}
