package io.postern.wire.packet;

import io.postern.wire.capture.Frame;
import io.postern.wire.capture.Owner;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * How far the reading of one packet has come: what is left of it, and what the headers before have said. Each layer takes
 * its header from the front, may find out that the rest is shorter, and says what comes next.
 */
final class Walk {

    ByteBuffer bytes = ByteBuffer.allocate(0);
    int from;
    int to;

    /** Bytes that were sent behind {@link #to} and not kept. */
    int missing;

    /** What the next layer is, in the numbers of the one before. */
    int protocol;

    /** IP headers so far. */
    int nesting;

    /** Whether these are the first bytes of a datagram whose rest did not come: {@link #missing} is not all. */
    boolean head;

    long micros;
    long sourceHigh;
    long sourceLow;
    long destinationHigh;
    long destinationLow;

    @Nullable
    Owner owner;

    void begin(Frame frame) {
        bytes = frame.bytes();
        from = frame.from();
        to = frame.to();
        missing = Math.max(0, frame.wireLength() - (to - from));
        nesting = 0;
        head = false;
        micros = frame.micros();
        owner = frame.owner();
    }

    /** Takes over what the headers before have said to another: not what is left of the packet. */
    void follow(Walk other) {
        protocol = other.protocol;
        nesting = other.nesting;
        micros = other.micros;
        sourceHigh = other.sourceHigh;
        sourceLow = other.sourceLow;
        destinationHigh = other.destinationHigh;
        destinationLow = other.destinationLow;
        owner = other.owner;
    }

    /** Bytes that are there. */
    int room() {
        return to - from;
    }

    /** Bytes that were sent. */
    int sent() {
        return to - from + missing;
    }

    boolean lacks(int count) {
        return to - from < count;
    }

    int u8(int offset) {
        return bytes.get(from + offset) & 0xFF;
    }

    int u16(int offset) {
        return bytes.getShort(from + offset) & 0xFFFF;
    }

    int u32(int offset) {
        return bytes.getInt(from + offset);
    }

    long u64(int offset) {
        return bytes.getLong(from + offset);
    }

    /** Takes the header from the front, no more than is there. */
    void skip(int count) {
        from += Math.min(count, to - from);
    }

    /** What is left was sent with that many bytes, whatever the layers before had said. */
    void sentAs(int length) {
        missing = Math.max(0, length - (to - from));
        to = Math.min(to, from + length);
    }
}
