package io.postern.gateway.dns;

import io.netty.channel.ChannelException;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.Future;
import io.postern.gateway.open.Dialer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Without a channel, whose way through its handlers costs more than the datagram that comes or goes. */
final class UdpEpoll implements UdpSocket, EpollIoHandle {

    private static final Logger LOG = LoggerFactory.getLogger(UdpEpoll.class);

    /** For the longest datagram there is; what is in it is done with before the next one comes or goes. */
    private static final FastThreadLocal<ByteBuffer> ROOMS = new FastThreadLocal<>() {
        @Override
        protected ByteBuffer initialValue() {
            return ByteBuffer.allocateDirect(65_535);
        }
    };

    private final LinuxSocket socket;
    private final Receiver receiver;
    private final ByteBuffer room = ROOMS.get();
    private @Nullable IoRegistration registration;

    private UdpEpoll(LinuxSocket socket, Receiver receiver) {
        this.socket = socket;
        this.receiver = receiver;
    }

    static UdpSocket open(EventLoop loop, InetSocketAddress server, Receiver receiver) {
        UdpEpoll opened = new UdpEpoll(LinuxSocket.newSocketDgram(Dialer.family(server)), receiver);
        try {
            opened.bind();
            opened.socket.connect(server);
        } catch (IOException refused) {
            opened.shut();
            throw new ChannelException(refused);
        }
        // On the loop, so that it is known when this returns.
        Future<IoRegistration> registering = ((IoEventLoop) loop).register(opened);
        if (!registering.isSuccess()) {
            opened.shut();
            throw new ChannelException(registering.cause());
        }
        opened.registration = registering.getNow();
        opened.registration.submit(EpollIoOps.EPOLLIN);
        return opened;
    }

    private void bind() throws IOException {
        for (int tries = 0; tries < Ports.TRIES; tries++) {
            try {
                socket.bind(Ports.any(tries));
                return;
            } catch (IOException inUse) {
                LOG.trace("a port is in use", inUse);
            }
        }
        socket.bind(Ports.any(Ports.TRIES));
    }

    @Override
    public FileDescriptor fd() {
        return socket;
    }

    @Override
    public void send(byte[] message) {
        try {
            socket.send(room.clear().put(message), 0, message.length);
        } catch (IOException failure) {
            failed(failure);
        }
    }

    /** One datagram: seldom is there another, and then the loop comes back. */
    @Override
    public void handle(IoRegistration known, IoEvent event) {
        try {
            int length = socket.isOpen() ? socket.recv(room, 0, room.capacity()) : 0;
            if (length != 0) {
                // Of one without a byte it says what it says of a connection's end.
                byte[] message = new byte[Math.max(0, length)];
                room.get(0, message);
                receiver.received(message);
            }
        } catch (IOException | RuntimeException | OutOfMemoryError failure) {
            // It would end the loop, and with it every flow there.
            failed(failure);
        }
    }

    private void failed(Throwable failure) {
        if (failure instanceof Errors.NativeIoException told
                && told.expectedErr() == Errors.ERROR_ECONNREFUSED_NEGATIVE) {
            receiver.unreachable();
        } else {
            receiver.failed(failure);
        }
    }

    /** Called by the loop too, when it ends or cannot watch the socket. */
    @Override
    public void close() {
        if (!socket.isOpen()) {
            return;
        }
        if (registration != null) {
            registration.cancel();
        }
        shut();
        receiver.closed();
    }

    private void shut() {
        try {
            socket.close();
        } catch (IOException gone) {
            LOG.debug("a socket for datagrams was closed already", gone);
        }
    }
}
