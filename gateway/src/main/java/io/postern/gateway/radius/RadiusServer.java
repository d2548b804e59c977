package io.postern.gateway.radius;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.postern.config.GatewaySettings;
import io.postern.gateway.identity.AssignedAddresses;
import io.postern.wire.radius.RadiusPacket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The accounting server at its socket, on one NIO thread of its own: nobody's flood of packets delays a flow. */
@SuppressWarnings("FutureReturnValueIgnored") // An answer that cannot be sent is asked for again.
public final class RadiusServer {

    private static final Logger LOG = LoggerFactory.getLogger(RadiusServer.class);

    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("radius", true), NioIoHandler.newFactory());
    private final GatewaySettings.Radius settings;
    private final RadiusAccounting accounting;
    private final SessionFile file;

    private volatile @Nullable Channel channel;

    /**
     * Knows the sessions again that are in the file.
     *
     * @param addresses where owners are put
     * @param kept where sessions are kept over restarts
     * @throws IOException when a secret or the file cannot be read
     */
    public RadiusServer(
            GatewaySettings.Radius settings,
            AssignedAddresses addresses,
            Path kept,
            Clock clock,
            Consumer<RadiusResult> results)
            throws IOException {
        this.settings = settings;
        this.accounting = new RadiusAccounting(settings, addresses, clock, results);
        this.file = new SessionFile(kept);
        file.read(accounting::restore);
    }

    /** Starts to listen, and to keep what is said; call once. Blocks until it does. */
    public void open() throws IOException {
        file.write(accounting.sessions().all());
        accounting.sessions().keep(file::add);
        InetSocketAddress address = settings.bind().socketAddress();
        ChannelFuture binding = new Bootstrap()
                .group(loop)
                .channel(NioDatagramChannel.class)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(RadiusPacket.MOST))
                .handler(new Answering())
                .bind(address)
                .awaitUninterruptibly();
        if (!binding.isSuccess()) {
            throw new IOException(
                    "identity.radius: cannot bind " + address + ": "
                            + binding.cause().getMessage(),
                    binding.cause());
        }
        channel = binding.channel();
        loop.scheduleWithFixedDelay(this::expire, 1, 1, TimeUnit.SECONDS);
    }

    /** Where it listens; absent: it does not. */
    public Optional<InetSocketAddress> address() {
        return Optional.ofNullable(channel).map(open -> (InetSocketAddress) open.localAddress());
    }

    private void expire() {
        try {
            accounting.expire();
            file.tidy(accounting.sessions().all());
        } catch (RuntimeException e) {
            // What is scheduled and throws is never run again.
            LOG.error("sessions that are silent could not be ended", e);
        }
    }

    /** Whether an address has another owner than when this was last asked. */
    public boolean takeChanged() {
        return accounting.sessions().takeChanged();
    }

    /** Sessions that live. */
    public int sessions() {
        return accounting.sessions().size();
    }

    public void close() {
        Channel open = channel;
        if (open != null) {
            open.close().awaitUninterruptibly();
            loop.submit(file::close).awaitUninterruptibly();
        }
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private final class Answering extends SimpleChannelInboundHandler<DatagramPacket> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            InetSocketAddress from = packet.sender();
            accounting
                    .heard(from.getAddress(), ByteBufUtil.getBytes(packet.content()))
                    .ifPresent(
                            answer -> context.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(answer), from)));
        }

        /** One packet's fault, or that nobody hears an answer, ends nothing. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (cause instanceof IOException) {
                LOG.debug("an accounting client went away: {}", cause.toString());
            } else {
                LOG.error("an accounting request failed", cause);
            }
        }
    }
}
