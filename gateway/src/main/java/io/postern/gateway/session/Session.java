package io.postern.gateway.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelException;
import io.netty.channel.socket.DatagramChannel;
import io.postern.analytics.flow.Protocol;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.flows.Recognised;
import io.postern.gateway.flows.Refusal;
import io.postern.gateway.meters.VerdictStage;
import io.postern.gateway.open.Dialer;
import io.postern.gateway.open.Targets;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.rules.Decision;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one client sends from one port to one destination, and what comes back: a flow without a connection.
 *
 * <pre>
 * asked → resolved → judged → open
 *    └────────┴─────────┴────→ refused      its datagrams are dropped; the client is told nothing
 * </pre>
 *
 * Asked, resolved and judged are the same questions that a connection is asked. What it speaks is seen by the first
 * datagram, before anything is sent; one that shows nothing is looked at a little longer. The far end is a socket of
 * the session's own, connected, so that nobody but the destination can answer.
 */
final class Session {

    /** Why it is over, as far as that matters for the next datagram. */
    enum End {
        DONE,
        FAILED,
        FORBIDDEN
    }

    private static final int MOST_WAITING = 16;
    /** Datagrams of the client that are looked at while nobody recognises any. */
    private static final int LOOKS = 4;
    /** Of the idle time, for who has a DNS answer is mostly done (RFC 4787 section 4.3 lets well-known ports differ). */
    private static final int DNS_PART = 10;

    private static final long DRAINING_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final SessionTable<?> table;
    private final LiveFlow flow;
    private final Client client;
    private final Consumer<End> over;

    /** Null once it is open. */
    private @Nullable Queue<ByteBuf> waiting = new ArrayDeque<>(2);

    private int charged;
    private @Nullable DatagramChannel far;
    private int looks;
    private boolean confirmed;
    private boolean draining;
    private boolean unflushed;

    /** @param over told once, when its flow has ended */
    Session(SessionTable<?> table, LiveFlow flow, Client client, Consumer<End> over) {
        this.table = table;
        this.flow = flow;
        this.client = client;
        this.over = over;
    }

    /** @param datagram owned by this method */
    void clientSent(ByteBuf datagram) {
        if (waiting != null) {
            await(waiting, datagram);
        } else if (flow.live()) {
            toServer(datagram);
        } else {
            datagram.release();
        }
    }

    private void await(Queue<ByteBuf> queue, ByteBuf datagram) {
        int bytes = datagram.capacity();
        boolean first = queue.isEmpty() && charged == 0;
        if (queue.size() == MOST_WAITING || !parts().held().take(bytes)) {
            table.sessions().dropped(DatagramDrop.WAITING);
            datagram.release();
            if (first) {
                refuse(Refusal.OVERLOAD, flow.decision());
            }
            return;
        }
        charged += bytes;
        queue.add(datagram);
        if (first) {
            ask();
        }
    }

    private Sessions.Parts parts() {
        return table.sessions().parts();
    }

    private void ask() {
        flow.onStop(this::stopped);
        flow.within(table.sessions().times().open(), () -> refuse(Refusal.RESOLVER_TIMEOUT, flow.decision()));
        parts().targets().find(flow, table.loop(), new Targets.Outcome() {
            @Override
            public void found(List<InetSocketAddress> addresses) {
                judge(addresses);
            }

            @Override
            public void refused(Refusal refusal, Decision decision) {
                refuse(refusal, decision);
            }
        });
    }

    private void judge(List<InetSocketAddress> addresses) {
        if (!flow.live() || waiting == null || waiting.isEmpty()) {
            return;
        }
        flow.dialling(addresses.get(0));
        flow.recognised(look(waiting.element()));
        Decision decision = parts().verdicts().judge(flow, VerdictStage.RECOGNISED);
        if (decision.ends()) {
            refuse(Refusal.DENIED, decision);
        } else {
            connect(addresses);
        }
    }

    private Recognised look(ByteBuf datagram) {
        looks++;
        return parts().sniffers().ask(datagram.nioBuffer());
    }

    /** Connecting a datagram socket asks nobody: it fails at once for want of a route. */
    private void connect(List<InetSocketAddress> addresses) {
        InetSocketAddress address = addresses.get(0);
        DatagramChannel channel;
        try {
            channel = table.sessions().socket(address);
            if (flow.recognised().protocol() == Protocol.QUIC) {
                PathMtu.probed(channel, Dialer.family(address));
            }
        } catch (ChannelException noSocket) {
            refuse(Refusal.CONNECTION_FAILED, flow.decision());
            return;
        }
        channel.pipeline().addLast("far", new FarEnd(this, channel));
        table.loop().register(channel);
        channel.connect(address).addListener(done -> {
            if (!flow.live()) {
                channel.close();
            } else if (done.isSuccess()) {
                opened(channel, address);
            } else {
                channel.close();
                next(addresses.subList(1, addresses.size()));
            }
        });
    }

    private void next(List<InetSocketAddress> rest) {
        if (rest.isEmpty()) {
            refuse(Refusal.UNREACHABLE, flow.decision());
        } else {
            flow.dialling(rest.get(0));
            connect(rest);
        }
    }

    private void opened(DatagramChannel channel, InetSocketAddress address) {
        far = channel;
        flow.opened(address);
        flow.onLearnt(() -> parts().verdicts().again(flow));
        flow.onStop(this::end);
        flow.onDrain(this::drain);
        flow.within(patience(), this::silent);
        Queue<ByteBuf> all = waiting;
        waiting = null;
        parts().held().giveBack(charged);
        if (all != null) {
            looks = 0;
            all.forEach(this::toServer);
        }
        flush();
    }

    private void toServer(ByteBuf datagram) {
        DatagramChannel channel = far;
        if (channel == null || !flow.live()) {
            datagram.release();
            return;
        }
        confirmed |= flow.bytesIn() > 0;
        // Its first one was looked at before it was open.
        if (looks++ > 0 && looks <= LOOKS && flow.recognised().protocol() == Protocol.UNKNOWN) {
            learn(datagram);
        }
        if (!flow.live()) {
            datagram.release();
        } else if (!channel.isWritable()) {
            table.sessions().dropped(DatagramDrop.BACKLOG);
            datagram.release();
        } else {
            flow.movedOut(datagram.readableBytes());
            channel.write(datagram, channel.voidPromise());
            if (!unflushed) {
                unflushed = true;
                table.wrote(this);
            }
        }
    }

    private void learn(ByteBuf datagram) {
        Recognised now = parts().sniffers().ask(datagram.nioBuffer());
        if (now.protocol() != Protocol.UNKNOWN) {
            flow.learnt(now);
        }
    }

    void flush() {
        unflushed = false;
        if (far != null) {
            far.flush();
        }
    }

    /** @param datagram only looked at */
    void serverSent(ByteBuf datagram) {
        int bytes = datagram.readableBytes();
        if (!flow.live()) {
            return;
        }
        if (bytes == 0) {
            table.sessions().dropped(DatagramDrop.EMPTY);
        } else if (!confirmed
                && flow.bytesIn() + bytes > flow.bytesOut() * table.sessions().amplification()) {
            table.sessions().dropped(DatagramDrop.AMPLIFICATION);
        } else if (!client.takes()) {
            table.sessions().dropped(DatagramDrop.BACKLOG);
        } else {
            boolean first = flow.bytesIn() == 0;
            flow.movedIn(bytes);
            if (first) {
                flow.within(patience(), this::silent);
            }
            client.send(datagram);
        }
    }

    void serverPaused() {
        client.flush();
    }

    /** Nobody listens there: told by ICMP, for the socket is connected. */
    void unreachable() {
        end(flow.bytesIn() > 0 ? CloseReason.UPSTREAM_RESET : CloseReason.UPSTREAM_FAILED);
    }

    void dropped(DatagramDrop why) {
        table.sessions().dropped(why);
    }

    private long patience() {
        Sessions.Times times = table.sessions().times();
        long patience = flow.bytesIn() == 0 ? times.unanswered() : times.idle();
        if (flow.bytesIn() > 0 && flow.recognised().protocol() == Protocol.DNS) {
            patience = times.idle() / DNS_PART;
        }
        return draining ? Math.min(patience, DRAINING_NANOS) : patience;
    }

    private void silent() {
        long left = patience() - flow.silentNanos();
        if (left > 0) {
            flow.within(left, this::silent);
        } else {
            end(CloseReason.IDLE);
        }
    }

    /** A session has no end of its own: one that pauses is taken to be done. */
    private void drain() {
        draining = true;
        silent();
    }

    private void stopped(CloseReason why) {
        if (why == CloseReason.BLOCKED) {
            refuse(Refusal.DENIED, flow.decision());
        } else {
            end(why);
        }
    }

    private void refuse(Refusal refusal, Decision decision) {
        if (flow.live()) {
            flow.decided(decision);
            flow.refused(refusal);
            boolean forbidden = refusal.closes() == CloseReason.REFUSED;
            end(refusal.closes(), forbidden ? End.FORBIDDEN : End.FAILED);
        }
    }

    /** Ends it, whatever its state; told to nobody but the flow's witnesses. */
    void end(CloseReason why) {
        boolean failed = why == CloseReason.UPSTREAM_FAILED || why == CloseReason.ERROR;
        end(why, why == CloseReason.BLOCKED ? End.FORBIDDEN : failed ? End.FAILED : End.DONE);
    }

    private void end(CloseReason why, End as) {
        if (!flow.live()) {
            return;
        }
        flow.end(why);
        if (waiting != null) {
            waiting.forEach(ByteBuf::release);
            waiting = null;
            parts().held().giveBack(charged);
        }
        if (far != null) {
            far.close();
        }
        client.flush();
        client.leave();
        over.accept(as);
    }
}
