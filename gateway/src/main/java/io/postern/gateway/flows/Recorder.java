package io.postern.gateway.flows;

import io.netty.buffer.ByteBuf;

/** Told of the bytes of one flow as they are passed on, on its loop. Must neither wait nor keep the buffer. */
public interface Recorder {

    /** @param out device to world */
    void moved(boolean out, ByteBuf bytes);

    /** Nothing more is passed on. */
    void ended();
}
