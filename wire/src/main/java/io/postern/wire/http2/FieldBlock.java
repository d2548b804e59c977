package io.postern.wire.http2;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A field block while its frames come in, RFC 9113 section 4.3. */
final class FieldBlock {

    private static final int FIRST = 256;
    private static final byte[] NONE = {};

    private final Http2Limits limits;
    private byte[] octets = NONE;
    private int length;
    private int frames;
    private int stream;
    private boolean ends;

    FieldBlock(Http2Limits limits) {
        this.limits = limits;
    }

    /** @param endsStream whether its end is its sender's on this stream */
    void begin(int onStream, boolean endsStream) {
        stream = onStream;
        ends = endsStream;
        length = 0;
        frames = 0;
    }

    /** False when there were too many. */
    boolean continues() {
        return ++frames <= limits.continuations();
    }

    /** Takes so many bytes; false when there is no room for them. */
    boolean add(ByteBuffer bytes, int some) {
        if (length + some > limits.block()) {
            return false;
        }
        if (length + some > octets.length) {
            octets = Arrays.copyOf(
                    octets, Math.min(limits.block(), Math.max(length + some, Math.max(FIRST, 2 * length))));
        }
        bytes.get(octets, length, some);
        length += some;
        return true;
    }

    /** All of it; keeps nothing from here on. */
    ByteBuffer take() {
        ByteBuffer all = ByteBuffer.wrap(octets, 0, length);
        octets = NONE;
        length = 0;
        return all;
    }

    int stream() {
        return stream;
    }

    boolean endsStream() {
        return ends;
    }

    int length() {
        return length;
    }
}
