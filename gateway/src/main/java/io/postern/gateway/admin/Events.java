package io.postern.gateway.admin;

import io.netty.buffer.ByteBuf;
import java.util.Optional;

/** What somebody follows: a ring of events without gaps, and how those that are wanted are written. */
interface Events {

    /** Names the run of the gateway that the sequences belong to. */
    String run();

    /** The sequence of the next event. */
    long next();

    /** The least sequence that may still be there. */
    long oldest();

    /** Told after each event, on the thread that brought it; it must only note that. */
    void watch(Optional<Runnable> who);

    /**
     * Writes an event as server-sent events have it, unless it is not wanted.
     *
     * @return false when it has been overwritten, or is not there yet
     */
    boolean write(long sequence, ByteBuf chunk);
}
