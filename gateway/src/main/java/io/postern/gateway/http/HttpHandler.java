package io.postern.gateway.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.postern.gateway.flows.Source;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the first request of a connection, then ends it: {@code answer → FIN → read until the client's FIN → close}.
 * What a client sends after its request is read and thrown away, because closing on unread bytes would make the system
 * send RST, and that can overtake the answer.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A close that fails has nobody to tell: the channel is gone either way.
final class HttpHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(HttpHandler.class);

    private final String name;
    private final Door door;
    private final String id =
            String.format(Locale.ROOT, "%016x", ThreadLocalRandom.current().nextLong());
    private final Connections connections;
    private final Bodies bodies;
    private ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    private @Nullable Hold hold;
    private @Nullable HttpRequest request;
    private Door.@Nullable Admitted admitted;
    private boolean answered;
    private boolean replied;

    HttpHandler(String name, Door door, Connections connections, Bodies bodies) {
        this.name = name;
        this.door = door;
        this.connections = connections;
        this.bodies = bodies;
    }

    /** What a body takes of a room. */
    private static final class Hold {
        private final Room room;
        private final Object whose;
        private int bytes;

        Hold(Room room, Object whose) {
            this.room = room;
            this.whose = whose;
        }

        Room.Left more(int count) {
            Room.Left left = room.take(whose, count);
            bytes += left == Room.Left.ENOUGH ? count : 0;
            return left;
        }

        void giveBack() {
            room.giveBack(whose, bytes);
            bytes = 0;
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (answered) {
                return;
            }
            if (message instanceof HttpRequest head && request == null) {
                request = head;
                admit(context, head);
            }
            if (message instanceof HttpContent content && !answered) {
                take(context, content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void admit(ChannelHandlerContext context, HttpRequest head) {
        if (head.decoderResult().isFailure()) {
            send(context, unreadable(head.decoderResult().cause()));
            return;
        }
        try {
            Door.Admitted entering = door.admit(head, peer(context), id);
            hold = hold(context, entering.whose());
            admitted = entering;
            if (HttpUtil.is100ContinueExpected(head)) {
                context.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
            }
        } catch (Refused refused) {
            send(context, refused.answer());
        }
    }

    private Hold hold(ChannelHandlerContext context, Optional<String> whose) throws Refused {
        if (whose.isEmpty()) {
            return new Hold(bodies.unknown(), Source.of(address(context)));
        }
        if (!connections.know(context.channel(), whose.get())) {
            throw new Refused(crowded(
                    HttpResponseStatus.TOO_MANY_REQUESTS, "as many connections as may be are of this name already"));
        }
        return new Hold(bodies.known(), whose.get());
    }

    private static Answer crowded(HttpResponseStatus status, String detail) {
        return Answer.problem(status, detail).with("retry-after", "1");
    }

    private void take(ChannelHandlerContext context, HttpContent content) {
        if (content.decoderResult().isFailure()) {
            send(context, unreadable(content.decoderResult().cause()));
            return;
        }
        if (body.size() + content.content().readableBytes() > door.maxBody()) {
            send(context, tooLarge(door.maxBody()));
            return;
        }
        if (hold == null || !fits(context, hold.more(content.content().readableBytes()))) {
            return;
        }
        byte[] bytes = new byte[content.content().readableBytes()];
        content.content().readBytes(bytes);
        body.writeBytes(bytes);
        if (content instanceof LastHttpContent && request != null && admitted != null) {
            answer(context, admitted);
        }
    }

    private boolean fits(ChannelHandlerContext context, Room.Left left) {
        switch (left) {
            case ENOUGH -> {
                return true;
            }
            case NONE_OF_THEIRS ->
                send(
                        context,
                        crowded(
                                HttpResponseStatus.TOO_MANY_REQUESTS,
                                "as much as may wait of one sender does so already"));
            case NONE ->
                send(context, crowded(HttpResponseStatus.SERVICE_UNAVAILABLE, "as much as may wait does so already"));
        }
        connections.crowded();
        return false;
    }

    private void answer(ChannelHandlerContext context, Door.Admitted to) {
        answered = true;
        byte[] whole = body.toByteArray();
        body = new ByteArrayOutputStream(0);
        to.answer(whole).whenComplete((reply, failure) -> {
            // What is ready is sent before anything pipelined behind the request is looked at.
            if (context.executor().inEventLoop()) {
                reply(context, reply, failure);
            } else {
                context.executor().execute(() -> reply(context, reply, failure));
            }
        });
        if (!replied) {
            context.channel().config().setAutoRead(false);
        }
    }

    private void reply(ChannelHandlerContext context, @Nullable Reply reply, @Nullable Throwable failure) {
        replied = true;
        giveBack();
        context.channel().config().setAutoRead(true);
        if (reply instanceof Answer answer) {
            send(context, answer);
        } else if (reply instanceof Following following) {
            following.begin().accept(context, id);
        } else {
            LOG.error("a request failed listener={} request={}", name, id, failure);
            send(context, Answer.problem(HttpResponseStatus.INTERNAL_SERVER_ERROR, "the log says why, by the id"));
        }
    }

    private void send(ChannelHandlerContext context, Answer answer) {
        answered = true;
        giveBack();
        context.writeAndFlush(answer.response(id)).addListener(done -> finish(context, done.isSuccess()));
    }

    private void giveBack() {
        body = new ByteArrayOutputStream(0);
        if (hold != null) {
            hold.giveBack();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        // What an answer is still made of takes its room until then.
        if (!answered || replied) {
            giveBack();
        }
        context.fireChannelInactive();
    }

    private static void finish(ChannelHandlerContext context, boolean sent) {
        if (!sent) {
            context.close();
            return;
        }
        context.pipeline().remove(HttpServerCodec.class);
        SslHandler tls = context.pipeline().get(SslHandler.class);
        if (tls == null) {
            ((SocketChannel) context.channel()).shutdownOutput();
        } else {
            // close_notify, then the connection: TLS has no half-close that clients wait for.
            tls.closeOutbound().addListener(ended -> ((SocketChannel) context.channel()).shutdownOutput());
        }
    }

    private static Door.Peer peer(ChannelHandlerContext context) {
        SslHandler tls = context.pipeline().get(SslHandler.class);
        return new Door.Peer(address(context), tls == null ? Optional.empty() : certificate(tls));
    }

    private static InetAddress address(ChannelHandlerContext context) {
        return ((InetSocketAddress) context.channel().remoteAddress()).getAddress();
    }

    private static Optional<X509Certificate> certificate(SslHandler tls) {
        try {
            return tls.engine().getSession().getPeerCertificates()[0] instanceof X509Certificate shown
                    ? Optional.of(shown)
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException none) {
            return Optional.empty();
        }
    }

    static Answer tooLarge(int most) {
        return Answer.problem(
                HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, "the body must have at most " + most + " bytes");
    }

    private static Answer unreadable(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return Answer.problem(
                    HttpResponseStatus.REQUEST_URI_TOO_LONG,
                    "the request line is over " + HttpServer.MAX_REQUEST_LINE + " bytes");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return Answer.problem(
                    HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                    "the header is over " + HttpServer.MAX_HEADER_BYTES + " bytes");
        }
        return Answer.problem(HttpResponseStatus.BAD_REQUEST, "this is not HTTP/1.1 as RFC 9112 has it");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException || cause instanceof DecoderException) {
            LOG.debug("a client went away listener={}: {}", name, cause.toString());
        } else {
            LOG.error("a request failed listener={}", name, cause);
        }
        context.close();
    }
}
