package io.postern.gateway.sniff;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.ReferenceCountUtil;
import io.postern.analytics.flow.Basis;
import io.postern.gateway.flows.Breakage;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.flows.Recognised;
import io.postern.gateway.open.Opened;
import io.postern.gateway.open.Upstream;
import io.postern.gateway.records.CloseReason;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes {@link Opened}, hands down {@link Sniffed}: watches what both ends say first.
 *
 * <p>Client bytes are held while somebody is unsure. A client that pauses undecided is given what it sent so far on its
 * way, and is watched on: some protocols wait for an answer to very little. A server that speaks first ends the
 * watching, for then the client is not who starts.
 */
public final class SniffHandler extends ChannelInboundHandlerAdapter implements Upstream.Listener {

    /**
     * How long may be watched.
     *
     * @param silence nanoseconds neither end may say anything
     * @param patience nanoseconds a client may pause undecided before its bytes are sent on
     * @param deadline nanoseconds from the first byte to an answer
     */
    public record Times(long silence, long patience, long deadline) {}

    /** Ends that are not a reset to the other side. */
    private static final Set<CloseReason> ORDERLY =
            Set.of(CloseReason.CLIENT_CLOSED, CloseReason.UPSTREAM_CLOSED, CloseReason.IDLE);

    private final Sniffers sniffers;
    private final SniffBudget budget;
    private final Times times;

    private @Nullable ChannelHandlerContext ctx;
    private @Nullable Opened opened;
    /** From its reader index on; what comes first may share its buffer with the request it came behind. */
    private @Nullable ByteBuf held;

    private int forwarded;
    private boolean passing;
    private int needed;
    private int budgeted;

    public SniffHandler(Sniffers sniffers, SniffBudget budget, Times times) {
        this.sniffers = sniffers;
        this.budget = budget;
        this.times = times;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof Opened what) {
            watch(what);
        } else if (message instanceof ByteBuf bytes && opened != null) {
            hold(context, opened, bytes);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void watch(Opened what) {
        opened = what;
        what.upstream().listener(this);
        LiveFlow flow = what.tagged().flow();
        flow.onStop(this::drop);
        flow.within(times.silence(), () -> drop(CloseReason.IDLE));
        Optional<Recognised> known = what.tagged().known();
        if (known.isPresent()) {
            decide(known.get(), Optional.empty());
        }
    }

    private void hold(ChannelHandlerContext context, Opened what, ByteBuf bytes) {
        boolean first = held == null;
        held = held == null ? bytes : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(context.alloc(), held, bytes);
        if (held.readableBytes() >= needed) {
            Sniffers.Answer answer = sniffers.ask(held.nioBuffer());
            if (answer instanceof Sniffers.Answer.Certain certain) {
                decide(certain.recognised(), Optional.empty());
                return;
            }
            needed = ((Sniffers.Answer.Unsure) answer).total();
        }
        if (!charge(held)) {
            decide(Recognised.unknown(Basis.LIMIT), Optional.empty());
        } else if (passing) {
            forward(what);
        } else if (first) {
            awaitDecision(what.tagged().flow(), what);
        }
    }

    /** Whether there is room for what is held: charged with every byte, asked about or not. */
    private boolean charge(ByteBuf all) {
        int more = all.capacity() - budgeted;
        boolean room = budget.take(more);
        if (room) {
            budgeted += more;
        }
        return room;
    }

    private void awaitDecision(LiveFlow flow, Opened what) {
        flow.within(times.patience(), () -> {
            passing = true;
            forward(what);
            flow.within(
                    times.deadline() - times.patience(),
                    () -> decide(Recognised.unknown(Basis.TIMEOUT), Optional.empty()));
        });
    }

    /** Sends on what is held, and keeps a copy to go on watching. */
    private void forward(Opened what) {
        if (held != null && forwarded < held.readableBytes()) {
            int bytes = held.readableBytes() - forwarded;
            what.tagged().flow().movedOut(bytes);
            // A copy: the cumulator may grow or move the held bytes while these are still being written.
            what.upstream().channel().writeAndFlush(held.copy(held.readerIndex() + forwarded, bytes));
            forwarded += bytes;
        }
    }

    private void decide(Recognised recognised, Optional<ByteBuf> fromServer) {
        Opened what = opened;
        ChannelHandlerContext context = ctx;
        if (what == null || context == null || !what.tagged().flow().live()) {
            fromServer.ifPresent(ByteBuf::release);
            return;
        }
        LiveFlow flow = what.tagged().flow();
        flow.awaitNothing();
        flow.recognised(recognised);
        ByteBuf rest = held;
        held = null;
        giveBack();
        if (rest != null) {
            rest.skipBytes(forwarded);
        }
        context.fireChannelRead(new Sniffed(what, recognised, Optional.ofNullable(rest), fromServer));
        context.pipeline().remove(this);
    }

    private void drop(CloseReason why) {
        Opened what = opened;
        ChannelHandlerContext context = ctx;
        if (what != null && context != null && what.tagged().flow().live()) {
            releaseHeld();
            if (ORDERLY.contains(why)) {
                what.upstream().channel().close();
                context.close();
            } else {
                what.upstream().reset();
                Upstream.reset(context.channel());
            }
            what.tagged().flow().end(why);
        }
    }

    private void giveBack() {
        budget.giveBack(budgeted);
        budgeted = 0;
    }

    private void releaseHeld() {
        if (held != null) {
            held.release();
            held = null;
        }
        giveBack();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        releaseHeld();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        drop(CloseReason.CLIENT_CLOSED);
        context.fireChannelInactive();
    }

    /** The client says nothing more: whatever it said is all there will be, and the relay passes the end on. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            decide(Recognised.unknown(Basis.END), Optional.empty());
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    @SuppressWarnings("deprecation") // ChannelInboundHandler's own method is not
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        drop(Breakage.reason(cause, CloseReason.CLIENT_RESET));
    }

    @Override
    public void upstreamSent(ByteBuf bytes) {
        decide(Recognised.unknown(Basis.SERVER_FIRST), Optional.of(bytes));
    }

    @Override
    public void upstreamFinished() {
        decide(Recognised.unknown(Basis.END), Optional.empty());
    }

    @Override
    public void upstreamGone() {
        drop(CloseReason.UPSTREAM_CLOSED);
    }

    @Override
    public void upstreamBroke(Throwable cause) {
        drop(Breakage.reason(cause, CloseReason.UPSTREAM_RESET));
    }
}
