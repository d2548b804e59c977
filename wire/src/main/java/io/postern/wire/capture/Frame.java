package io.postern.wire.capture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * One frame of a capture, where it lies. Written over by the next: whoever keeps something of it, copies. One is enough for
 * a whole capture, and nothing is allocated for a frame.
 */
public final class Frame {

    private ByteBuffer bytes = ByteBuffer.allocate(0);
    private int from;
    private int to;
    private int linkType;
    private long micros;
    private int wireLength;
    private @Nullable Owner owner;

    /**
     * Makes this the frame between two absolute indices.
     *
     * @param bytes big-endian; neither position nor limit is used
     * @param linkType of LINKTYPE_ values
     * @param micros when it was seen, Unix time
     * @param wireLength how long it was before the capture kept some of it, at least what was kept
     * @throws IllegalArgumentException if the bytes are not big-endian
     */
    public Frame set(
            ByteBuffer bytes, int from, int to, int linkType, long micros, int wireLength, @Nullable Owner owner) {
        if (bytes.order() != ByteOrder.BIG_ENDIAN) {
            throw new IllegalArgumentException("bytes are little-endian, must be big-endian");
        }
        this.bytes = bytes;
        this.from = from;
        this.to = to;
        this.linkType = linkType;
        this.micros = micros;
        this.wireLength = wireLength;
        this.owner = owner;
        return this;
    }

    /** Big-endian, and more than the frame: {@link #from()} to {@link #to()} by absolute index are its own. */
    public ByteBuffer bytes() {
        return bytes;
    }

    public int from() {
        return from;
    }

    public int to() {
        return to;
    }

    /** Of LINKTYPE_ values. */
    public int linkType() {
        return linkType;
    }

    /** When it was seen, Unix time. A simple packet block has no time, and is as old as the block before it. */
    public long micros() {
        return micros;
    }

    /** How long it was before the capture kept some of it. */
    public int wireLength() {
        return wireLength;
    }

    /** Whose it is; null unless PCAPdroid said so. */
    public @Nullable Owner owner() {
        return owner;
    }
}
