package io.postern.wire.capture;

import java.nio.ByteBuffer;

/** How a capture lays out what follows its first bytes. */
interface CaptureFormat {

    /** Answer of {@link #next}: the capture is broken here, as {@link #fault()} says. */
    int BROKEN = 0;

    /**
     * Reads one record or block, and gives the frame in it.
     *
     * @param bytes big-endian
     * @param at where it begins
     * @param end of what is there
     * @return how many bytes it has, which may be more than are there when nobody needs them; negative: how many must be
     *     there to read on; or {@link #BROKEN}
     */
    long next(ByteBuffer bytes, int at, int end);

    /** What is wrong, once {@link #next} has found something. */
    String fault();

    /** What it consists of, for messages. */
    String unit();
}
