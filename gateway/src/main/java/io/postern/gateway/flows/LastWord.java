package io.postern.gateway.flows;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.nio.channels.NotYetConnectedException;
import org.jspecify.annotations.Nullable;

/** How one end of a connection says that it has said all, and goes on listening; with TLS or without. */
public final class LastWord {

    private LastWord() {}

    /** Ends our half once everything written before has gone: an end that overtakes bytes loses them. */
    public static ChannelFuture say(Channel channel) {
        return channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> {
            SslHandler tls = tls(channel);
            if (tls != null) {
                tls.closeOutbound();
            } else if (channel instanceof SocketChannel socket && channel.isActive()) {
                shutdown(socket);
                // The peer's last word is then the end of all, and need not be made a half-close first.
                socket.config().setAllowHalfClosure(false);
            }
        });
    }

    /**
     * Past Netty's own shutdownOutput where the socket is at hand: that makes an exception, stack and all, for writes
     * that might still wait, and a flow's last word follows its last write.
     */
    private static void shutdown(SocketChannel channel) {
        if (channel instanceof UnixChannel unix && unix.fd() instanceof Socket socket) {
            try {
                socket.shutdown(false, true);
            } catch (IOException | NotYetConnectedException gone) {
                // The connection broke meanwhile; its own end says so.
            }
        } else {
            channel.shutdownOutput();
        }
    }

    /**
     * The same before closing altogether, to a peer that may still be sending. Over TLS the end is left to the close
     * itself: BoringSSL breaks a session that receives data after its own close_notify, and what was written with it.
     */
    public static ChannelFuture farewell(Channel channel) {
        return tls(channel) == null ? say(channel) : channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
    }

    /** Whether the peer's last word was ours too: BoringSSL ends both directions at the peer's close_notify. */
    public static boolean mute(Channel channel) {
        SslHandler tls = tls(channel);
        return tls != null && tls.engine().isOutboundDone();
    }

    /**
     * Whether a user event is the peer's last word. BoringSSL calls the whole session closed at the first record after
     * our own last word, so the event alone says nothing; then the peer's end of stream has to do.
     */
    public static boolean heard(Channel channel, Object event) {
        if (event instanceof SslCloseCompletionEvent) {
            SslHandler tls = tls(channel);
            return tls != null && tls.engine().isInboundDone();
        }
        return event instanceof ChannelInputShutdownEvent;
    }

    /** None: a reset, so that the peer can tell a cut flow from a finished one. */
    public static void reset(Channel channel) {
        if (channel instanceof SocketChannel socket && socket.isOpen()) {
            // Fails when the peer is already gone, and then there is nobody to tell.
            socket.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        ChannelHandlerContext tls = channel.pipeline().context(SslHandler.class);
        if (tls == null) {
            channel.close();
        } else {
            // From below it: TLS would say goodbye first, and the peer take that for the end.
            tls.close();
        }
    }

    /** Closes once what is written has gone. */
    public static void close(Channel channel) {
        if (channel.isActive()) {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** Bytes that are written and have not gone, as they will go. */
    public static long pending(Channel channel) {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return waiting == null ? 0 : waiting.totalPendingWriteBytes();
    }

    private static @Nullable SslHandler tls(Channel channel) {
        return channel.pipeline().get(SslHandler.class);
    }
}
