package io.postern.gateway.records;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/** Whole lines that wait for one write. A line that cannot be finished is taken back. */
final class LineBuffer extends OutputStream {
    private byte[] bytes = new byte[16 * 1024];
    private int length;
    private int lineStart;
    private int lines;

    @Override
    public void write(int value) {
        room(1);
        bytes[length++] = (byte) value;
    }

    @Override
    public void write(byte[] source, int offset, int count) {
        Objects.checkFromIndexSize(offset, count, source.length);
        room(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
    }

    void endLine() {
        lineStart = length;
        lines++;
    }

    void dropLine() {
        length = lineStart;
    }

    int length() {
        return length;
    }

    int lines() {
        return lines;
    }

    /** A view of the bytes so far, good until the next write. */
    ByteBuffer view() {
        return ByteBuffer.wrap(bytes, 0, length);
    }

    void clear() {
        length = 0;
        lineStart = 0;
        lines = 0;
    }

    private void room(int count) {
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
        }
    }
}
