package io.postern.gateway.dns;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.Future;
import io.postern.gateway.identity.ClientCertificate;
import io.postern.gateway.identity.Identity;
import io.postern.gateway.ingress.IngressHandler;
import io.postern.gateway.meters.Counters;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Questions of one stream of HTTP/2, or of one connection of HTTP/1.1, one at a time.
 *
 * <pre>
 * GET with dns, POST of application/dns-message   200 with what the desk says, whatever that is
 * of a path that is none, or of a tag that is     404: who guesses learns nothing
 * another method, another type                    405, 415
 * no message, or one that no server answers       400
 * </pre>
 *
 * A stream is given {@value #PATIENCE_SECONDS} s until its request is whole, and as long to take the answer.
 */
final class DohRequests extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final String MESSAGE = "application/dns-message";
    private static final int PATIENCE_SECONDS = 10;

    private final DnsDesk desk;
    private final String path;
    private final InetSocketAddress client;
    private final Channel connection;
    private final Patience patience;
    private final Counters<DnsDrop> drops;
    private final boolean stream;
    private @Nullable Future<?> deadline;
    private boolean reading;
    private boolean answering;

    private DohRequests(
            DnsDesk desk,
            String path,
            InetSocketAddress client,
            Channel connection,
            Patience patience,
            Counters<DnsDrop> drops,
            boolean stream) {
        this.desk = desk;
        this.path = path;
        this.client = client;
        this.connection = connection;
        this.patience = patience;
        this.drops = drops;
        this.stream = stream;
    }

    /** Of a connection with one request after the other. */
    static DohRequests one(
            DnsDesk desk,
            String path,
            InetSocketAddress client,
            Channel connection,
            Patience patience,
            Counters<DnsDrop> drops) {
        return new DohRequests(desk, path, client, connection, patience, drops, false);
    }

    /** Of a stream with one request. */
    static DohRequests stream(
            DnsDesk desk,
            String path,
            InetSocketAddress client,
            Channel connection,
            Patience patience,
            Counters<DnsDrop> drops) {
        return new DohRequests(desk, path, client, connection, patience, drops, true);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        expect(ctx);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        calm();
    }

    /** A connection's own patience is with the whole of it. */
    private void expect(ChannelHandlerContext ctx) {
        if (stream) {
            calm();
            deadline = ctx.executor().schedule(() -> ctx.close(), PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void calm() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        calm();
        boolean keep = HttpUtil.isKeepAlive(request);
        answering = true;
        reading = true;
        if (request.decoderResult().isFailure()) {
            refuse(ctx, HttpResponseStatus.BAD_REQUEST, false);
        } else {
            take(ctx, request, keep);
        }
        reading = false;
        if (answering && !stream) {
            ctx.channel().config().setAutoRead(false);
        }
    }

    private void take(ChannelHandlerContext ctx, FullHttpRequest request, boolean keep) {
        Optional<DohPath> asked = DohPath.of(path, request.uri());
        if (asked.isEmpty()) {
            refuse(ctx, HttpResponseStatus.NOT_FOUND, keep);
            return;
        }
        boolean get = request.method().equals(HttpMethod.GET);
        if (!get && !request.method().equals(HttpMethod.POST)) {
            refuse(ctx, HttpResponseStatus.METHOD_NOT_ALLOWED, keep);
            return;
        }
        if (!get && !isMessage(request.headers().get(HttpHeaderNames.CONTENT_TYPE))) {
            refuse(ctx, HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE, keep);
            return;
        }
        Optional<ClientCertificate> certificate = IngressHandler.certificate(connection);
        Optional<Identity> tagged =
                asked.get().tag().flatMap(tag -> desk.askers().tagged(tag, certificate));
        if (asked.get().tag().isPresent() && tagged.isEmpty()) {
            refuse(ctx, HttpResponseStatus.NOT_FOUND, keep);
            return;
        }
        Optional<byte[]> message = get ? asked.get().message() : Optional.of(ByteBufUtil.getBytes(request.content()));
        if (message.isEmpty() || message.get().length > DnsStream.LONGEST) {
            refuse(ctx, HttpResponseStatus.BAD_REQUEST, keep);
            return;
        }
        patience.heard();
        desk.received(
                message.get(),
                new DnsDesk.Asked(
                        DnsTransport.DOH,
                        client,
                        desk.address(),
                        certificate,
                        tagged,
                        connection.eventLoop(),
                        (reply, seconds) -> {
                            told(ctx, reply, seconds, keep);
                            patience.answered();
                        }));
    }

    private static boolean isMessage(@Nullable String type) {
        return type != null
                && type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(MESSAGE);
    }

    private void told(ChannelHandlerContext ctx, byte[] reply, long seconds, boolean keep) {
        if (reply.length == 0) {
            refuse(ctx, HttpResponseStatus.BAD_REQUEST, keep);
            return;
        }
        FullHttpResponse response = response(HttpResponseStatus.OK, Unpooled.wrappedBuffer(reply));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, MESSAGE)
                // For this client alone: policy speaks in it. RFC 8484 section 5.1.
                .set(HttpHeaderNames.CACHE_CONTROL, seconds > 0 ? "private, max-age=" + seconds : "no-store");
        send(ctx, response, keep);
    }

    private void refuse(ChannelHandlerContext ctx, HttpResponseStatus status, boolean keep) {
        drops.count(DnsDrop.HTTP);
        FullHttpResponse response = response(status, Unpooled.EMPTY_BUFFER);
        response.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        if (status.equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
            response.headers().set(HttpHeaderNames.ALLOW, "GET, POST");
        }
        send(ctx, response, keep);
    }

    private static FullHttpResponse response(HttpResponseStatus status, ByteBuf body) {
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
        response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        return response;
    }

    private void send(ChannelHandlerContext ctx, FullHttpResponse response, boolean keep) {
        answering = false;
        if (!stream && !keep) {
            response.headers().set(HttpHeaderNames.CONNECTION, "close");
        }
        if (ctx.channel().isActive()) {
            expect(ctx);
        }
        ChannelFuture sent = ctx.writeAndFlush(response);
        if (stream) {
            return;
        }
        if (!keep) {
            sent.addListener(done -> ctx.close());
        } else if (!reading) {
            // What is answered at once would be read on from inside itself.
            ctx.channel().config().setAutoRead(true);
        }
    }

    /** A client that goes, or that breaks HTTP: the others are none the worse for it. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof java.io.IOException)) {
            drops.count(DnsDrop.HTTP);
        }
        DnsFaults.seen(cause);
        ctx.close();
    }
}
