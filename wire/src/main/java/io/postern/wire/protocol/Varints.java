package io.postern.wire.protocol;

import java.nio.ByteBuffer;

/** Numbers of a varying length, seven bits a byte, the lowest first; as protobuf has them. */
final class Varints {

    private final ByteBuffer bytes;
    private final int end;
    private int at;
    private boolean ranShort;

    /** @param from absolute index, as is {@code end} */
    Varints(ByteBuffer bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    /** The next number, -1 when it is not all there or has more than 28 bits. */
    int next() {
        int value = 0;
        for (int shift = 0; shift < 28; shift += 7) {
            if (at >= end) {
                ranShort = true;
                return -1;
            }
            int octet = bytes.get(at++) & 0xFF;
            value |= (octet & 0x7F) << shift;
            if (octet < 0x80) {
                return value;
            }
        }
        return -1;
    }

    /** Passes one number of up to 64 bits over. */
    void skipNumber() {
        for (int i = 0; i < 10; i++) {
            if (at >= end) {
                ranShort = true;
                return;
            }
            if (bytes.get(at++) >= 0) {
                return;
            }
        }
        ranShort = true;
    }

    /** @param length at most what is left */
    void skip(int length) {
        at += length;
    }

    int at() {
        return at;
    }

    boolean ranShort() {
        return ranShort;
    }
}
