package io.postern.gateway.session;

import com.sun.jna.Native;
import io.netty.buffer.ByteBuf;
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
import io.postern.gateway.records.CloseReason;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session's socket without a channel: it reads as many datagrams as are there with one system call, into memory that all
 * sockets of its loop share, and what is sent by one socket in a row leaves with one system call likewise.
 */
final class FarBatches implements FarSocket, EpollIoHandle {

    private static final Logger LOG = LoggerFactory.getLogger(FarBatches.class);

    /** System calls after which others on the loop have their turn. */
    private static final int ROUNDS = 4;

    private static final FastThreadLocal<Batch> RECEIVED = new FastThreadLocal<>() {
        @Override
        protected Batch initialValue() {
            return new Batch();
        }
    };
    private static final FastThreadLocal<Outgoing> OUTGOING = new FastThreadLocal<>() {
        @Override
        protected Outgoing initialValue() {
            return new Outgoing();
        }
    };

    private final LinuxSocket socket;
    private final Receiver receiver;
    private @Nullable IoRegistration registration;

    /** What one of the sockets of a loop sends next. */
    private static final class Outgoing {
        private final Batch batch = new Batch();
        private @Nullable FarBatches sender;
        private int waiting;

        /** Whoever sends now must not wait for another, nor find his datagrams among another's. */
        void put(FarBatches by, ByteBuf datagram) {
            FarBatches before = sender;
            if (before != null && (before != by || waiting == Batch.AT_A_TIME)) {
                flush(before);
            }
            if (by.socket.isOpen()) {
                sender = by;
                batch.put(waiting++, datagram);
            }
        }

        void flush(FarBatches by) {
            if (sender == by) {
                int count = waiting;
                forget(by);
                by.sendAll(batch, count);
            }
        }

        void forget(FarBatches by) {
            if (sender == by) {
                sender = null;
                waiting = 0;
            }
        }
    }

    private FarBatches(LinuxSocket socket, Receiver receiver) {
        this.socket = socket;
        this.receiver = receiver;
    }

    static Future<FarSocket> connect(EventLoop loop, InetSocketAddress to, boolean whole, Receiver receiver) {
        LinuxSocket socket;
        try {
            socket = LinuxSocket.newSocketDgram(Dialer.family(to));
        } catch (RuntimeException noSocket) {
            return loop.newFailedFuture(noSocket);
        }
        FarBatches far = new FarBatches(socket, receiver);
        try {
            if (whole) {
                PathMtu.probed(socket, Dialer.family(to));
            }
            socket.connect(to);
        } catch (IOException refused) {
            far.shut();
            return loop.newFailedFuture(refused);
        }
        // On the loop, so that it is known when this returns.
        Future<IoRegistration> registering = ((IoEventLoop) loop).register(far);
        if (!registering.isSuccess()) {
            far.shut();
            return loop.newFailedFuture(registering.cause());
        }
        far.registration = registering.getNow();
        far.registration.submit(EpollIoOps.EPOLLIN);
        return loop.newSucceededFuture(far);
    }

    @Override
    public FileDescriptor fd() {
        return socket;
    }

    @Override
    public void handle(IoRegistration known, IoEvent event) {
        try {
            int received = Batch.AT_A_TIME;
            for (int round = 0; round < ROUNDS && received == Batch.AT_A_TIME && socket.isOpen(); round++) {
                received = receive(RECEIVED.get());
            }
            receiver.serverPaused();
        } catch (RuntimeException | OutOfMemoryError fault) {
            // It would end the loop, and with it every flow there.
            failed(fault);
        }
    }

    private int receive(Batch batch) {
        int received = batch.receive(socket);
        if (received < 0) {
            failed(Native.getLastError());
        }
        for (int i = 0; i < received && socket.isOpen(); i++) {
            receiver.serverSent(batch.received(i));
        }
        return received;
    }

    private void failed(int error) {
        switch (error) {
            case NativeSockets.EAGAIN, NativeSockets.EINTR -> {}
            case NativeSockets.ECONNREFUSED -> receiver.unreachable();
            case NativeSockets.EMSGSIZE -> receiver.dropped(DatagramDrop.TOO_LONG);
            default -> receiver.dropped(DatagramDrop.FAILED);
        }
    }

    private void failed(Throwable fault) {
        if (fault instanceof Errors.NativeIoException told
                && told.expectedErr() == Errors.ERROR_ECONNREFUSED_NEGATIVE) {
            receiver.unreachable();
        } else {
            DatagramDrop.of(fault).ifPresentOrElse(receiver::dropped, () -> receiver.end(CloseReason.ERROR));
        }
    }

    @Override
    public boolean send(ByteBuf datagram) {
        OUTGOING.get().put(this, datagram);
        return true;
    }

    @Override
    public void flush() {
        OUTGOING.get().flush(this);
    }

    private void sendAll(Batch batch, int count) {
        int sent = 0;
        while (sent < count && socket.isOpen()) {
            int more = count - sent == 1 ? 0 : batch.send(socket, sent, count - sent);
            if (more <= 0) {
                // Alone, or the first of those left could not be sent: by itself it is told why.
                sendOne(batch, sent);
                more = 1;
            }
            sent += more;
        }
    }

    private void sendOne(Batch batch, int i) {
        try {
            if (socket.sendAddress(batch.address(i), 0, batch.length(i)) == 0) {
                receiver.dropped(DatagramDrop.BACKLOG);
            }
        } catch (IOException failure) {
            failed(failure);
        }
    }

    /** Called by the loop too, when it ends or cannot watch the socket. */
    @Override
    public void close() {
        if (!socket.isOpen()) {
            return;
        }
        OUTGOING.get().forget(this);
        if (registration != null) {
            registration.cancel();
        }
        shut();
        receiver.end(CloseReason.UPSTREAM_RESET);
    }

    private void shut() {
        try {
            socket.close();
        } catch (IOException gone) {
            LOG.debug("a socket for datagrams was closed already", gone);
        }
    }
}
