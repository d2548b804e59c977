package io.postern.gateway.dns;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.Future;
import io.postern.dns.message.PortQuestion;
import io.postern.gateway.flows.Breakage;
import io.postern.gateway.flows.MemoryBudget;
import io.postern.wire.Parse;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a connection to another server's port 53 begins with: a question, and then it is answered here, or anything else,
 * and then it is a flow to that server. Holds its first bytes until that is certain, at most {@value PortQuestion#LONGEST}
 * and one read; who says nothing for a while, or too little, or for whom there is no room, has a flow.
 *
 * <pre>
 * silent → undecided → question | flow
 * </pre>
 */
final class FirstQuestion extends ChannelInboundHandlerAdapter {

    private static final PortQuestion QUESTION = new PortQuestion();

    private final MemoryBudget memory;
    private final TakenDns.Times times;
    private final Runnable questions;
    private final Runnable flow;
    private @Nullable ByteBuf held;
    private int charged;
    private int awaited;
    private @Nullable Future<?> deadline;

    /**
     * @param memory charged for what is held
     * @param questions adds behind this one what answers them
     * @param flow adds the stages of a flow
     */
    FirstQuestion(MemoryBudget memory, TakenDns.Times times, Runnable questions, Runnable flow) {
        this.memory = memory;
        this.times = times;
        this.questions = questions;
        this.flow = flow;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        // Not told on: what comes behind is not there yet.
        within(ctx, times.silent());
    }

    private void within(ChannelHandlerContext ctx, long nanos) {
        stopWaiting();
        deadline = ctx.executor().schedule(() -> flow(ctx), nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        ByteBuf bytes = (ByteBuf) read;
        boolean first = held == null;
        ByteBuf all = first ? bytes : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), held, bytes);
        held = all;
        if (all.readableBytes() < awaited) {
            hold(ctx, all, first);
            return;
        }
        Parse<Integer> parsed = QUESTION.parse(all.nioBuffer());
        if (parsed instanceof Parse.NeedMore<Integer> more) {
            awaited = more.total();
            hold(ctx, all, first);
        } else if (parsed instanceof Parse.Done<Integer>) {
            question(ctx);
        } else {
            flow(ctx);
        }
    }

    private void hold(ChannelHandlerContext ctx, ByteBuf all, boolean first) {
        int more = all.capacity() - charged;
        if (!memory.take(more)) {
            flow(ctx);
            return;
        }
        charged += more;
        if (first) {
            within(ctx, times.undecided());
        }
    }

    private void question(ChannelHandlerContext ctx) {
        questions.run();
        handDown(ctx);
        ctx.pipeline().remove(this);
    }

    private void flow(ChannelHandlerContext ctx) {
        begin(ctx);
        ctx.pipeline().remove(this);
    }

    private void begin(ChannelHandlerContext ctx) {
        flow.run();
        ctx.fireChannelActive();
        handDown(ctx);
    }

    /** Gives what was held to whom it is for. */
    private void handDown(ChannelHandlerContext ctx) {
        ByteBuf all = held;
        held = null;
        if (all != null) {
            ctx.fireChannelRead(all);
            ctx.fireChannelReadComplete();
        }
    }

    /** A client that has said all it has to say has asked nothing that is whole. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            begin(ctx);
            ctx.fireUserEventTriggered(event);
            ctx.pipeline().remove(this);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        stopWaiting();
        if (held != null) {
            held.release();
            held = null;
        }
        memory.giveBack(charged);
        charged = 0;
    }

    private void stopWaiting() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    /** A client that breaks off has nothing to be told. */
    @Override
    @SuppressWarnings("deprecation") // ChannelInboundHandler's own method is not
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Breakage.byPeer(cause);
        ctx.close();
    }
}
