package io.postern.gateway.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.postern.analytics.flow.Protocol;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.flows.Refusal;
import io.postern.gateway.meters.VerdictStage;
import io.postern.gateway.open.Targets;
import io.postern.gateway.recognise.SessionHearing;
import io.postern.gateway.rules.Decision;
import io.postern.tls.watch.Side;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * A session before its first datagram has gone: the same questions as for a connection, while a few datagrams wait.
 *
 * <pre>
 * asked → resolved → judged → opened
 *    └────────┴─────────┴────→ refused
 * </pre>
 *
 * What is spoken is seen by the first datagram, before anything is sent, and each address is judged with it.
 */
final class Opening {

    /** Told once, unless it is given up before. */
    interface Outcome {

        /** @param waiting in the order they came; the callee's */
        void opened(FarSocket far, InetSocketAddress address, Queue<ByteBuf> waiting);

        void refused(Refusal refusal, Decision decision);
    }

    private static final int MOST_WAITING = 16;
    /** Bytes; the first is let in whatever its size. */
    private static final int MOST_HELD = 16 * 1024;

    private final Sessions sessions;
    private final EventLoop loop;
    private final LiveFlow flow;
    private final FarSocket.Receiver receiver;
    private final SessionHearing hearing;
    private final Outcome outcome;
    private final Queue<ByteBuf> waiting = new ArrayDeque<>(2);
    private int charged;

    /** @param receiver told by each socket that is tried */
    Opening(
            Sessions sessions,
            EventLoop loop,
            LiveFlow flow,
            SessionHearing hearing,
            FarSocket.Receiver receiver,
            Outcome outcome) {
        this.sessions = sessions;
        this.loop = loop;
        this.flow = flow;
        this.hearing = hearing;
        this.receiver = receiver;
        this.outcome = outcome;
    }

    /** @param datagram only looked at */
    void clientSent(ByteBuf datagram) {
        int bytes = datagram.readableBytes();
        boolean first = waiting.isEmpty() && charged == 0;
        boolean room = waiting.size() < MOST_WAITING && (first || charged + bytes <= MOST_HELD);
        if (!room || !sessions.parts().held().take(bytes)) {
            sessions.dropped(DatagramDrop.WAITING);
            if (first) {
                outcome.refused(Refusal.OVERLOAD, flow.decision());
            }
            return;
        }
        charged += bytes;
        waiting.add(ByteBufAllocator.DEFAULT.directBuffer(bytes).writeBytes(datagram));
        if (first) {
            ask();
        }
    }

    private void ask() {
        flow.within(
                sessions.times().open(),
                () -> outcome.refused(
                        Refusal.RESOLVER_TIMEOUT, sessions.parts().targets().unanswered(flow)));
        sessions.parts().targets().find(flow, loop, new Targets.Outcome() {
            @Override
            public void found(List<InetSocketAddress> addresses) {
                resolved(addresses);
            }

            @Override
            public void refused(Refusal refusal, Decision decision) {
                outcome.refused(refusal, decision);
            }
        });
    }

    private void resolved(List<InetSocketAddress> addresses) {
        if (flow.live() && !waiting.isEmpty()) {
            flow.dialling(addresses.get(0));
            hearing.datagram(Side.CLIENT, waiting.element().nioBuffer());
            tryFirst(addresses);
        }
    }

    private void tryFirst(List<InetSocketAddress> addresses) {
        flow.dialling(addresses.get(0));
        Decision decision = sessions.parts().verdicts().judge(flow, VerdictStage.RECOGNISED);
        if (decision.ends()) {
            outcome.refused(Refusal.DENIED, decision);
        } else {
            connect(addresses);
        }
    }

    private void connect(List<InetSocketAddress> addresses) {
        InetSocketAddress address = addresses.get(0);
        boolean whole = flow.recognised().protocol() == Protocol.QUIC;
        Future<FarSocket> connecting = sessions.parts().far().connect(loop, address, whole, receiver);
        if (connecting.isDone()) {
            connected(connecting, addresses);
        } else {
            connecting.addListener(done -> connected(connecting, addresses));
        }
    }

    private void connected(Future<FarSocket> done, List<InetSocketAddress> addresses) {
        if (!done.isSuccess()) {
            next(addresses.subList(1, addresses.size()));
        } else if (flow.live()) {
            giveBack();
            outcome.opened(done.getNow(), addresses.get(0), waiting);
        } else {
            done.getNow().close();
        }
    }

    private void next(List<InetSocketAddress> rest) {
        if (rest.isEmpty()) {
            outcome.refused(Refusal.UNREACHABLE, flow.decision());
        } else {
            tryFirst(rest);
        }
    }

    /** Lets go of what waits. */
    void giveUp() {
        waiting.forEach(ByteBuf::release);
        waiting.clear();
        giveBack();
    }

    private void giveBack() {
        sessions.parts().held().giveBack(charged);
        charged = 0;
    }
}
