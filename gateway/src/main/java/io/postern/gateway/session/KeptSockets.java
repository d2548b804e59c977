package io.postern.gateway.session;

import io.netty.buffer.Unpooled;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sends single answers in the names of servers. Devices ask few of them, over and over, so a loop keeps the sockets of the
 * {@value #MOST} that were asked last; each question to one more opens and closes a socket, and nothing else grows. Touched
 * only by its loop.
 */
final class KeptSockets {

    static final int MOST = 64;

    private final ReplySockets replies;
    private final Runnable full;
    /** The one used longest ago first. */
    private final Map<InetSocketAddress, EpollDatagramChannel> kept = new LinkedHashMap<>(16, 0.75f, true);

    private final Set<EpollDatagramChannel> unflushed = new LinkedHashSet<>();

    /** @param full told of each answer that is dropped, as the system takes no more */
    KeptSockets(ReplySockets replies, Runnable full) {
        this.replies = replies;
        this.full = full;
    }

    /** Leaves with the next {@link #flush}. */
    void write(byte[] answer, InetSocketAddress from, InetSocketAddress to) {
        socket(from).ifPresent(socket -> {
            if (!socket.isWritable()) {
                socket.flush();
            }
            if (socket.isWritable()) {
                socket.write(new DatagramPacket(Unpooled.wrappedBuffer(answer), to), socket.voidPromise());
                unflushed.add(socket);
            } else {
                full.run();
            }
        });
    }

    private Optional<EpollDatagramChannel> socket(InetSocketAddress from) {
        EpollDatagramChannel known = kept.get(from);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<EpollDatagramChannel> taken = replies.take(from);
        taken.ifPresent(socket -> {
            kept.put(from, socket);
            if (kept.size() > MOST) {
                giveBack(kept.keySet().iterator().next());
            }
        });
        return taken;
    }

    private void giveBack(InetSocketAddress from) {
        EpollDatagramChannel socket = kept.remove(from);
        if (socket != null) {
            // What waits in a socket goes with it.
            socket.flush();
            unflushed.remove(socket);
            replies.giveBack(from);
        }
    }

    void flush() {
        unflushed.forEach(EpollDatagramChannel::flush);
        unflushed.clear();
    }
}
