package io.postern.gateway.session;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.unix.FileDescriptor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Room for many datagrams that one system call receives or sends. No object is made for any of them.
 *
 * <pre>
 * struct mmsghdr  64   name, its length | iovec, 1 | control, its length | flags | length received
 * struct iovec    16   where the bytes are | how many
 * </pre>
 *
 * The layout is that of 64-bit Linux, little- and big-endian alike. Names and control data are the owner's business.
 */
final class Batch {

    static final int AT_A_TIME = 32;

    /** Of each header, and what is where in it. */
    static final int HEADER = 64;

    static final int NAME = 0;
    static final int NAME_LENGTH = 8;
    static final int CONTROL = 32;
    static final int CONTROL_LENGTH = 40;
    static final int FLAGS = 48;

    private static final int VECTOR = 16;
    private static final int VECTORS = 24;
    private static final int RECEIVED = 56;
    private static final int IOVEC = 16;
    private static final int LONGEST = 65_536;

    final ByteBuffer headers = memory(AT_A_TIME * HEADER);
    private final ByteBuffer vectors = memory(AT_A_TIME * IOVEC);
    private final ByteBuf[] datagrams = new ByteBuf[AT_A_TIME];
    private final Pointer messages = Native.getDirectBufferPointer(headers);

    Batch() {
        ByteBuffer bytes = memory(AT_A_TIME * LONGEST);
        for (int i = 0; i < AT_A_TIME; i++) {
            ByteBuffer room = bytes.slice(i * LONGEST, LONGEST);
            datagrams[i] = Unpooled.wrappedBuffer(room);
            vectors.putLong(i * IOVEC, address(room)).putLong(i * IOVEC + 8, LONGEST);
            headers.putLong(i * HEADER + VECTOR, address(vectors) + (long) i * IOVEC)
                    .putLong(i * HEADER + VECTORS, 1);
        }
    }

    /** Of fields as the kernel reads them. */
    static ByteBuffer memory(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }

    static long address(ByteBuffer direct) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
    }

    /** How many came, to be had by {@link #received}; negative when none could, and then errno tells why. */
    int receive(FileDescriptor socket) {
        return NativeSockets.recvmmsg(socket.intValue(), messages, AT_A_TIME, NativeSockets.MSG_DONTWAIT, Pointer.NULL);
    }

    /** Good until the next call receives. */
    ByteBuf received(int i) {
        return datagrams[i].setIndex(0, headers.getInt(i * HEADER + RECEIVED));
    }

    /** @param datagram only looked at */
    void put(int i, ByteBuf datagram) {
        int length = datagram.readableBytes();
        datagrams[i].setIndex(0, 0).writeBytes(datagram, datagram.readerIndex(), length);
        vectors.putLong(i * IOVEC + 8, length);
    }

    /**
     * How many of those put were sent; less than all when the next could not be.
     *
     * @param from the first to be sent
     */
    int send(FileDescriptor socket, int from, int count) {
        return NativeSockets.sendmmsg(
                socket.intValue(), messages.share((long) from * HEADER), count, NativeSockets.MSG_DONTWAIT);
    }

    /** Where the bytes of one are, and how many. */
    long address(int i) {
        return vectors.getLong(i * IOVEC);
    }

    int length(int i) {
        return (int) vectors.getLong(i * IOVEC + 8);
    }
}
