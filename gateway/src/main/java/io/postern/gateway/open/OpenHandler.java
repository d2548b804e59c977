package io.postern.gateway.open;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import io.postern.gateway.flows.Breakage;
import io.postern.gateway.flows.LastWord;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.flows.MemoryBudget;
import io.postern.gateway.flows.Refusal;
import io.postern.gateway.ingress.Contained;
import io.postern.gateway.ingress.Tagged;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.rules.Decision;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Takes {@link Tagged}, hands down {@link Opened}: asks whether the destination may be dialled, finds its addresses,
 * judges each of them, dials those that passed, and answers the client.
 *
 * <pre>
 * asked → resolving → dialling → opened
 *    └────────┴───────────┴────→ refused
 * </pre>
 *
 * The address that was judged is the address that is dialled; nothing is looked up twice. What the client sends
 * before it has its answer is held, and reading stops at the first of it.
 */
public final class OpenHandler extends ChannelInboundHandlerAdapter implements Upstream.Listener {

    private final Targets targets;
    private final Dialer dialer;
    private final long deadlineNanos;
    private final MemoryBudget memory;
    private final Queue<Object> early = new ArrayDeque<>(2);

    private @Nullable ChannelHandlerContext ctx;
    private @Nullable Tagged tagged;
    private Dialer.@Nullable Attempt dialling;
    private int charged;
    private boolean finished;
    private @Nullable Contained contained;

    /**
     * @param memory charged for what is held
     * @param deadlineNanos for resolving and dialling together
     */
    public OpenHandler(Targets targets, Dialer dialer, MemoryBudget memory, long deadlineNanos) {
        this.targets = targets;
        this.dialer = dialer;
        this.memory = memory;
        this.deadlineNanos = deadlineNanos;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof Tagged what) {
            open(context, what);
        } else if (waiting()) {
            context.channel().config().setAutoRead(false);
            early.add(message);
            charge(message);
        } else if (contained != null) {
            hear(contained, message);
        } else {
            // Refused already, and whoever says so wants the rest of it read and dropped.
            ReferenceCountUtil.release(message);
        }
    }

    private void charge(Object message) {
        int bytes = message instanceof ByteBuf some ? some.capacity() : 0;
        if (memory.take(bytes)) {
            charged += bytes;
        } else {
            refuse(Refusal.OVERLOAD, Refusal.OVERLOAD.label());
        }
    }

    private void open(ChannelHandlerContext context, Tagged what) {
        tagged = what;
        LiveFlow flow = what.flow();
        flow.onStop(this::stopped);
        flow.within(deadlineNanos, this::late);
        targets.find(flow, context.channel().eventLoop(), new Targets.Outcome() {
            @Override
            public void found(List<InetSocketAddress> addresses) {
                dial(context, flow, addresses);
            }

            @Override
            public void refused(Refusal refusal, Decision decision) {
                flow.decided(decision);
                refuse(refusal, reason(decision, refusal));
            }
        });
    }

    private void dial(ChannelHandlerContext context, LiveFlow flow, List<InetSocketAddress> addresses) {
        if (!waiting()) {
            return;
        }
        flow.dialling(addresses.get(0));
        dialling = dialer.dial(context.channel().eventLoop(), addresses, this, new Dialer.Outcome() {
            @Override
            public void reached(Upstream upstream, InetSocketAddress address) {
                opened(context, upstream, address);
            }

            @Override
            public void failed(Refusal why) {
                refuse(why, why.label());
            }
        });
    }

    private void opened(ChannelHandlerContext context, Upstream upstream, InetSocketAddress address) {
        Tagged what = tagged;
        if (what == null || !waiting()) {
            upstream.channel().close();
            return;
        }
        what.flow().opened(address);
        try {
            what.answer().opened(context.channel());
        } catch (RuntimeException fault) {
            // Nobody else knows of the upstream yet, and whoever called hears of no exception.
            upstream.channel().close();
            exceptionCaught(context, fault);
            return;
        }
        giveBack();
        // Before those below are told: they may hold it, for want of room or for a throttle.
        context.channel().config().setAutoRead(true);
        context.fireChannelRead(new Opened(what, upstream));
        for (Object message = early.poll(); message != null; message = early.poll()) {
            context.fireChannelRead(message);
        }
        context.fireChannelReadComplete();
        if (finished) {
            context.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
        context.pipeline().remove(this);
    }

    private void late() {
        Refusal refusal = dialling == null ? Refusal.RESOLVER_TIMEOUT : Refusal.CONNECTION_TIMEOUT;
        if (dialling == null && tagged != null && waiting()) {
            tagged.flow().decided(targets.unanswered(tagged.flow()));
        }
        refuse(refusal, refusal.label());
    }

    private void stopped(CloseReason why) {
        if (why == CloseReason.ERROR) {
            refuse(Refusal.ERROR, why.label(), why);
        } else if (why != CloseReason.BLOCKED) {
            refuse(Refusal.OVERLOAD, why.label(), why);
        } else if (tagged != null) {
            refuse(Refusal.DENIED, reason(tagged.flow().decision(), Refusal.DENIED), CloseReason.REFUSED);
        }
    }

    private static String reason(Decision decision, Refusal refusal) {
        return decision.ends() ? decision.told() : refusal.label();
    }

    private void refuse(Refusal refusal, String reason) {
        refuse(refusal, reason, refusal.closes());
    }

    private void refuse(Refusal refusal, String reason, CloseReason why) {
        Tagged what = tagged;
        ChannelHandlerContext context = ctx;
        if (what == null || context == null || !waiting()) {
            return;
        }
        if (what.flow().decision().silent()) {
            giveUp();
            context.close();
        } else if (refusal == Refusal.DENIED && what.flow().decision().contains()) {
            what.answer()
                    .contained(context.channel(), what.flow(), what.request(), reason)
                    .ifPresent(this::answers);
            giveUp();
        } else {
            giveUp();
            what.answer().refused(context.channel(), what.flow(), refusal, reason);
        }
        what.flow().refused(refusal);
        what.flow().end(why);
    }

    /** Gives it what the client has said by now, and will. */
    private void answers(Contained instead) {
        contained = instead;
        for (Object message = early.poll(); message != null; message = early.poll()) {
            hear(instead, message);
        }
    }

    private static void hear(Contained instead, Object message) {
        if (message instanceof ByteBuf bytes) {
            instead.received(bytes);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    /** The client left before it had its answer: nobody is waiting for the connection. */
    private void clientGone(CloseReason why) {
        if (tagged != null && waiting()) {
            giveUp();
            tagged.flow().end(why);
        }
    }

    private boolean waiting() {
        return tagged != null && tagged.flow().live();
    }

    private void giveUp() {
        if (dialling != null) {
            dialling.abandon();
        }
        releaseEarly();
    }

    private void releaseEarly() {
        for (Object message = early.poll(); message != null; message = early.poll()) {
            ReferenceCountUtil.release(message);
        }
        giveBack();
    }

    private void giveBack() {
        memory.giveBack(charged);
        charged = 0;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        releaseEarly();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        clientGone(CloseReason.CLIENT_CLOSED);
        context.fireChannelInactive();
    }

    @Override
    @SuppressWarnings("deprecation") // ChannelInboundHandler's own method is not
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        clientGone(Breakage.reason(cause, CloseReason.CLIENT_RESET));
        context.close();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (tagged != null && LastWord.heard(context.channel(), event)) {
            // Whoever has said all may still wait for the answer: the stage that relays decides.
            finished = true;
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    // Between the connect and the next stage nothing can arrive: both happen in one turn of the loop.

    @Override
    public void upstreamSent(ByteBuf bytes) {
        bytes.release();
    }

    @Override
    public void upstreamGone() {}

    @Override
    public void upstreamBroke(Throwable cause) {}
}
