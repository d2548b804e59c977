package io.postern.gateway.session;

import com.sun.jna.Native;
import com.sun.jna.ptr.IntByReference;
import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.Future;
import io.postern.gateway.open.Dialer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket that TPROXY leads datagrams to, and that tells where each was meant to go (ip(7), IP_RECVORIGDSTADDR): Netty's
 * channels tell that of IPv4 only. Takes many datagrams with one system call and makes no object for any of them.
 *
 * <pre>
 * name            32   sockaddr_in or sockaddr_in6 of the client
 * control        128   cmsghdr 16, then the sockaddr of the destination
 * </pre>
 */
final class TransparentSocket implements EpollIoHandle {

    /** Told of every datagram on the socket's loop. */
    interface Receiver {

        /** @param datagram good until this returns */
        void received(Ends ends, ByteBuf datagram);

        /** What receiving one threw; the others are received all the same. */
        void failed(Throwable fault);

        /** One that said not where it was meant to go, or was cut. */
        void unreadable();

        /** No more for now. */
        void paused();
    }

    private static final Logger LOG = LoggerFactory.getLogger(TransparentSocket.class);

    /** System calls after which others on the loop have their turn. */
    private static final int ROUNDS = 4;
    /** For bursts: what the kernel holds while the loop does something else; net.core.rmem_max may make it less. */
    private static final int RECEIVE_BUFFER = 4 * 1024 * 1024;

    private static final int NAME = 32;
    private static final int CONTROL = 128;
    private static final int CMSG_DATA = 16;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SOL_IP = 0;
    private static final int SOL_IPV6 = 41;
    private static final int IP_TRANSPARENT = 19;
    private static final int IP_RECVORIGDSTADDR = 20;
    private static final int IPV6_RECVORIGDSTADDR = 74;
    private static final int IPV6_TRANSPARENT = 75;
    private static final int MSG_CTRUNC = 0x08;
    private static final int MSG_TRUNC = 0x20;

    private final LinuxSocket socket;
    private final Receiver receiver;
    private final Batch batch = new Batch();
    private final ByteBuffer headers = batch.headers;
    private final ByteBuffer names = Batch.memory(Batch.AT_A_TIME * NAME);
    private final ByteBuffer controls = Batch.memory(Batch.AT_A_TIME * CONTROL);
    private final Future<IoRegistration> registered;
    private boolean complained;

    private TransparentSocket(LinuxSocket socket, IoEventLoop loop, Receiver receiver) {
        this.socket = socket;
        this.receiver = receiver;
        this.registered = loop.register(this);
        for (int i = 0; i < Batch.AT_A_TIME; i++) {
            int header = i * Batch.HEADER;
            headers.putLong(header + Batch.NAME, Batch.address(names) + (long) i * NAME)
                    .putLong(header + Batch.CONTROL, Batch.address(controls) + (long) i * CONTROL);
        }
    }

    /**
     * Binds one of several sockets that share an address.
     *
     * @param address of the listener; the kernel spreads clients over the sockets
     * @throws IOException when it cannot be bound, or the process has neither CAP_NET_RAW nor CAP_NET_ADMIN
     */
    static TransparentSocket open(InetSocketAddress address, IoEventLoop loop, Receiver receiver) throws IOException {
        return open(address, loop, receiver, true);
    }

    /** @param led whether it takes what TPROXY leads here, not only what is sent to its own address */
    static TransparentSocket open(InetSocketAddress address, IoEventLoop loop, Receiver receiver, boolean led)
            throws IOException {
        SocketProtocolFamily family = Dialer.family(address);
        LinuxSocket socket = LinuxSocket.newSocketDgram(family);
        try {
            socket.setReuseAddress(true);
            socket.setReusePort(true);
            socket.setReceiveBufferSize(RECEIVE_BUFFER);
            boolean six = family == SocketProtocolFamily.INET6;
            if (led && six) {
                on(socket, SOL_IPV6, IPV6_TRANSPARENT, "IPV6_TRANSPARENT");
            }
            if (led) {
                on(socket, SOL_IP, IP_TRANSPARENT, "IP_TRANSPARENT");
            }
            if (six) {
                on(socket, SOL_IPV6, IPV6_RECVORIGDSTADDR, "IPV6_RECVORIGDSTADDR");
            }
            on(socket, SOL_IP, IP_RECVORIGDSTADDR, "IP_RECVORIGDSTADDR");
            socket.bind(address);
            return new TransparentSocket(socket, loop, receiver);
        } catch (IOException | RuntimeException | LinkageError failed) {
            socket.close();
            throw failed;
        }
    }

    private static void on(LinuxSocket socket, int level, int option, String name) throws IOException {
        if (NativeSockets.setsockopt(socket.intValue(), level, option, new IntByReference(1), Integer.BYTES) != 0) {
            throw new IOException(name + " is refused, errno " + Native.getLastError());
        }
    }

    /** Done when the loop knows it. */
    Future<IoRegistration> registration() {
        return registered;
    }

    /** From now on datagrams are received. */
    void read() {
        registered.addListener(done -> {
            if (done.isSuccess()) {
                registered.getNow().submit(EpollIoOps.EPOLLIN);
            }
        });
    }

    @Override
    public FileDescriptor fd() {
        return socket;
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        int received = Batch.AT_A_TIME;
        for (int round = 0; round < ROUNDS && received == Batch.AT_A_TIME && socket.isOpen(); round++) {
            received = receive();
            receiver.paused();
        }
    }

    private int receive() {
        for (int i = 0; i < Batch.AT_A_TIME; i++) {
            int header = i * Batch.HEADER;
            headers.putInt(header + Batch.NAME_LENGTH, NAME)
                    .putLong(header + Batch.CONTROL_LENGTH, CONTROL)
                    .putInt(header + Batch.FLAGS, 0);
        }
        int received = batch.receive(socket);
        if (received < 0) {
            int error = Native.getLastError();
            if (error != NativeSockets.EAGAIN && error != NativeSockets.EINTR && !complained) {
                complained = true;
                LOG.warn("datagrams cannot be received: errno {}", error);
            }
            return 0;
        }
        for (int i = 0; i < received; i++) {
            try {
                tell(i);
            } catch (RuntimeException | OutOfMemoryError fault) {
                // It would end the loop, and with it every flow there.
                receiver.failed(fault);
            }
        }
        return received;
    }

    private void tell(int i) {
        boolean cut = (headers.getInt(i * Batch.HEADER + Batch.FLAGS) & (MSG_TRUNC | MSG_CTRUNC)) != 0;
        int meant = cut ? -1 : meant(i);
        if (meant < 0) {
            receiver.unreadable();
            return;
        }
        int name = i * NAME;
        Ends ends = new Ends(
                high(names, name),
                low(names, name),
                port(names, name),
                high(controls, meant),
                low(controls, meant),
                port(controls, meant));
        receiver.received(ends, batch.received(i));
    }

    /** Where the destination's sockaddr begins in the control data; -1 when there is none. */
    private int meant(int i) {
        int at = i * CONTROL;
        int end = at + (int) headers.getLong(i * Batch.HEADER + Batch.CONTROL_LENGTH);
        while (at + CMSG_DATA <= end) {
            long length = controls.getLong(at);
            int level = controls.getInt(at + 8);
            int type = controls.getInt(at + 12);
            if ((level == SOL_IP && type == IP_RECVORIGDSTADDR)
                    || (level == SOL_IPV6 && type == IPV6_RECVORIGDSTADDR)) {
                return at + CMSG_DATA;
            }
            if (length < CMSG_DATA) {
                return -1;
            }
            at += (int) ((length + 7) & ~7L);
        }
        return -1;
    }

    // struct sockaddr_in:  family 2 | port 2 | address 4
    // struct sockaddr_in6: family 2 | port 2 | flow 4 | address 16 | scope 4

    private static boolean six(ByteBuffer addresses, int at) {
        return addresses.getShort(at) == AF_INET6;
    }

    private static int port(ByteBuffer addresses, int at) {
        return (addresses.get(at + 2) & 0xFF) << 8 | (addresses.get(at + 3) & 0xFF);
    }

    private static long high(ByteBuffer addresses, int at) {
        return six(addresses, at) ? octets(addresses, at + 8) : 0;
    }

    private static long low(ByteBuffer addresses, int at) {
        if (six(addresses, at)) {
            return octets(addresses, at + 16);
        }
        return addresses.getShort(at) == AF_INET ? Ends.mapped((int) (octets(addresses, at + 4) >>> 32)) : 0;
    }

    /** In the order of the network. */
    private static long octets(ByteBuffer addresses, int at) {
        long host = addresses.getLong(at);
        return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? host : Long.reverseBytes(host);
    }

    @Override
    public void close() {
        try {
            IoRegistration registration = registered.getNow();
            if (registration != null) {
                registration.cancel();
            }
            socket.close();
        } catch (IOException gone) {
            LOG.debug("a socket for datagrams was closed already", gone);
        }
    }
}
