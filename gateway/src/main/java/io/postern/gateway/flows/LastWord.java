package io.postern.gateway.flows;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;

/** How one end of a connection says that it has said all, and goes on listening; with TLS or without. */
public final class LastWord {

    private LastWord() {}

    /** Ends our half once everything written before has gone: an end that overtakes bytes loses them. */
    public static ChannelFuture say(Channel channel) {
        return channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> {
            SslHandler tls = channel.pipeline().get(SslHandler.class);
            if (tls != null) {
                tls.closeOutbound();
            } else if (channel instanceof DuplexChannel duplex && channel.isActive()) {
                duplex.shutdownOutput();
            }
        });
    }

    /** Whether a user event is the peer's last word. */
    public static boolean heard(Object event) {
        return event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent;
    }
}
