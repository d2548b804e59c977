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
import io.postern.gateway.open.Upstream;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.sniff.Tap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Client bytes go to the upstream, upstream bytes to the client, until one of them ends it.
 *
 * <p>Each end is read only while the other takes bytes. An end that has said all it wants is passed on as such, and the
 * other may go on for a while. A broken connection is passed on as a reset.
 *
 * <pre>
 * both open → one half closed → gone
 *     └──────────────────────────┘      idle, cut, reset
 * </pre>
 */
final class BytesRelay extends ChannelInboundHandlerAdapter implements Upstream.Listener {

    private final RelayHandler.Times times;
    private final Channel client;
    private final Upstream upstream;
    private final LiveFlow flow;
    private final Tap tap;
    private boolean clientFinished;
    private @Nullable CloseReason closing;

    /** @param tap is shown all bytes */
    BytesRelay(RelayHandler.Times times, Channel client, Upstream upstream, LiveFlow flow, Tap tap) {
        this.times = times;
        this.client = client;
        this.upstream = upstream;
        this.flow = flow;
        this.tap = tap;
    }

    /**
     * From here on bytes go both ways.
     *
     * @param fromClient received and not yet sent on
     * @param fromServer received and not yet sent on
     */
    void begin(Optional<ByteBuf> fromClient, Optional<ByteBuf> fromServer) {
        upstream.listener(this);
        flow.onStop(this::reset);
        flow.within(times.idle(), this::silent);
        fromClient.ifPresent(bytes -> {
            toUpstream(bytes);
            upstream.channel().flush();
        });
        fromServer.ifPresent(bytes -> {
            upstreamSent(bytes);
            client.flush();
        });
        if (upstream.finished() && flow.live()) {
            upstreamFinished();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            toUpstream(bytes);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void toUpstream(ByteBuf bytes) {
        tap.fromClient(bytes);
        if (!flow.live()) {
            bytes.release();
            return;
        }
        flow.movedOut(bytes.readableBytes());
        upstream.channel().write(bytes, upstream.channel().voidPromise());
        if (!upstream.channel().isWritable()) {
            client.config().setAutoRead(false);
        }
    }

    @Override
    public void upstreamSent(ByteBuf bytes) {
        tap.fromServer(bytes);
        if (!flow.live()) {
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
        upstream.channel().flush();
        ctx.fireChannelReadComplete();
    }

    @Override
    public void upstreamPaused() {
        client.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        upstream.channel().config().setAutoRead(client.isWritable());
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void upstreamWritable(boolean writable) {
        client.config().setAutoRead(writable);
    }

    /** The client has said all: tell the server, and give it a while to finish. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (LastWord.heard(client, event) && !clientFinished) {
            clientFinished = true;
            boolean done = upstream.finished() || LastWord.mute(client);
            finish(upstream.channel(), done, CloseReason.CLIENT_CLOSED);
        }
        ctx.fireUserEventTriggered(event);
    }

    /** The server has said all: tell the client, and give it a while to finish. */
    @Override
    public void upstreamFinished() {
        finish(client, clientFinished, CloseReason.UPSTREAM_CLOSED);
    }

    private void finish(Channel other, boolean bothDone, CloseReason why) {
        if (bothDone) {
            close(why);
            return;
        }
        flow.within(times.halfClosed(), this::silent);
        LastWord.say(other);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        tap.close();
    }

    private void silent() {
        boolean half = clientFinished || upstream.finished();
        long left = (half ? times.halfClosed() : times.idle()) - flow.silentNanos();
        if (left > 0) {
            flow.within(left, this::silent);
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
        if (!flow.live()) {
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
        if (flow.live()) {
            flow.end(why);
            upstream.reset();
            LastWord.reset(client);
        }
    }
}
