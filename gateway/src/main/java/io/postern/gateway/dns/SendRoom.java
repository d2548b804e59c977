package io.postern.gateway.dns;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * Memory in which messages stand until they are sent, {@value #BYTES} bytes for each loop, written over and over: a buffer
 * of its own for each costs as much as to answer it. A message that finds no room gets one.
 */
final class SendRoom {

    private static final int BYTES = 64 * 1024;

    private static final FastThreadLocal<ByteBuf> ROOMS = new FastThreadLocal<>() {
        @Override
        protected ByteBuf initialValue() {
            return Unpooled.directBuffer(BYTES, BYTES);
        }

        @Override
        protected void onRemoval(ByteBuf room) {
            room.release();
        }
    };

    private SendRoom() {}

    /** The message, to be sent and released; on a loop. */
    static ByteBuf put(byte[] message) {
        ByteBuf room = ROOMS.get();
        if (room.refCnt() == 1) {
            // All that was put is sent.
            room.clear();
        }
        if (room.writableBytes() < message.length) {
            return Unpooled.directBuffer(message.length).writeBytes(message);
        }
        int from = room.writerIndex();
        room.writeBytes(message);
        return room.retainedSlice(from, message.length);
    }
}
