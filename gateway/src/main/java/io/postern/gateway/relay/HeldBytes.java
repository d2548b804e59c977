package io.postern.gateway.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.ByteToMessageDecoder;

/** Received and not yet used; never null, so that nobody has to ask. */
final class HeldBytes {

    private ByteBuf bytes = Unpooled.EMPTY_BUFFER;

    /** Takes them over. */
    void add(ByteBufAllocator alloc, ByteBuf more) {
        bytes = isEmpty() ? replacing(more) : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(alloc, bytes, more);
    }

    private ByteBuf replacing(ByteBuf more) {
        bytes.release();
        return more;
    }

    boolean isEmpty() {
        return !bytes.isReadable();
    }

    /** To be read from; stays ours. */
    ByteBuf look() {
        return bytes;
    }

    /** All of them; the caller's from now on. */
    ByteBuf take() {
        ByteBuf all = bytes;
        bytes = Unpooled.EMPTY_BUFFER;
        return all;
    }

    /** Gives the memory back once everything in it is used. */
    void trim() {
        if (isEmpty()) {
            release();
        }
    }

    void release() {
        take().release();
    }
}
