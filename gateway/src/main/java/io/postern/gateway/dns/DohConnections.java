package io.postern.gateway.dns;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.postern.gateway.ingress.Clients;
import io.postern.gateway.ingress.ListenerTls;
import io.postern.gateway.meters.Counters;
import java.net.InetSocketAddress;

/**
 * Questions by HTTPS (RFC 8484): over HTTP/2 as many at a time as there are streams, over HTTP/1.1 one after the other.
 *
 * <pre>
 * tls → h2        frames → streams → requests → desk
 *     → http/1.1  requests → desk
 * </pre>
 *
 * Bounds of HTTP/2 (RFC 9113 section 10.5), each told to the codec: {@value #STREAMS} streams, {@value #HEADER_BYTES}
 * bytes of headers, 200 resets in 30 s either way, 2 empty frames of data, 16 small continuations, 1,000 answers to
 * pings and settings that wait.
 */
final class DohConnections extends ChannelInitializer<SocketChannel> {

    static final int STREAMS = 100;
    /** A question of {@link DnsStream#LONGEST} bytes in base64, a path with a tag, and what browsers send along. */
    static final int HEADER_BYTES = 8_192;

    private static final int STREAM_WINDOW = 16 * 1_024;
    private static final int COMPRESSION_TABLE = 4_096;
    private static final int PIPELINED = 16;
    private static final int RESETS = 200;
    private static final int RESET_SECONDS = 30;
    private static final int EMPTY_DATA = 2;
    private static final int SMALL_CONTINUATIONS = 16;
    private static final int CONTROL_FRAMES = 1_000;
    private static final int CLOSING_MILLIS = 1_000;

    private final DnsDesk desk;
    private final String path;
    private final Clients clients;
    private final ListenerTls tls;
    private final Counters<DnsDrop> drops;

    private DohConnections(DnsDesk desk, String path, Clients clients, ListenerTls tls, Counters<DnsDrop> drops) {
        this.desk = desk;
        this.path = path;
        this.clients = clients;
        this.tls = tls;
        this.drops = drops;
    }

    /** Of each connection that a listener takes. */
    static DohConnections initializer(
            DnsDesk desk, String path, Clients clients, ListenerTls tls, Counters<DnsDrop> drops) {
        return new DohConnections(desk, path, clients, tls, drops);
    }

    @Override
    protected void initChannel(SocketChannel channel) {
        // Gone before it was looked at, or one too many.
        if (channel.remoteAddress() == null
                || !clients.enter(channel.remoteAddress().getAddress())) {
            channel.close();
            return;
        }
        InetSocketAddress client = channel.remoteAddress();
        channel.closeFuture().addListener(closed -> clients.leave(client.getAddress()));
        channel.pipeline()
                .addLast("tls", tls.handler(channel))
                .addLast("protocol", new ApplicationProtocolNegotiationHandler(ApplicationProtocolNames.HTTP_1_1) {
                    @Override
                    protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
                        if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                            byFrames(ctx.pipeline(), client);
                        } else {
                            byLines(ctx.pipeline(), client);
                        }
                    }

                    /** What is no TLS, or TLS that nobody can agree on, is the peer's affair. */
                    @Override
                    protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
                        drops.count(DnsDrop.STREAM);
                        ctx.close();
                    }

                    /** Who finishes before it is agreed on what he speaks has asked nothing. */
                    @Override
                    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
                        if (event instanceof ChannelInputShutdownEvent) {
                            drops.count(DnsDrop.STREAM);
                            ctx.close();
                        } else {
                            super.userEventTriggered(ctx, event);
                        }
                    }

                    @Override
                    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                        ctx.close();
                    }
                });
    }

    private void byLines(ChannelPipeline pipeline, InetSocketAddress client) {
        HttpDecoderConfig bounds =
                new HttpDecoderConfig().setMaxInitialLineLength(HEADER_BYTES).setMaxHeaderSize(HEADER_BYTES);
        Patience patience = new Patience(drops);
        pipeline.addLast("http", new HttpServerCodec(bounds, PIPELINED))
                // One read may hold many of them; what is not read on waits here.
                .addLast("one-by-one", new FlowControlHandler())
                .addLast("whole", new HttpObjectAggregator(DnsStream.LONGEST, true))
                .addLast("patience", patience)
                .addLast("requests", DohRequests.one(desk, path, client, pipeline.channel(), patience, drops));
    }

    private void byFrames(ChannelPipeline pipeline, InetSocketAddress client) {
        Channel connection = pipeline.channel();
        Patience patience = new Patience(drops);
        pipeline.addLast("http2", codec())
                .addLast("patience", patience)
                .addLast("streams", new Http2MultiplexHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel stream) {
                        stream.pipeline()
                                .addLast("http", new Http2StreamFrameToHttpObjectCodec(true))
                                .addLast("whole", new HttpObjectAggregator(DnsStream.LONGEST, true))
                                .addLast(
                                        "requests",
                                        DohRequests.stream(desk, path, client, connection, patience, drops));
                    }
                }))
                .addLast("end", new Broken());
    }

    private static Http2FrameCodec codec() {
        return Http2FrameCodecBuilder.forServer()
                .initialSettings(Http2Settings.defaultSettings()
                        .maxConcurrentStreams(STREAMS)
                        .initialWindowSize(STREAM_WINDOW)
                        .headerTableSize(COMPRESSION_TABLE)
                        .maxHeaderListSize(HEADER_BYTES))
                .decoderEnforceMaxRstFramesPerWindow(RESETS, RESET_SECONDS)
                .encoderEnforceMaxRstFramesPerWindow(RESETS, RESET_SECONDS)
                .decoderEnforceMaxConsecutiveEmptyDataFrames(EMPTY_DATA)
                .decoderEnforceMaxSmallContinuationFrames(SMALL_CONTINUATIONS)
                .encoderEnforceMaxQueuedControlFrames(CONTROL_FRAMES)
                .gracefulShutdownTimeoutMillis(CLOSING_MILLIS)
                .validateHeaders(true)
                .build();
    }

    /** What breaks HTTP/2 has been answered by the codec; a client that just goes breaks nothing. */
    private final class Broken extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object read) {
            io.netty.util.ReferenceCountUtil.release(read);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (!(cause instanceof java.io.IOException)) {
                drops.count(DnsDrop.STREAM);
            }
            DnsFaults.seen(cause);
            ctx.channel().close();
        }
    }
}
