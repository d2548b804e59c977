package io.postern.gateway.admin;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the first request of a connection, then ends it: {@code answer → FIN → read until the client's FIN → close}.
 * What a client sends after its request is read and thrown away, because closing on unread bytes would make the system
 * send RST, and that can overtake the answer.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A close that fails has nobody to tell: the channel is gone either way.
final class AdminHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);

    private final AdminPages pages;
    private boolean answered;

    AdminHandler(AdminPages pages) {
        this.pages = pages;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (!answered && message instanceof HttpRequest request) {
                answered = true;
                context.writeAndFlush(pages.answer(request)).addListener(done -> finish(context, done.isSuccess()));
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private static void finish(ChannelHandlerContext context, boolean sent) {
        if (sent) {
            ((SocketChannel) context.channel()).shutdownOutput();
            context.pipeline().remove(HttpServerCodec.class);
        } else {
            context.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("an admin client went away: {}", cause.toString());
        } else {
            LOG.error("an admin request failed", cause);
        }
        context.close();
    }
}
