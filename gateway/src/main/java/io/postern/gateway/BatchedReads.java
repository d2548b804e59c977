package io.postern.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.UncheckedBooleanSupplier;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * Reads many datagrams with one system call (recvmmsg), all into the same memory: one room for a loop, as nobody keeps
 * what was read. A buffer for each datagram, of which nobody knows how long it will be, would be 64 KiB every time. Of
 * the room, 2 MiB, only what datagrams have filled is ever resident.
 *
 * <p>Only for epoll: the other transports hold buffers that are still to be filled or told.
 */
final class BatchedReads implements RecvByteBufAllocator {

    private static final int AT_A_TIME = 32;
    /** System calls after which others on the loop have their turn. */
    private static final int ROUNDS = 4;

    private static final int LONGEST = 65_535;

    private static final BatchedReads READS = new BatchedReads();

    private final FastThreadLocal<Room> rooms = new FastThreadLocal<>() {
        @Override
        protected Room initialValue() {
            return new Room();
        }

        @Override
        protected void onRemoval(Room room) {
            room.bytes.release();
        }
    };

    static EpollDatagramChannel socket(SocketProtocolFamily family) {
        EpollDatagramChannel socket = new EpollDatagramChannel(family);
        socket.config().setMaxDatagramPayloadSize(LONGEST).setRecvByteBufAllocator(READS);
        return socket;
    }

    /** One for all sockets of a loop: it knows nothing of a socket that outlives a turn of the loop. */
    @Override
    public ExtendedHandle newHandle() {
        return rooms.get();
    }

    private static final class Room implements ExtendedHandle {

        private ByteBuf bytes = Unpooled.directBuffer(AT_A_TIME * LONGEST);
        private int rounds;
        private int read;
        private int attempted;
        private int last;

        @Override
        public void reset(ChannelConfig config) {
            rounds = 0;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator alloc) {
            if (bytes.refCnt() > 1) {
                // Somebody keeps what was read after all: it is his.
                bytes.release();
                bytes = Unpooled.directBuffer(AT_A_TIME * LONGEST);
            }
            rounds++;
            read = 0;
            return bytes.retainedDuplicate().clear();
        }

        @Override
        public int guess() {
            return AT_A_TIME * LONGEST;
        }

        @Override
        public void incMessagesRead(int messages) {
            read += messages;
        }

        @Override
        public void lastBytesRead(int count) {
            last = count;
        }

        @Override
        public int lastBytesRead() {
            return last;
        }

        @Override
        public void attemptedBytesRead(int count) {
            attempted = count;
        }

        @Override
        public int attemptedBytesRead() {
            return attempted;
        }

        /** Less than it could take were all there are. */
        @Override
        public boolean continueReading() {
            return read == AT_A_TIME && rounds < ROUNDS;
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier more) {
            return continueReading();
        }

        @Override
        public void readComplete() {}
    }
}
