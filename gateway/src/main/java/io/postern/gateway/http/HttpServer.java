package io.postern.gateway.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Serves HTTP/1.1, one request a connection; its {@link Door} says what there is and for whom.
 *
 * <p>Runs on one NIO thread of its own: what it does delays no flow, and a gateway whose flow loops are stuck can still
 * say so. Clients can hold so many {@link Connections}, each for so long at most, and bodies so much room. Streams are counted by themselves.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A close that fails has nobody to tell: the channel is gone either way.
public final class HttpServer {
    static final int MAX_REQUEST_LINE = 4 * 1_024;
    static final int MAX_HEADER_BYTES = 8 * 1_024;

    private static final Duration DRAIN = Duration.ofSeconds(1);
    private static final Duration QUIET = Duration.ofMillis(20);

    private final String name;
    private final EventLoopGroup loop;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final Door door;
    private final Optional<Function<SocketChannel, SslHandler>> tls;
    private final Connections connections;
    private final Bodies bodies;
    private final AtomicBoolean closing = new AtomicBoolean();

    private volatile @Nullable Channel listening;

    /** With room for a body of each connection. */
    public HttpServer(
            String name, Door door, Connections connections, Optional<Function<SocketChannel, SslHandler>> tls) {
        this(name, door, connections, Bodies.unbounded(), tls);
    }

    /**
     * @param name of its thread, and what logs call it
     * @param tls towards the client; absent: plain text
     */
    public HttpServer(
            String name,
            Door door,
            Connections connections,
            Bodies bodies,
            Optional<Function<SocketChannel, SslHandler>> tls) {
        this.name = name;
        this.loop = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
        this.door = door;
        this.connections = connections;
        this.bodies = bodies;
        this.tls = tls;
    }

    /**
     * Starts to listen; call once.
     *
     * @param address port 0 asks the system for one
     * @return the address it listens on, or the {@link java.io.IOException} why it cannot
     */
    public CompletableFuture<InetSocketAddress> bind(InetSocketAddress address) {
        CompletableFuture<InetSocketAddress> bound = new CompletableFuture<>();
        ChannelFuture binding = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel client) {
                        client.pipeline().addLast("connections", connections);
                        tls.ifPresent(tls -> client.pipeline().addLast("tls", tls.apply(client)));
                        client.pipeline()
                                .addLast("http", new HttpServerCodec(limits()))
                                .addLast("requests", new HttpHandler(name, door, connections, bodies));
                    }
                })
                .bind(address);
        listening = binding.channel();
        binding.addListener(done -> {
            if (done.isSuccess()) {
                bound.complete((InetSocketAddress) binding.channel().localAddress());
            } else {
                bound.completeExceptionally(done.cause());
            }
        });
        return bound;
    }

    /** Stops listening, gives answers under way a second, and ends the thread. Completes when it has ended. */
    public CompletableFuture<Void> close() {
        if (closing.compareAndSet(false, true)) {
            loop.terminationFuture().addListener(ended -> closed.complete(null));
            loop.execute(this::drain);
        }
        return closed;
    }

    private void drain() {
        Channel server = listening;
        if (server != null) {
            server.close();
        }
        loop.schedule(this::end, DRAIN.toMillis(), TimeUnit.MILLISECONDS);
        connections.whenEmpty(this::end);
    }

    private void end() {
        // Without a quiet period a loop that ends itself leaves its channels open (Netty 4.2.18).
        loop.shutdownGracefully(QUIET.toMillis(), DRAIN.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static HttpDecoderConfig limits() {
        return new HttpDecoderConfig().setMaxInitialLineLength(MAX_REQUEST_LINE).setMaxHeaderSize(MAX_HEADER_BYTES);
    }
}
