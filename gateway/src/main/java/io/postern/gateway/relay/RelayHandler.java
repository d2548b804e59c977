package io.postern.gateway.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.postern.gateway.flows.Breakage;
import io.postern.gateway.flows.LastWord;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.judge.Judged;
import io.postern.gateway.open.Upstream;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.sniff.Sniffed;
import io.postern.gateway.sniff.Tap;
import io.postern.wire.http.Forwarding;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes {@link Judged} and stays: client bytes go to the upstream, upstream bytes to the client.
 *
 * <p>Each end is read only while the other takes bytes. An end that has said all it wants is passed on as such, and the
 * other may go on for a while. A broken connection is passed on as a reset.
 *
 * <pre>
 * both open → one half closed → gone
 *     └──────────────────────────┘      idle, cut, reset
 * </pre>
 */
public final class RelayHandler extends ChannelInboundHandlerAdapter implements Upstream.Listener {

    /**
     * How long an end may be silent.
     *
     * @param idle nanoseconds without a byte either way
     * @param halfClosed the same, once one end has finished
     * @param request nanoseconds from a request's first byte to the end of its head
     */
    public record Times(long idle, long halfClosed, long request) {}

    private final Times times;
    private final Forwarding forwarding;
    private final BiConsumer<ChannelHandlerContext, ByteBuf> startOver;

    private @Nullable Channel client;
    private @Nullable Upstream upstream;
    private @Nullable LiveFlow flow;
    private Tap tap = Tap.NONE;
    private boolean clientFinished;
    private @Nullable CloseReason closing;

    /** @param startOver given a plain HTTP request that opens a flow of its own, from its first byte on */
    public RelayHandler(Times times, Forwarding forwarding, BiConsumer<ChannelHandlerContext, ByteBuf> startOver) {
        this.times = times;
        this.forwarding = forwarding;
        this.startOver = startOver;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof Judged judged) {
            if (judged.sniffed().opened().tagged().request().isPresent()) {
                HttpRelay http = new HttpRelay(times, forwarding, startOver, ctx.channel(), judged);
                ctx.pipeline().replace(this, "relay", http);
                http.begin();
            } else {
                begin(ctx.channel(), judged.sniffed());
            }
        } else if (message instanceof ByteBuf bytes && upstream != null) {
            toUpstream(upstream, bytes);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(Channel channel, Sniffed sniffed) {
        takeOver(
                channel,
                sniffed.opened().upstream(),
                sniffed.opened().tagged().flow(),
                sniffed.tap(),
                sniffed.fromClient().orElse(null),
                sniffed.fromServer().orElse(null));
    }

    /**
     * From here on bytes go both ways.
     *
     * @param watching is shown them all
     * @param fromClient received and not yet sent on
     * @param fromServer received and not yet sent on
     */
    void takeOver(
            Channel channel,
            Upstream far,
            LiveFlow live,
            Tap watching,
            @Nullable ByteBuf fromClient,
            @Nullable ByteBuf fromServer) {
        client = channel;
        upstream = far;
        flow = live;
        tap = watching;
        far.listener(this);
        live.onStop(this::reset);
        live.within(times.idle(), this::silent);
        if (fromClient != null) {
            toUpstream(far, fromClient);
            far.channel().flush();
        }
        if (fromServer != null) {
            upstreamSent(fromServer);
            channel.flush();
        }
        if (far.finished() && live.live()) {
            upstreamFinished();
        }
    }

    private void toUpstream(Upstream far, ByteBuf bytes) {
        tap.fromClient(bytes);
        if (flow == null || !flow.live()) {
            bytes.release();
            return;
        }
        flow.movedOut(bytes.readableBytes());
        far.channel().write(bytes, far.channel().voidPromise());
        if (!far.channel().isWritable() && client != null) {
            client.config().setAutoRead(false);
        }
    }

    @Override
    public void upstreamSent(ByteBuf bytes) {
        tap.fromServer(bytes);
        if (flow == null || client == null || upstream == null || !flow.live()) {
            bytes.release();
            return;
        }
        flow.movedIn(bytes.readableBytes());
        client.write(bytes, client.voidPromise());
        if (!client.isWritable()) {
            upstream.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (upstream != null) {
            upstream.channel().flush();
        }
        ctx.fireChannelReadComplete();
    }

    @Override
    public void upstreamPaused() {
        if (client != null) {
            client.flush();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (upstream != null) {
            upstream.channel().config().setAutoRead(ctx.channel().isWritable());
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void upstreamWritable(boolean writable) {
        if (client != null) {
            client.config().setAutoRead(writable);
        }
    }

    /** The client has said all: tell the server, and give it a while to finish. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (LastWord.heard(ctx.channel(), event) && upstream != null && !clientFinished) {
            clientFinished = true;
            boolean done = upstream.finished() || LastWord.mute(ctx.channel());
            finish(upstream.channel(), done, CloseReason.CLIENT_CLOSED);
        }
        ctx.fireUserEventTriggered(event);
    }

    /** The server has said all: tell the client, and give it a while to finish. */
    @Override
    public void upstreamFinished() {
        if (client != null) {
            finish(client, clientFinished, CloseReason.UPSTREAM_CLOSED);
        }
    }

    private void finish(Channel other, boolean bothDone, CloseReason why) {
        if (bothDone) {
            close(why);
            return;
        }
        if (flow != null) {
            flow.within(times.halfClosed(), this::silent);
        }
        LastWord.say(other);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        tap.close();
    }

    private void silent() {
        LiveFlow live = flow;
        if (live == null) {
            return;
        }
        boolean half = clientFinished || (upstream != null && upstream.finished());
        long patience = half ? times.halfClosed() : times.idle();
        long left = patience - live.silentNanos();
        if (left > 0) {
            live.within(left, this::silent);
        } else {
            close(CloseReason.IDLE);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        close(CloseReason.CLIENT_CLOSED);
        ctx.fireChannelInactive();
    }

    @Override
    public void upstreamGone() {
        close(CloseReason.UPSTREAM_CLOSED);
    }

    @Override
    @SuppressWarnings("deprecation") // ChannelInboundHandler's own method is not
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        reset(Breakage.reason(cause, CloseReason.CLIENT_RESET));
    }

    @Override
    public void upstreamBroke(Throwable cause) {
        reset(Breakage.reason(cause, CloseReason.UPSTREAM_RESET));
    }

    /** Closes each end once what is on its way to it is written; an end that will not take it is cut in the end. */
    private void close(CloseReason why) {
        if (flow == null || client == null || upstream == null || !flow.live()) {
            return;
        }
        if (closing == null) {
            closing = why;
            flow.within(times.halfClosed(), () -> reset(why));
            closeAfterWrites(client);
            closeAfterWrites(upstream.channel());
        }
        if (!client.isActive() && !upstream.channel().isActive()) {
            flow.end(closing);
        }
    }

    private static void closeAfterWrites(Channel channel) {
        if (channel.isActive()) {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void reset(CloseReason why) {
        if (flow != null && flow.live() && client != null && upstream != null) {
            flow.end(why);
            upstream.reset();
            LastWord.reset(client);
        }
    }
}
