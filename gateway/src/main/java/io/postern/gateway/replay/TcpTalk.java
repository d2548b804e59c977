package io.postern.gateway.replay;

import io.postern.gateway.recognise.StreamHearing;
import io.postern.gateway.records.CloseReason;
import io.postern.tls.watch.Side;
import io.postern.wire.packet.Packet;
import io.postern.wire.tcp.TcpAnswer;
import io.postern.wire.tcp.TcpBudget;
import io.postern.wire.tcp.TcpLimits;
import io.postern.wire.tcp.TcpSink;
import io.postern.wire.tcp.TcpStream;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** The segments of one connection: both directions put in order, and shown to who recognises. */
final class TcpTalk implements Talk {

    private final ReplayFlow flow;
    private final StreamHearing hearing;
    private final TcpBudget budget;
    private final TcpStream fromClient = new TcpStream();
    private final TcpStream fromServer = new TcpStream();
    private final TcpSink clientSaid = new Said(true);
    private final TcpSink serverSaid = new Said(false);

    private boolean serverSeen;
    private boolean opening;
    private boolean closing;
    private boolean clientClosed;
    private boolean serverClosed;
    private long answered = -1;
    private CloseReason end = CloseReason.INPUT_ENDED;

    TcpTalk(ReplayFlow flow, StreamHearing hearing, TcpBudget budget) {
        this.flow = flow;
        this.hearing = hearing;
        this.budget = budget;
    }

    @Override
    public Taken packet(Packet packet, boolean byClient) {
        TcpStream own = byClient ? fromClient : fromServer;
        TcpAnswer answer = own.segment(packet, TcpLimits.DEFAULTS, budget, byClient ? clientSaid : serverSaid);
        if (answer == TcpAnswer.RENEWED) {
            return Taken.BEGINS_ANOTHER;
        }
        if (byClient) {
            fromServer.acknowledged(packet, TcpLimits.DEFAULTS, budget, serverSaid);
        } else {
            fromClient.acknowledged(packet, TcpLimits.DEFAULTS, budget, clientSaid);
        }
        note(packet, byClient);
        return Taken.YES;
    }

    private void note(Packet packet, boolean byClient) {
        boolean syn = packet.has(Packet.SYN);
        if (byClient && syn) {
            opening = true;
        }
        if (packet.has(Packet.RST) && end != CloseReason.CLIENT_RESET && end != CloseReason.UPSTREAM_RESET) {
            boolean refused = !byClient && opening && !serverSeen;
            end = refused
                    ? CloseReason.UPSTREAM_FAILED
                    : byClient ? CloseReason.CLIENT_RESET : CloseReason.UPSTREAM_RESET;
        } else if (packet.has(Packet.FIN) && end == CloseReason.INPUT_ENDED) {
            end = byClient ? CloseReason.CLIENT_CLOSED : CloseReason.UPSTREAM_CLOSED;
        }
        if (opening && !byClient && packet.has(Packet.SYN | Packet.ACK) && answered < 0) {
            answered = Math.max(0, packet.micros() - flow.startMicros);
        }
        if (packet.has(Packet.FIN)) {
            clientClosed |= byClient;
            serverClosed |= !byClient;
        }
        serverSeen |= !byClient && !packet.has(Packet.RST);
    }

    @Override
    public CloseReason end() {
        return end == CloseReason.INPUT_ENDED && opening && !serverSeen ? CloseReason.UPSTREAM_FAILED : end;
    }

    @Override
    public boolean over() {
        return end == CloseReason.CLIENT_RESET
                || end == CloseReason.UPSTREAM_RESET
                || end == CloseReason.UPSTREAM_FAILED
                || (clientClosed && serverClosed);
    }

    @Override
    public OptionalLong setupMicros() {
        return answered < 0 ? OptionalLong.empty() : OptionalLong.of(answered);
    }

    @Override
    public void close() {
        closing = true;
        fromClient.close(budget, clientSaid);
        fromServer.close(budget, serverSaid);
        hearing.close();
    }

    /** What one end said, in order. */
    private final class Said implements TcpSink {

        private final boolean client;

        Said(boolean client) {
            this.client = client;
        }

        @Override
        public void bytes(ByteBuffer bytes, int from, int to) {
            moved(to - from);
            if (hearing.over()) {
                return;
            }
            ByteBuffer view = bytes.duplicate().limit(to).position(from);
            if (client) {
                hearing.fromClient(view);
            } else {
                hearing.fromServer(view);
            }
        }

        @Override
        public void gap(int count) {
            // Before what never joined the rest nothing need have been sent.
            if (!closing) {
                moved(count);
            }
            hearing.missed(client ? Side.CLIENT : Side.SERVER, count);
        }

        private void moved(int count) {
            if (client) {
                flow.movedOut(count);
            } else {
                flow.movedIn(count);
            }
        }

        @Override
        public void end() {
            // What it means for the flow is told by the segment's flags.
        }
    }
}
