package io.postern.gateway.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.Future;
import io.postern.gateway.flows.Destination;
import io.postern.gateway.identity.ClientPrint;
import io.postern.gateway.identity.Credentials;
import io.postern.gateway.ingress.Caller;
import io.postern.gateway.ingress.Entrance;
import io.postern.wire.ip.HostText;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What TPROXY leads to one loop: known by its inner address, and sent on to where it was meant to go (E8). */
public final class TransparentDatagrams implements TransparentSocket.Receiver {

    /** Remembered by one loop. */
    private static final int REFUSED = 16_384;

    private final SessionTable<Ends> sessions;
    private final ReplySockets replies;
    private final Optional<OwnResolver> resolver;
    private final KeptSockets kept;
    /** What is answered at once leaves with the others of its batch. */
    private boolean asking;
    /** Null until it is bound. */
    private @Nullable TransparentSocket socket;

    private TransparentDatagrams(SessionTable<Ends> sessions, ReplySockets replies, Optional<OwnResolver> resolver) {
        this.sessions = sessions;
        this.replies = replies;
        this.resolver = resolver;
        this.kept = new KeptSockets(replies, () -> resolver.ifPresent(OwnResolver::full));
    }

    /**
     * @param resolver that answers instead of those that were asked; empty where questions are carried to them
     * @param address of the listener; shared by all loops
     */
    public static TransparentDatagrams open(
            Sessions sessions,
            Entrance entrance,
            Optional<OwnResolver> resolver,
            InetSocketAddress address,
            IoEventLoop loop)
            throws IOException {
        TransparentDatagrams receiver = new TransparentDatagrams(
                new SessionTable<>(sessions, entrance, loop, REFUSED),
                new ReplySockets(sessions, loop, ReplySockets::transparent),
                resolver);
        receiver.socket = TransparentSocket.open(address, loop, receiver);
        return receiver;
    }

    @Override
    public void received(Ends ends, ByteBuf datagram) {
        if (!datagram.isReadable()) {
            sessions.sessions().dropped(DatagramDrop.EMPTY);
            return;
        }
        if (resolver.isPresent() && resolver.get().takes(ends.meantPort(), datagram)) {
            ask(resolver.get(), ends, datagram);
            return;
        }
        sessions.received(ends, datagram, this::beginning);
    }

    /** Also where there is a session between these ends: what it began with excuses no question. */
    private void ask(OwnResolver answers, Ends ends, ByteBuf datagram) {
        InetSocketAddress client = ends.client();
        InetSocketAddress meant = ends.meant();
        asking = true;
        try {
            answers.ask(
                    new OwnResolver.Question(ByteBufUtil.getBytes(datagram), client, meant, sessions.loop()),
                    reply -> answer(reply, meant, client));
        } finally {
            asking = false;
        }
    }

    private void answer(byte[] reply, InetSocketAddress from, InetSocketAddress to) {
        if (reply.length > 0) {
            kept.write(reply, from, to);
        }
        if (!asking) {
            kept.flush();
        }
    }

    private SessionTable.Beginning beginning(Ends ends) {
        InetSocketAddress client = ends.client();
        InetSocketAddress meant = ends.meant();
        return new SessionTable.Beginning(
                new Caller(
                        client,
                        new Credentials.Inner(client.getAddress()),
                        Optional.empty(),
                        () -> ClientPrint.NOTHING),
                new Destination(new HostText.Literal(meant.getAddress()), meant.getPort()),
                new Back(meant, client));
    }

    @Override
    public void failed(Throwable fault) {
        DatagramDrop.of(fault).ifPresent(sessions.sessions()::dropped);
    }

    @Override
    public void unreadable() {
        sessions.sessions().dropped(DatagramDrop.MALFORMED);
    }

    @Override
    public void paused() {
        sessions.flush();
        kept.flush();
    }

    /** Done when the loop knows the socket; nothing is read before {@link #accept}. */
    public Future<IoRegistration> registered() {
        return Objects.requireNonNull(socket).registration();
    }

    public void accept() {
        Objects.requireNonNull(socket).read();
    }

    /** Takes no more; sessions go on to their end. */
    public void close() {
        sessions.loop().execute(() -> {
            if (socket != null) {
                socket.close();
            }
        });
    }

    /** Answers come from where the client sent to, wherever that was reached. */
    private final class Back implements Client {

        private final InetSocketAddress meant;
        private final InetSocketAddress to;
        private @Nullable EpollDatagramChannel socket;

        Back(InetSocketAddress meant, InetSocketAddress to) {
            this.meant = meant;
            this.to = to;
        }

        @Override
        public boolean open() {
            socket = replies.take(meant).orElse(null);
            return socket != null;
        }

        @Override
        public boolean takes() {
            if (socket != null && !socket.isWritable()) {
                socket.flush();
            }
            return socket != null && socket.isWritable();
        }

        @Override
        public void send(ByteBuf datagram) {
            if (socket == null) {
                return;
            }
            // A copy: what was read into has room for the longest datagram there is.
            ByteBuf copy = socket.alloc().directBuffer(datagram.readableBytes()).writeBytes(datagram);
            socket.write(new DatagramPacket(copy, to), socket.voidPromise());
        }

        @Override
        public void flush() {
            if (socket != null) {
                socket.flush();
            }
        }

        @Override
        public void leave() {
            if (socket != null) {
                socket = null;
                replies.giveBack(meant);
            }
        }
    }
}
