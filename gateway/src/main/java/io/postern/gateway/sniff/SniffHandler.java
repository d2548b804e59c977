package io.postern.gateway.sniff;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.postern.analytics.flow.Basis;
import io.postern.gateway.flows.Breakage;
import io.postern.gateway.flows.LastWord;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.flows.MemoryBudget;
import io.postern.gateway.flows.Recognised;
import io.postern.gateway.open.Opened;
import io.postern.gateway.open.Upstream;
import io.postern.gateway.recognise.Sniffers;
import io.postern.gateway.recognise.Tap;
import io.postern.gateway.recognise.Taps;
import io.postern.gateway.records.CloseReason;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes {@link Opened}, hands down {@link Sniffed}: watches what both ends say first.
 *
 * <p>Client bytes are held while somebody is unsure. A client that pauses undecided is given what it sent so far on its
 * way, and is watched on: some protocols wait for an answer to very little. What a server says is passed on at once, for
 * its client waits for it, unless it decides by itself: then the flow is judged before.
 */
public final class SniffHandler extends ChannelInboundHandlerAdapter implements Upstream.Listener {

    /**
     * How long may be watched.
     *
     * @param silence nanoseconds neither end may say anything
     * @param patience nanoseconds a client may pause undecided before its bytes are sent on
     * @param deadline nanoseconds from an end's first byte to an answer
     */
    public record Times(long silence, long patience, long deadline) {}

    /** Ends that are not a reset to the other side. */
    private static final Set<CloseReason> ORDERLY =
            Set.of(CloseReason.CLIENT_CLOSED, CloseReason.UPSTREAM_CLOSED, CloseReason.IDLE);

    private final Heard heard;
    private final Taps taps;
    private final Times times;

    private @Nullable ChannelHandlerContext ctx;
    private @Nullable Opened opened;
    private int forwarded;
    private boolean passing;

    public SniffHandler(Sniffers sniffers, Taps taps, MemoryBudget budget, Times times) {
        this.heard = new Heard(sniffers, budget);
        this.taps = taps;
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
        flow.onRelease(this::released);
        flow.within(times.silence(), this::silent);
        Optional<Recognised> known = what.tagged().known(taps.paths());
        if (known.isPresent()) {
            decide(known.get(), Optional.empty());
        } else if (flow.traffic().heldOut() || flow.traffic().heldIn()) {
            released();
        }
    }

    /** It has changed what may be read. */
    private void released() {
        ChannelHandlerContext context = ctx;
        Opened what = opened;
        if (context == null || what == null || context.isRemoved()) {
            return;
        }
        LiveFlow flow = what.tagged().flow();
        context.channel().config().setAutoRead(!flow.traffic().heldOut());
        what.upstream()
                .channel()
                .config()
                .setAutoRead(context.channel().isWritable() && !flow.traffic().heldIn());
        if (passing) {
            forward(what);
        }
    }

    private void silent() {
        if (opened == null) {
            return;
        }
        LiveFlow flow = opened.tagged().flow();
        if (flow.traffic().heldOut() || flow.traffic().heldIn()) {
            // It is not let say anything.
            flow.within(times.silence(), this::silent);
        } else {
            flow.recognised(Recognised.unknown(Basis.TIMEOUT));
            drop(CloseReason.IDLE);
        }
    }

    private void hold(ChannelHandlerContext context, Opened what, ByteBuf bytes) {
        boolean first = heard.client() == null;
        Optional<Recognised> known = heard.client(context.alloc(), bytes);
        if (known.isPresent()) {
            decide(known.get(), Optional.empty());
        } else if (passing) {
            forward(what);
        } else if (first) {
            awaitDecision(what.tagged().flow(), what);
        }
    }

    @Override
    public void upstreamSent(ByteBuf bytes) {
        ChannelHandlerContext context = ctx;
        Opened what = opened;
        if (context == null || what == null || !what.tagged().flow().live()) {
            bytes.release();
            return;
        }
        boolean first = heard.nothing();
        Optional<Recognised> known = heard.server(context.alloc(), bytes);
        if (known.isPresent()) {
            decide(known.get(), Optional.of(bytes));
            return;
        }
        if (first) {
            what.tagged().flow().within(times.deadline(), this::late);
        }
        toClient(context.channel(), what, bytes);
    }

    private static void toClient(Channel client, Opened what, ByteBuf bytes) {
        LiveFlow flow = what.tagged().flow();
        if (flow.condemned()) {
            bytes.release();
            return;
        }
        flow.traffic().movedIn(bytes);
        client.writeAndFlush(bytes, client.voidPromise());
        if (!client.isWritable() || flow.traffic().heldIn()) {
            what.upstream().channel().config().setAutoRead(false);
        }
    }

    private void awaitDecision(LiveFlow flow, Opened what) {
        flow.within(times.patience(), () -> {
            passing = true;
            forward(what);
            flow.within(times.deadline() - times.patience(), this::late);
        });
    }

    private void late() {
        decide(Recognised.unknown(Basis.TIMEOUT), Optional.empty());
    }

    /** Sends on what is held, and keeps a copy to go on watching. */
    private void forward(Opened what) {
        ByteBuf held = heard.client();
        LiveFlow flow = what.tagged().flow();
        if (held != null
                && forwarded < held.readableBytes()
                && !flow.condemned()
                && !flow.traffic().heldOut()) {
            int bytes = held.readableBytes() - forwarded;
            flow.traffic().movedOut(held.slice(held.readerIndex() + forwarded, bytes));
            // A copy: the cumulator may grow or move the held bytes while these are still being written.
            what.upstream().channel().writeAndFlush(held.copy(held.readerIndex() + forwarded, bytes));
            forwarded += bytes;
            if (flow.traffic().heldOut() && ctx != null) {
                ctx.channel().config().setAutoRead(false);
            }
        }
    }

    private void decide(Recognised recognised, Optional<ByteBuf> unsent) {
        Opened what = opened;
        ChannelHandlerContext context = ctx;
        if (what == null || context == null || !what.tagged().flow().live()) {
            unsent.ifPresent(ByteBuf::release);
            return;
        }
        LiveFlow flow = what.tagged().flow();
        // Nobody waits any more, but a fault further down must not leave a flow that nothing ends.
        flow.within(times.deadline(), () -> drop(CloseReason.ERROR));
        if (heard.crowded()) {
            flow.crowdedOut();
        }
        flow.recognised(recognised);
        Tap tap = what.tagged().request().isPresent() ? taps.frames(flow) : taps.on(flow, recognised);
        Optional<ByteBuf> rest = heard.take();
        rest.ifPresent(held -> {
            // What has gone out undecided was part of a dialogue too.
            tap.fromClient(held.nioBuffer(held.readerIndex(), forwarded));
            held.skipBytes(forwarded);
        });
        context.fireChannelRead(new Sniffed(what, recognised, rest, unsent, tap));
        context.pipeline().remove(this);
    }

    private void drop(CloseReason why) {
        Opened what = opened;
        ChannelHandlerContext context = ctx;
        if (what != null && context != null && what.tagged().flow().live()) {
            heard.release();
            what.tagged().flow().end(why);
            if (ORDERLY.contains(why)) {
                what.upstream().channel().close();
                context.close();
            } else {
                what.upstream().reset();
                LastWord.reset(context.channel());
            }
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        heard.release();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (opened != null && opened.upstream().finished() && heard.client() != null) {
            // Both have said all; what the client said last is not lost for that.
            decide(Recognised.unknown(Basis.END), Optional.empty());
        } else {
            drop(CloseReason.CLIENT_CLOSED);
        }
        context.fireChannelInactive();
    }

    /** The client says nothing more: whatever it said is all there will be, and the relay passes the end on. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (LastWord.heard(context.channel(), event)) {
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
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (opened != null) {
            boolean reads = context.channel().isWritable()
                    && !opened.tagged().flow().traffic().heldIn();
            opened.upstream().channel().config().setAutoRead(reads);
        }
        context.fireChannelWritabilityChanged();
    }

    /**
     * The server says nothing more: its client is told, and is watched on, for it may still say what decides. Else any
     * server could end all watching by a half-close.
     */
    @Override
    public void upstreamFinished() {
        ChannelHandlerContext context = ctx;
        if (context != null && opened != null && opened.tagged().flow().live()) {
            LastWord.say(context.channel());
        }
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
