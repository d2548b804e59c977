package io.postern.gateway.dns;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.concurrent.Future;
import io.postern.gateway.identity.ClientCertificate;
import io.postern.gateway.ingress.Clients;
import io.postern.gateway.ingress.IngressHandler;
import io.postern.gateway.ingress.ListenerTls;
import io.postern.gateway.meters.Counters;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Questions over a connection, inside TLS where the listener has it (RFC 7858), each with its length before it (RFC 1035 section 4.2.2), answered as the answers come (RFC
 * 7766 section 6.2.1.1). At most {@value #IN_FLIGHT} are read ahead, {@value #LONGEST} bytes each; a connection on which
 * no whole question comes for {@value #PATIENCE_SECONDS} s is closed, whatever dribbles in; while answers are under way
 * that time does not run. A client that finishes has its answers first.
 *
 * <pre>
 * open → client finished → all answered → closed
 * </pre>
 */
final class DnsStream extends ChannelInboundHandlerAdapter {

    static final int IN_FLIGHT = 16;
    static final int LONGEST = 4_096;
    private static final int PATIENCE_SECONDS = 10;
    private static final int LENGTH = 2;

    private final DnsDesk desk;
    private final DnsTransport transport;
    private final InetSocketAddress server;
    private final Counters<DnsDrop> drops;
    private final Optional<Goodbye> goodbye;
    private Optional<ClientCertificate> certificate = Optional.empty();
    private boolean unseen = true;
    private int inFlight;
    private boolean reading;
    private boolean asked;
    private boolean ended;
    private boolean counted;
    private long quietSince = System.nanoTime();
    private @Nullable Future<?> deadline;

    private DnsStream(
            DnsDesk desk,
            DnsTransport transport,
            InetSocketAddress server,
            Counters<DnsDrop> drops,
            Optional<Goodbye> goodbye) {
        this.desk = desk;
        this.transport = transport;
        this.server = server;
        this.drops = drops;
        this.goodbye = goodbye;
    }

    /** Of each connection that a listener takes. */
    static ChannelInitializer<SocketChannel> initializer(
            DnsDesk desk, Clients clients, Optional<ListenerTls> tls, Counters<DnsDrop> drops) {
        return new ChannelInitializer<>() {
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
                Optional<Goodbye> goodbye = tls.map(each -> {
                    Goodbye first = new Goodbye();
                    channel.pipeline().addLast("goodbye", first).addLast("tls", each.handler(channel));
                    return first;
                });
                DnsTransport transport = tls.isPresent() ? DnsTransport.TLS : DnsTransport.TCP;
                addTo(channel.pipeline(), new DnsStream(desk, transport, desk.address(), drops, goodbye));
            }
        };
    }

    /**
     * For what comes in clear.
     *
     * @param server that the connection's client asks
     */
    static void addTo(ChannelPipeline pipeline, DnsDesk desk, InetSocketAddress server, Counters<DnsDrop> drops) {
        addTo(pipeline, new DnsStream(desk, DnsTransport.TCP, server, drops, Optional.empty()));
    }

    private static void addTo(ChannelPipeline pipeline, DnsStream stream) {
        pipeline.addLast("frame", new Frames())
                // One read may hold thousands of them; what is not read on waits here.
                .addLast("one-by-one", new FlowControlHandler())
                .addLast("dns", stream);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        look(ctx);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        ByteBuf framed = (ByteBuf) read;
        byte[] message;
        try {
            message = ByteBufUtil.getBytes(framed);
        } finally {
            framed.release();
        }
        asked = true;
        inFlight++;
        goodbye.ifPresent(each -> each.busy(true));
        InetSocketAddress client = (InetSocketAddress) ctx.channel().remoteAddress();
        if (client == null) {
            ctx.close();
            return;
        }
        reading = true;
        desk.received(
                message,
                new DnsDesk.Asked(
                        transport,
                        client,
                        server,
                        certificate(ctx),
                        Optional.empty(),
                        ctx.channel().eventLoop(),
                        (reply, seconds) -> answer(ctx, reply)));
        reading = false;
        if (inFlight >= IN_FLIGHT || !ctx.channel().isWritable()) {
            ctx.channel().config().setAutoRead(false);
        }
        closeIfOver(ctx);
    }

    /** Looked at once: it stays what it is while the connection lives. */
    private Optional<ClientCertificate> certificate(ChannelHandlerContext ctx) {
        if (transport == DnsTransport.TLS && unseen) {
            certificate = IngressHandler.certificate(ctx.channel());
            unseen = false;
        }
        return certificate;
    }

    private void answer(ChannelHandlerContext ctx, byte[] reply) {
        inFlight--;
        quietSince = System.nanoTime();
        if (reply.length > 0) {
            ByteBuf framed = ctx.alloc().buffer(LENGTH + reply.length);
            ctx.writeAndFlush(framed.writeShort(reply.length).writeBytes(reply), ctx.voidPromise());
        }
        readOn(ctx);
    }

    /** Who does not take his answers is asked nothing more. */
    private void readOn(ChannelHandlerContext ctx) {
        if (reading) {
            // What is answered at once would be read on from inside itself, as deep as there are questions.
            return;
        }
        if (inFlight < IN_FLIGHT && ctx.channel().isWritable()) {
            ctx.channel().config().setAutoRead(true);
        } else if (!ctx.channel().isWritable()) {
            ctx.channel().config().setAutoRead(false);
        }
        closeIfOver(ctx);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        readOn(ctx);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == Frames.CUT_SHORT) {
            drop();
        } else if (event instanceof ChannelInputShutdownEvent
                || (event instanceof SslCloseCompletionEvent closed && closed.isSuccess())) {
            ended = true;
            unlessAsked();
            closeIfOver(ctx);
        }
        ctx.fireUserEventTriggered(event);
    }

    /** Not from inside a read: what has come and waits is read on and answered first. */
    private void closeIfOver(ChannelHandlerContext ctx) {
        if (inFlight == 0 && ctx.channel().config().isAutoRead()) {
            goodbye.ifPresent(each -> each.busy(false));
        }
        if (ended) {
            ctx.executor().execute(() -> {
                if (inFlight == 0
                        && ctx.channel().config().isAutoRead()
                        && ctx.channel().isWritable()) {
                    // Behind the last answer.
                    ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
                }
            });
        }
    }

    /** Not once a question: most come long before the time is over. */
    private void look(ChannelHandlerContext ctx) {
        long patience = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        long left = inFlight > 0 ? patience : patience - (System.nanoTime() - quietSince);
        if (left > 0) {
            deadline = ctx.executor().schedule(() -> look(ctx), left, TimeUnit.NANOSECONDS);
        } else {
            unlessAsked();
            ctx.close();
        }
    }

    /** Whoever has had answers may leave it at that. */
    private void unlessAsked() {
        if (!asked) {
            drop();
        }
    }

    private void drop() {
        if (!counted) {
            counted = true;
            drops.count(DnsDrop.STREAM);
        }
    }

    /** What breaks the framing or is no TLS; a client that just goes breaks nothing. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof DecoderException) {
            drop();
        }
        DnsFaults.seen(cause);
        ctx.close();
    }

    /** Whole questions; tells when a client finishes amid one. */
    private static final class Frames extends LengthFieldBasedFrameDecoder {

        static final Object CUT_SHORT = new Object();

        Frames() {
            super(LENGTH + LONGEST, 0, LENGTH, 0, LENGTH);
        }

        @Override
        protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
            super.decodeLast(ctx, in, out);
            if (in.isReadable()) {
                ctx.fireUserEventTriggered(CUT_SHORT);
            }
        }
    }
}
