package io.postern.gateway.open;

import io.netty.channel.ChannelException;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.concurrent.Future;
import io.postern.gateway.flows.Refusal;
import io.postern.gateway.flows.Shares;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connects to one of several judged addresses, on the client's own event loop.
 *
 * <p>Happy Eyeballs (RFC 8305 section 5): the next address is tried when the one before fails or after 250 ms,
 * whichever is first; the first connection wins and the others are dropped. Whoever asks sets the overall deadline and
 * calls {@link Attempt#abandon}.
 */
public final class Dialer {

    /** Connection Attempt Delay, RFC 8305 section 8. */
    static final long NEXT_ATTEMPT_MILLIS = 250;

    /** What became of a dial. */
    public interface Outcome {
        void reached(Upstream upstream, InetSocketAddress address);

        void failed(Refusal why);
    }

    /** Makes sockets of the transport in use. */
    public interface Sockets {

        /** @param family of the address it will connect to; a socket of both families costs more */
        SocketChannel open(SocketProtocolFamily family);
    }

    private final Sockets sockets;
    private final RecvByteBufAllocator reads;
    private final Shares<InetSocketAddress> dials;
    private final Runnable crowded;

    /**
     * @param dials how many may be trying to reach one address
     * @param crowded told of each dial that is one too many
     */
    public Dialer(Sockets sockets, RecvByteBufAllocator reads, Shares<InetSocketAddress> dials, Runnable crowded) {
        this.sockets = sockets;
        this.reads = reads;
        this.dials = dials;
        this.crowded = crowded;
    }

    /**
     * @param addresses at least one, in the order to try
     * @param first listens to the upstream from its first byte on
     */
    public Attempt dial(EventLoop loop, List<InetSocketAddress> addresses, Upstream.Listener first, Outcome outcome) {
        Attempt attempt = new Attempt(loop, List.copyOf(addresses), first, outcome);
        if (dials.take(addresses.get(0))) {
            attempt.next();
        } else {
            attempt.over = true;
            crowded.run();
            outcome.failed(Refusal.OVERLOAD);
        }
        return attempt;
    }

    /** One dial; single-threaded on its loop. */
    public final class Attempt {

        private final EventLoop loop;
        private final List<InetSocketAddress> addresses;
        private final Upstream.Listener first;
        private final Outcome outcome;
        private final List<SocketChannel> pending = new ArrayList<>(1);
        private @Nullable Future<?> timer;
        private int tried;
        private boolean over;
        private Refusal lastFailure = Refusal.CONNECTION_FAILED;

        private Attempt(EventLoop loop, List<InetSocketAddress> addresses, Upstream.Listener first, Outcome outcome) {
            this.loop = loop;
            this.addresses = addresses;
            this.first = first;
            this.outcome = outcome;
        }

        /** Nobody waits any longer; the outcome is not told. */
        public void abandon() {
            if (!over) {
                over = true;
                dials.giveBack(addresses.get(0));
            }
            stopTimer();
            List.copyOf(pending).forEach(SocketChannel::close);
        }

        private void next() {
            stopTimer();
            if (over || tried == addresses.size()) {
                return;
            }
            InetSocketAddress address = addresses.get(tried++);
            try {
                connect(sockets.open(family(address)), address);
            } catch (ChannelException noSocket) {
                lost(noSocket);
            }
            // A connect that fails at once has already gone on to the next address, and its timer stands.
            if (!over && timer == null && tried < addresses.size()) {
                timer = loop.schedule(this::next, NEXT_ATTEMPT_MILLIS, TimeUnit.MILLISECONDS);
            }
        }

        /** By hand and not by a Bootstrap, which costs each flow a dozen objects and a handler that only adds another. */
        private void connect(SocketChannel channel, InetSocketAddress address) {
            pending.add(channel);
            channel.config().setAllowHalfClosure(true).setRecvByteBufAllocator(reads);
            // The caller's deadline covers all attempts; a timer for each would cost every flow.
            channel.config().setConnectTimeoutMillis(0);
            channel.pipeline().addLast("upstream", new Upstream(channel, first));
            loop.register(channel);
            channel.connect(address).addListener(done -> {
                pending.remove(channel);
                if (done.isSuccess()) {
                    won(channel, address);
                } else {
                    // Netty leaves a socket that could not connect to whoever made it.
                    channel.close();
                    lost(done.cause());
                }
            });
        }

        private void won(SocketChannel channel, InetSocketAddress address) {
            if (over) {
                channel.close();
                return;
            }
            abandon();
            outcome.reached(channel.pipeline().get(Upstream.class), address);
        }

        private void lost(Throwable cause) {
            if (over) {
                return;
            }
            lastFailure = refusal(cause);
            if (tried < addresses.size()) {
                next();
            } else if (pending.isEmpty()) {
                abandon();
                outcome.failed(lastFailure);
            }
        }

        private void stopTimer() {
            if (timer != null) {
                timer.cancel(false);
                timer = null;
            }
        }
    }

    /** The one family that a socket for this address needs. */
    public static SocketProtocolFamily family(InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
    }

    private static Refusal refusal(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        // What the native transports know by its type is a SocketException with a text in NIO.
        if (cause instanceof NoRouteToHostException || message.contains("unreachable")) {
            return Refusal.UNREACHABLE;
        }
        return cause instanceof ConnectException && message.contains("efused")
                ? Refusal.CONNECTION_REFUSED
                : Refusal.CONNECTION_FAILED;
    }
}
