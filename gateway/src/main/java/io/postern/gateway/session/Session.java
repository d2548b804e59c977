package io.postern.gateway.session;

import io.netty.buffer.ByteBuf;
import io.postern.analytics.flow.Protocol;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.flows.Refusal;
import io.postern.gateway.recognise.DatagramSniffers;
import io.postern.gateway.recognise.SessionHearing;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.rules.Decision;
import io.postern.tls.watch.Side;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What one client sends from one port to one destination, and what comes back: a flow without a connection.
 *
 * <pre>
 * opening → open → over
 *    └───────────────↑       refused: its datagrams are dropped, and the client is told nothing
 * </pre>
 *
 * The far end is a socket of the session's own, connected, so that nobody but the destination can answer. What shows
 * nothing of itself at first is looked at a little longer, and handshakes are seen behind whatever else was sent.
 *
 * @param <K> what tells sessions apart
 */
final class Session<K> implements Opening.Outcome, FarSocket.Receiver {

    /** Why it is over, as far as that matters for the next datagram. */
    enum End {
        DONE,
        FAILED,
        FORBIDDEN
    }

    /** Of the idle time, for who has a DNS answer is mostly done (RFC 4787 section 4.3 lets well-known ports differ). */
    private static final int DNS_PART = 10;

    private static final long DRAINING_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final SessionTable<K> table;
    private final K key;
    private final LiveFlow flow;
    private final Client client;
    private final SessionTable.Asked asked;

    /** Null once it is open. */
    private @Nullable Opening opening;

    private @Nullable FarSocket far;
    /** Null but in the middle of a handshake. */
    private @Nullable SessionHearing hearing;

    private byte looks;

    private boolean firstSent;
    private boolean confirmed;
    private boolean draining;
    private boolean unflushed;

    Session(SessionTable<K> table, K key, LiveFlow flow, Client client, SessionTable.Asked asked) {
        this.table = table;
        this.key = key;
        this.flow = flow;
        this.client = client;
        this.asked = asked;
        SessionHearing first = hear();
        this.hearing = first;
        this.opening = new Opening(table.sessions(), table.loop(), flow, first, this, this);
        flow.onStop(this::stopped);
    }

    /** @param datagram only looked at */
    void clientSent(ByteBuf datagram) {
        if (opening != null) {
            opening.clientSent(datagram);
        } else {
            toServer(datagram);
        }
    }

    @Override
    public void opened(FarSocket socket, InetSocketAddress address, Queue<ByteBuf> waiting) {
        far = socket;
        if (!client.open()) {
            refused(Refusal.ERROR, flow.decision());
            return;
        }
        opening = null;
        if (hearing != null) {
            heard(hearing);
        }
        flow.opened(address);
        flow.onLearnt(() -> sessions().parts().verdicts().again(flow));
        flow.onStop(this::end);
        flow.within(patience(), this::silent);
        waiting.forEach(datagram -> {
            toServer(datagram);
            datagram.release();
        });
        flush();
        if (flow.live()) {
            flow.onDrain(this::drain);
        }
    }

    private Sessions sessions() {
        return table.sessions();
    }

    private void toServer(ByteBuf datagram) {
        FarSocket socket = far;
        if (socket == null || !flow.live() || flow.condemned()) {
            return;
        }
        if (firstSent && flow.decision().onlyResolves()) {
            sessions().dropped(DatagramDrop.FORBIDDEN);
            return;
        }
        confirmed |= flow.traffic().bytesIn() > 0;
        if (firstSent && !look(Side.CLIENT, datagram)) {
            sessions().dropped(DatagramDrop.FLOOD);
            return;
        }
        // Which was looked at before it was open.
        firstSent = true;
        if (!flow.live()) {
            return;
        }
        if (!flow.traffic().passesOut(datagram.readableBytes())) {
            sessions().dropped(DatagramDrop.THROTTLED);
        } else if (!socket.send(datagram)) {
            sessions().dropped(DatagramDrop.BACKLOG);
        } else if (flow.live()) {
            flow.traffic().movedOut(datagram);
            if (!unflushed) {
                unflushed = true;
                table.wrote(this);
            }
        }
    }

    /** False when it would have to be looked at and may not: nobody sees what would then hide in it. */
    private boolean look(Side by, ByteBuf datagram) {
        int first = datagram.isReadable() ? datagram.getUnsignedByte(datagram.readerIndex()) : 0;
        if (hearing == null && !DatagramSniffers.worthwhile(by, first, looks, flow.recognised())) {
            return true;
        }
        ByteBuffer bytes = datagram.nioBuffer();
        if (by == Side.CLIENT && DatagramSniffers.begins(bytes) && !table.mayHandshake(flow)) {
            return false;
        }
        SessionHearing current = hearing == null ? hear() : hearing;
        current.datagram(by, bytes);
        heard(current);
        return true;
    }

    private SessionHearing hear() {
        return sessions().parts().sniffers().hear(flow, flow.destination().port(), looks);
    }

    /** Most is known by one datagram, and nothing is kept until the next. */
    private void heard(SessionHearing by) {
        looks = (byte) Math.min(by.looks(), Byte.MAX_VALUE);
        hearing = by;
        // What it told may have ended the flow.
        if (!by.watching() || !flow.live()) {
            stopHearing();
        }
    }

    private void stopHearing() {
        if (hearing != null) {
            hearing.close();
            hearing = null;
        }
    }

    void flush() {
        unflushed = false;
        if (far != null) {
            far.flush();
        }
    }

    @Override
    public void serverSent(ByteBuf datagram) {
        int bytes = datagram.readableBytes();
        if (!flow.live() || flow.condemned()) {
            return;
        }
        if (bytes == 0) {
            sessions().dropped(DatagramDrop.EMPTY);
        } else if (flow.traffic().bytesIn() > 0 && flow.decision().onlyResolves()) {
            // One question has one answer.
            sessions().dropped(DatagramDrop.FORBIDDEN);
        } else if (!confirmed
                && flow.traffic().bytesIn() + bytes
                        > flow.traffic().bytesOut() * sessions().amplification()) {
            sessions().dropped(DatagramDrop.AMPLIFICATION);
        } else if (!client.takes()) {
            sessions().dropped(DatagramDrop.BACKLOG);
        } else if (!flow.traffic().passesIn(bytes)) {
            sessions().dropped(DatagramDrop.THROTTLED);
        } else {
            boolean first = flow.traffic().bytesIn() == 0;
            flow.traffic().movedIn(datagram);
            if (first) {
                flow.within(patience(), this::silent);
            }
            look(Side.SERVER, datagram);
            if (flow.live()) {
                client.send(datagram);
            }
        }
    }

    @Override
    public void serverPaused() {
        client.flush();
    }

    /** Nobody listens there: told by ICMP, for the socket is connected. */
    @Override
    public void unreachable() {
        end(flow.traffic().bytesIn() > 0 ? CloseReason.UPSTREAM_RESET : CloseReason.UPSTREAM_FAILED);
    }

    @Override
    public void dropped(DatagramDrop why) {
        sessions().dropped(why);
    }

    private long patience() {
        Sessions.Times times = sessions().times();
        long patience = flow.traffic().bytesIn() == 0 ? times.unanswered() : times.idle();
        if (flow.traffic().bytesIn() > 0 && flow.recognised().protocol() == Protocol.DNS) {
            patience = times.idle() / DNS_PART;
        }
        return draining ? Math.min(patience, DRAINING_NANOS) : patience;
    }

    private void silent() {
        long left = patience() - flow.traffic().silentNanos();
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
            refused(Refusal.DENIED, flow.decision());
        } else {
            end(why);
        }
    }

    @Override
    public void refused(Refusal refusal, Decision decision) {
        if (flow.live()) {
            flow.decided(decision);
            flow.refused(refusal);
            boolean forbidden = refusal.closes() == CloseReason.REFUSED;
            end(refusal.closes(), forbidden ? End.FORBIDDEN : End.FAILED);
        }
    }

    /** Ends it, whatever its state; told to nobody but the flow's witnesses. */
    @Override
    public void end(CloseReason why) {
        boolean failed = why == CloseReason.UPSTREAM_FAILED || why == CloseReason.ERROR;
        // What policy does not forbid was cut for whose it is, and whose it is next is asked anew.
        boolean forbidden = why == CloseReason.BLOCKED && flow.decision().ends();
        end(why, forbidden ? End.FORBIDDEN : failed ? End.FAILED : End.DONE);
    }

    private void end(CloseReason why, End as) {
        if (!flow.live()) {
            return;
        }
        try {
            flow.end(why);
        } finally {
            stopHearing();
            if (opening != null) {
                opening.giveUp();
                opening = null;
            }
            if (far != null) {
                far.close();
            }
            client.flush();
            client.leave();
            table.over(
                    key,
                    as,
                    flow.standing()
                            .map(held -> new SessionTable.Asked(asked.device(), held))
                            .orElse(asked));
        }
    }
}
