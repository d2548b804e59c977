package io.postern.gateway.collector;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.postern.config.CollectorSettings;
import io.postern.gateway.owners.OwnerReport;
import io.postern.wire.Parse;
import io.postern.wire.capture.PcapHeader;
import io.postern.wire.capture.PcapHeaderParser;
import io.postern.wire.capture.PcapRecord;
import io.postern.wire.capture.PcapRecordParser;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The collectors at their sockets, all on one NIO thread of their own. A connection of one device takes the place of the one
 * before from the same address.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A close that fails has nobody to tell: the channel is gone either way.
public final class CollectorServer {

    private static final Logger LOG = LoggerFactory.getLogger(CollectorServer.class);

    /** Of all collectors; each holds a record that is not whole yet, 65 KiB at most. */
    static final int MOST_CONNECTIONS = 256;

    private static final int LARGEST_DATAGRAM = 65_535;

    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("collectors", true), NioIoHandler.newFactory());
    private final List<CollectorSettings> settings;
    private final Clock clock;
    private final Consumer<OwnerReport> reports;
    private final Consumer<PacketResult> results;
    private final Map<String, Channel> bound = new LinkedHashMap<>();

    /** By where it comes from; touched on the loop only. */
    private final Map<Object, Channel> connections = new LinkedHashMap<>();

    public CollectorServer(
            List<CollectorSettings> settings,
            Clock clock,
            Consumer<OwnerReport> reports,
            Consumer<PacketResult> results) {
        this.settings = List.copyOf(settings);
        this.clock = clock;
        this.reports = reports;
        this.results = results;
    }

    /** Starts to listen; call once. Blocks until all do. */
    public void open() throws IOException {
        for (CollectorSettings collector : settings) {
            PcapDroid captures = new PcapDroid(collector, clock, reports, results);
            InetSocketAddress address = collector.bind().socketAddress();
            ChannelFuture binding = (collector.protocol() == CollectorSettings.Protocol.UDP
                            ? datagrams(captures).bind(address)
                            : streams(captures).bind(address))
                    .awaitUninterruptibly();
            if (!binding.isSuccess()) {
                throw new IOException(
                        "collector " + collector.name() + ": cannot bind " + address + ": "
                                + binding.cause().getMessage(),
                        binding.cause());
            }
            bound.put(collector.name(), binding.channel());
        }
    }

    private Bootstrap datagrams(PcapDroid captures) {
        return new Bootstrap()
                .group(loop)
                .channel(NioDatagramChannel.class)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(LARGEST_DATAGRAM))
                .handler(new Datagrams(captures));
    }

    private ServerBootstrap streams(PcapDroid captures) {
        return new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel client) {
                        accept(captures, client);
                    }
                });
    }

    private void accept(PcapDroid captures, SocketChannel client) {
        Optional<CollectorSettings.Device> device =
                captures.device(client.remoteAddress().getAddress());
        if (device.isEmpty()) {
            client.close();
            return;
        }
        Object place = List.of(captures, client.remoteAddress().getAddress());
        Channel before = connections.remove(place);
        if (before != null) {
            before.close();
        }
        if (connections.size() >= MOST_CONNECTIONS) {
            results.accept(PacketResult.TOO_MANY);
            client.close();
            return;
        }
        connections.put(place, client);
        client.closeFuture().addListener(closed -> connections.remove(place, client));
        client.pipeline().addLast("capture", new Streamed(captures, device.get()));
    }

    /** Where each listens, by its name. */
    public Map<String, InetSocketAddress> addresses() {
        Map<String, InetSocketAddress> addresses = new LinkedHashMap<>();
        bound.forEach((name, channel) -> addresses.put(name, (InetSocketAddress) channel.localAddress()));
        return addresses;
    }

    public void close() {
        bound.values().forEach(channel -> channel.close().awaitUninterruptibly());
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private static void failed(Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("a capture broke off: {}", cause.toString());
        } else {
            LOG.error("a capture could not be read", cause);
        }
    }

    private static final class Datagrams extends SimpleChannelInboundHandler<DatagramPacket> {

        private final PcapDroid captures;

        Datagrams(PcapDroid captures) {
            this.captures = captures;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            captures.device(packet.sender().getAddress())
                    .ifPresent(
                            device -> captures.datagram(device, packet.content().nioBuffer()));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            failed(cause);
        }
    }

    /** A capture as a stream: its header, then records. What breaks its format ends it. */
    private final class Streamed extends ByteToMessageDecoder {

        private final PcapDroid captures;
        private final CollectorSettings.Device device;
        private @Nullable PcapRecordParser records;

        Streamed(PcapDroid captures, CollectorSettings.Device device) {
            this.captures = captures;
            this.device = device;
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
            ByteBuffer bytes = in.nioBuffer();
            if (records == null) {
                begin(context, in, new PcapHeaderParser().parse(bytes));
                return;
            }
            Parse<PcapRecord> parse = records.parse(bytes);
            if (parse instanceof Parse.Done<PcapRecord> done) {
                captures.record(device, done.value(), bytes);
                in.skipBytes(done.consumed());
            } else if (!(parse instanceof Parse.NeedMore)) {
                refuse(context, in);
            }
        }

        private void begin(ChannelHandlerContext context, ByteBuf in, Parse<PcapHeader> parse) {
            if (parse instanceof Parse.Done<PcapHeader> done && done.value().linkType() == PcapHeader.ETHERNET) {
                records = new PcapRecordParser(done.value());
                in.skipBytes(done.consumed());
            } else if (!(parse instanceof Parse.NeedMore)) {
                refuse(context, in);
            }
        }

        private void refuse(ChannelHandlerContext context, ByteBuf in) {
            results.accept(PacketResult.MALFORMED);
            in.skipBytes(in.readableBytes());
            context.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            failed(cause);
            context.close();
        }
    }
}
