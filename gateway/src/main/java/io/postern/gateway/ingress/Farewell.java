package io.postern.gateway.ingress;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.postern.gateway.flows.LastWord;
import java.util.concurrent.TimeUnit;

/**
 * Says a last word and closes, so that the word arrives. Closing a socket with unread input resets the connection, and
 * a reset overtakes the answer; so what the client is still sending is read and dropped for a moment.
 */
final class Farewell extends ChannelInboundHandlerAdapter {

    private static final long PATIENCE_SECONDS = 2;
    private static final long MAX_DROPPED = 1 << 20;

    private long dropped;

    private Farewell() {}

    /** @param word owned by this method */
    static void say(Channel client, ByteBuf word) {
        if (!client.isActive()) {
            word.release();
            return;
        }
        ChannelHandlerContext tls = client.pipeline().context(SslHandler.class);
        // As near to the client as can be: no stage hears it any more.
        if (tls == null) {
            client.pipeline().addFirst("farewell", (ChannelHandler) new Farewell());
        } else {
            client.pipeline().addAfter(tls.name(), "farewell", (ChannelHandler) new Farewell());
        }
        client.config().setAutoRead(true);
        Future<?> end = client.eventLoop().schedule(() -> client.close(), PATIENCE_SECONDS, TimeUnit.SECONDS);
        client.closeFuture().addListener(closed -> end.cancel(false));
        client.write(word, client.voidPromise());
        LastWord.farewell(client);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            dropped += bytes.readableBytes();
        }
        ReferenceCountUtil.release(message);
        if (dropped > MAX_DROPPED) {
            ctx.close();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (LastWord.heard(ctx.channel(), event)) {
            ctx.close();
        }
    }

    @Override
    @SuppressWarnings("deprecation") // ChannelInboundHandler's own method is not
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
