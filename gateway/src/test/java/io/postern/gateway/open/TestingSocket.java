package io.postern.gateway.open;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DefaultSocketChannelConfig;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A socket without a network, in the hands of the test: whether it connects, and whether what is written goes out. */
public final class TestingSocket extends EmbeddedChannel implements SocketChannel {

    private static final InetSocketAddress NOWHERE = InetSocketAddress.createUnresolved("nowhere.test", 0);

    private @Nullable SocketChannelConfig config;
    private @Nullable ChannelPromise connecting;
    private @Nullable IOException broken;
    private boolean outputShutdown;

    /** Waits to be registered and connected. */
    public TestingSocket() {
        super(false, true);
        pipeline().addLast(new ChannelDuplexHandler() {
            @Override
            public void connect(
                    ChannelHandlerContext ctx, SocketAddress remote, SocketAddress local, ChannelPromise promise) {
                connecting = promise;
            }

            @Override
            public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                if (broken == null) {
                    ctx.write(message, promise);
                } else {
                    ReferenceCountUtil.release(message);
                    promise.setFailure(broken);
                }
            }
        });
    }

    /** The far end of a flow that is already there. */
    public static Upstream upstream(TestingSocket socket, EmbeddedChannel client, Upstream.Listener listener) {
        Upstream upstream = new Upstream(socket, listener);
        socket.pipeline().addLast("upstream", upstream);
        client.eventLoop().register(socket);
        return upstream;
    }

    /** Whether somebody waits for it to connect. */
    public boolean connecting() {
        return connecting != null;
    }

    /** The connection is made now, if anybody still wants it. */
    public void connected() {
        if (connecting != null) {
            connecting.trySuccess();
        }
    }

    /** From now on nothing that is written goes out. */
    public void breakDown() {
        broken = new IOException("Connection reset by peer");
    }

    /** All that went out since the last call, one char per byte. */
    public String sent() {
        return text(this);
    }

    /** All that a channel has sent since the last call, one char per byte. */
    public static String text(EmbeddedChannel channel) {
        StringBuilder all = new StringBuilder();
        for (Object sent = channel.readOutbound(); sent != null; sent = channel.readOutbound()) {
            ByteBuf bytes = (ByteBuf) sent;
            all.append(bytes.toString(StandardCharsets.ISO_8859_1));
            bytes.release();
        }
        return all.toString();
    }

    @Override
    public SocketChannelConfig config() {
        if (config == null) {
            config = new DefaultSocketChannelConfig(this, new Socket());
        }
        return config;
    }

    @Override
    @SuppressWarnings("NullAway") // A client's socket has none, as in Netty itself.
    public ServerSocketChannel parent() {
        return null;
    }

    @Override
    public InetSocketAddress localAddress() {
        return NOWHERE;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return NOWHERE;
    }

    @Override
    public boolean isInputShutdown() {
        return false;
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShutdown;
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public ChannelFuture shutdownInput() {
        throw new UnsupportedOperationException("nobody does");
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        throw new UnsupportedOperationException("nobody does");
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        outputShutdown = true;
        return promise.setSuccess();
    }

    @Override
    public ChannelFuture shutdown() {
        throw new UnsupportedOperationException("nobody does");
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        throw new UnsupportedOperationException("nobody does");
    }
}
