package io.postern.gateway.open;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.postern.gateway.flows.LastWord;

/**
 * The far end of a flow. It is on the client's event loop and tells one listener what happens to it; stages change the
 * listener instead of the pipeline.
 */
public final class Upstream extends ChannelInboundHandlerAdapter {

    /** Whoever moves the flow at the moment. What a listener does not care about does nothing. */
    public interface Listener {

        /** The listener owns {@code bytes}. */
        void upstreamSent(ByteBuf bytes);

        /** No more bytes for now: the time to flush. */
        default void upstreamPaused() {}

        /** The server will send nothing more, and still listens. Also kept: {@link Upstream#finished}. */
        default void upstreamFinished() {}

        /** The connection is gone. */
        void upstreamGone();

        /** The connection broke. */
        void upstreamBroke(Throwable cause);

        /** The server takes bytes again, or does not. */
        default void upstreamWritable(boolean writable) {}
    }

    private final SocketChannel channel;
    private Listener listener;
    private boolean finished;

    Upstream(SocketChannel channel, Listener first) {
        this.channel = channel;
        this.listener = first;
    }

    public void listener(Listener next) {
        listener = next;
    }

    public SocketChannel channel() {
        return channel;
    }

    /** Whether the server has ended its half. */
    public boolean finished() {
        return finished;
    }

    /** Sends a reset instead of an orderly end. */
    public void reset() {
        LastWord.reset(channel);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            listener.upstreamSent(bytes);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        listener.upstreamPaused();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            finished = true;
            listener.upstreamFinished();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        listener.upstreamGone();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        listener.upstreamWritable(channel.isWritable());
    }

    @Override
    @SuppressWarnings("deprecation") // ChannelInboundHandler's own method is not
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        listener.upstreamBroke(cause);
    }
}
